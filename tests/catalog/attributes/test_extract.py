import pytest

from catalog import Extracted, extracted, sentences
from tests.catalog.conftest import demo_rows, product


def _facts(title: str, description: str = "", **fields: object) -> set[tuple[str, str]]:
    return {(one.name, one.value) for one in extracted(product(title=title, description=description, **fields))}


@pytest.mark.parametrize(
    ("sentence", "fact"),
    [
        ("It weighs 1.2 kg.", ("Weight", "1.2 kg")), ("Weighs just 12 oz, so it hides in a bag.", ("Weight", "12 oz")),
        ("At 1.2 kg light, it goes anywhere.", ("Weight", "1.2 kg")), ("Weight: about 2 lb 4 oz.", ("Weight", "about 2 lb 4 oz")),
        ("Holds up to 500 ml.", ("Capacity", "up to 500 ml")), ("Its capacity is 1.5 litres.", ("Capacity", "1.5 litres")),
        ("Supports up to 120 kg.", ("Load capacity", "up to 120 kg")), ("Rated for 15 kg.", ("Load capacity", "15 kg")),
        ("Max rider weight is 100 kg.", ("Load capacity", "100 kg")),
        ("Measures 30 x 20 x 10 cm.", ("Dimensions", "30 x 20 x 10 cm")), ("It is 40 cm wide.", ("Width", "40 cm")),
        ("Stands 5 ft 11 in tall.", ("Height", "5 ft 11 in")), ("The battery lasts 30 hours.", ("Battery life", "30 hours")),
        ("Up to 30 hours on a single charge.", ("Battery life", "Up to 30 hours")), ("A 5000 mAh battery.", ("Battery capacity", "5000 mAh")),
        ("A powerful 1,500 W motor.", ("Power", "1,500 W")), ("Operating noise is less than 45 dB.", ("Noise", "less than 45 dB")),
        ('It features a 15.6" display.', ("Screen size", '15.6"')), ("With 64 GB of storage.", ("Storage capacity", "64 GB")),
        ("It is waterproof to IPX7.", ("Water resistance", "IPX7")), ("Waterproof rating: 3000 mm.", ("Water resistance", "3000 mm")),
        ("Made of 100% organic cotton.", ("Material", "100% organic cotton")), ("Machine washable.", ("Care", "Machine washable")),
        ("For ages 3 and up.", ("Age", "3 and up")), ("Recommended for children aged 3-8 years.", ("Age", "3-8 years")),
        ("Available in red, dark blue and black.", ("Color", "red, dark blue and black")),
        ("重约1.2公斤。", ("Weight", "约1.2公斤")), ("重量仅1.2公斤，带着走。", ("Weight", "仅1.2公斤")), ("容量500毫升。", ("Capacity", "500毫升")),
        ("最大承重50KG。", ("Load capacity", "50KG")), ("额定功率1500瓦。", ("Power", "1500瓦")), ("续航长达30小时。", ("Battery life", "长达30小时")),
        ("采用304不锈钢制作。", ("Material", "304不锈钢")), ("可机洗。", ("Care", "可机洗")), ("适合3岁以上。", ("Age", "3岁以上")),
    ],
)  # fmt: skip
def test_what_a_sentence_ties_to_a_quantity_is_its_attribute(sentence: str, fact: tuple[str, str]) -> None:
    assert fact in _facts("折叠水壶" if sentence[-1] == "。" else "Trestle Thing", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Fits bottles up to 500 ml.", "Holds 500 ml bottles.", "Not suitable for children under 3 years.", "It does not weigh 2 kg.",
        "Lighter than rivals, which weigh 2 kg.", "Compared with 2 kg models it is easy to carry.", "A 20 W charger is sold separately.",
        "The lid weighs 200 g.", "Comes with a 2 m long cord.", "For dogs weighing up to 20 kg.", "If it weighed 3 kg nobody would buy it.",
        "Needs a 12 V adapter.", "Replaces a 60 W bulb.", "The handle is made of beech wood.", "Not machine washable.", "The cover is machine washable.",
        "Made with real fruit.", "Made of plastic-free stuff.", "Goes with a red scarf.", "Charges a 3000 mAh phone twice.",
        "Cancels up to 40 dB of noise.", "The box measures 30 x 20 cm.", "It comes in a red box.", "不可机洗。", "线长1.5米。", "适配500毫升水杯。", "不适合3岁以下儿童。",
        "手柄采用榉木制作。", "灯杆可调，高30厘米。",
    ],
)  # fmt: skip
def test_what_is_denied_supposed_or_said_of_another_thing_is_no_attribute(sentence: str) -> None:
    assert _facts("折叠水壶" if sentence[-1] == "。" else "Trestle Thing", sentence) == set()


@pytest.mark.parametrize(
    ("title", "facts"),
    [
        ("Brisk Electric Kettle 1.7 L", {("Capacity", "1.7 L")}), ("Hand Blender 600 W", {("Power", "600 W")}),
        ("Power Bank 10,000mAh", {("Battery capacity", "10,000mAh")}), ("Harbor Jigsaw, 1000 Pieces", {("Pieces", "1000 Pieces")}),
        ("Men's Court Leather Sneakers", {("Gender", "Men's"), ("Material", "Leather")}), ("Ridge Jacket for Men and Women", set()),
        ("Carbon Steel Wok, Black", {("Material", "Carbon Steel"), ("Color", "Black")}), ("Leather Cleaner 500 ml", {("Capacity", "500 ml")}),
        ("Case for 500 ml Bottles", set()), ("Filament Bulb (60W Equivalent)", set()), ("Guitar Tuners 3L 3R", set()),
        ("Red Panda Plush", set()), ("Guitar (White) with Stand (Black)", set()), ("Bergamot Hand Wash 300 ml", {("Capacity", "300 ml")}),
        ("纯棉男士四件套", {("Material", "纯棉"), ("Gender", "男士"), ("Pieces", "四件套")}), ("皮革护理油", set()),
    ],
)  # fmt: skip
def test_a_title_gives_what_admits_one_reading_only(title: str, facts: set[tuple[str, str]]) -> None:
    assert _facts(title) == facts


def test_what_the_shop_states_is_not_extracted() -> None:
    said = "Weighs 1.2 kg. Made of cotton."
    assert _facts("Thing", said, attributes={"Item weight": "1.3 kg", "面料": "Linen"}) == set()
    assert _facts("Kettle 1.2 L", attributes={"Content": "1.2 L"}) == set()
    options = [{"id": "v", "options": {"Color": "Red"}}]
    assert _facts("Bowl, Blue", variants=options) == set()


def test_two_different_amounts_of_one_thing_tell_none() -> None:
    assert _facts("Thing", "It weighs 1.2 kg. It weighs 900 g.") == set()
    assert _facts("Thing", "It weighs 1.2 kg. It weighs 1200 g.") == {("Weight", "1.2 kg")}


def test_each_language_speaks_for_itself() -> None:
    item = product(
        title="Fold Kettle",
        description="It weighs 1.2 kg.",
        translations={"zh": {"title": "水壶", "description": "重约1.2公斤。"}},
    )
    assert extracted(item) == (
        Extracted("Weight", "1.2 kg", "It weighs 1.2 kg.", "en"),
        Extracted("Weight", "约1.2公斤", "重约1.2公斤。", "zh"),
    )


def test_every_finding_of_the_demo_shop_stands_in_its_listing() -> None:
    for row in demo_rows():
        item = product(**{**row, "attributes": {}, "variants": []})
        for found in extracted(item):
            view = item.localised(found.locale)
            assert found.value in found.sentence
            assert found.sentence in (view.title, *sentences(view.description))
