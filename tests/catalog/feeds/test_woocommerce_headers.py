from pathlib import Path

import pytest
import yaml

from catalog.feeds import woocommerce_headers
from catalog.feeds.woocommerce_headers import english

HEADERS = yaml.safe_load(Path(woocommerce_headers.__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Regular price", "regular price"), ("In stock?", "in stock"), ("Weight (kg)", "weight (kg)"), ("Attribute 12 value(s)", "attribute 12 value(s)"),
        ("Regulärer Preis", "regular price"), ("Gewicht (g)", "weight (g)"), ("Attribut 2 Wert(e)", "attribute 2 value(s)"), ("Vorrätig?", "in stock"),
        ("En stock\u202f?", "in stock"), ("Valeur(s) de l'attribut 1 ", "attribute 1 value(s)"), ("Valeur(s) de l’attribut 1", "attribute 1 value(s)"),
        ("¿Existencias?", "in stock"), ("Atributo visible 3", "attribute 3 visible"), ("Prezzo di listino", "regular price"), ("Op voorraad?", "in stock"),
        ("Preço", "regular price"), ("Valores do atributo 1", "attribute 1 value(s)"), ("有货？", "in stock"), ("重量(公斤)", "weight (公斤)"),
        ("宽度 (厘米)", "width (厘米)"), ("属性 1 名称", "attribute 1 name"), ("GTIN, UPC, EAN oder ISBN", "gtin"), ("Meta: _sku_2", "meta: sku 2"), ("Farbe", "farbe"),
    ],
)  # fmt: skip
def test_a_column_is_known_in_the_language_of_the_shop(column: str, name: str) -> None:
    assert english(column) == name


def test_no_name_means_one_column_in_one_language_and_another_in_the_next() -> None:
    said = {(form, name) for language in HEADERS.values() for name, forms in language.items() for form in forms}
    assert len({form for form, _ in said}) == len(said)


@pytest.mark.parametrize("language", HEADERS)
def test_each_language_has_what_an_import_cannot_do_without(language: str) -> None:
    assert HEADERS[language].keys() >= {
        "name",
        "regular price",
        "in stock",
        "attribute %d name",
        "attribute %d value(s)",
    }
