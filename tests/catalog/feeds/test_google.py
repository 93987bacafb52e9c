from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog import FeedError, Product, Reject
from catalog.feeds import detect, markup
from catalog.feeds.google import read_google

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 15, tzinfo=UTC)
ITEM = (
    "<item><g:id>a</g:id><g:title>A</g:title><g:availability>in stock</g:availability><g:price>5 EUR</g:price></item>"
)
RSS = '<rss xmlns:g="http://base.google.com/ns/1.0"><channel>'


def _products(path: Path, now: datetime = NOW) -> list[Product | Reject]:
    return list(read_google(path, now))


def _xml(tmp_path: Path, text: str | bytes) -> Path:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(text if isinstance(text, bytes) else text.encode())
    return feed


def test_items_of_one_group_are_variants_of_one_product_however_far_apart() -> None:
    tee, mug, bad = _products(HERE / "google_feed.xml")
    assert isinstance(tee, Product)
    assert isinstance(mug, Product)
    assert (tee.id, tee.title, tee.category, tee.brand) == ("HT", "Harbour Tee - Navy", "Clothing > Tees", "Quayside")
    assert tee.description == "A plain tee. Organic cotton."
    assert [(v.id, dict(v.options), v.price_minor, v.in_stock) for v in tee.variants] == [
        ("HT-N-S", {"Size": "S"}, 1990, True),
        ("HT-N-M", {"Size": "M"}, 2500, False),
    ]
    assert tee.attributes == {"Color": "Navy", "Material": "Cotton", "Regular price": "25.00 EUR"}
    assert tee.images == (
        "https://img.example/ht-n.jpg",
        "https://img.example/ht-2.jpg",
        "https://img.example/ht-3.jpg",
    )
    assert (mug.url, mug.in_stock) == ("https://shop.example/mug", True)
    assert mug.attributes == {"Condition": "new", "MPN": "TM-1", "Availability": "Preorder"}
    assert str(bad).startswith("google_feed.xml:50: availability: in_stock, out_of_stock, preorder or backorder")


def test_what_the_specification_has_beyond_the_basics_is_kept(tmp_path: Path) -> None:
    item = (
        "<item><g:id>a</g:id><g:structured_title><g:digital_source_type>trained_algorithmic_media</g:digital_source_type>"
        "<g:content>Tide Watch</g:content></g:structured_title><g:availability>preorder</g:availability>"
        "<g:availability_date>2026-12-25T13:00-0800</g:availability_date><g:price>12.500 KWD</g:price>"
        "<g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Water resistance</g:attribute_name>"
        "<g:attribute_value>50 m</g:attribute_value></g:product_detail><g:product_detail><g:attribute_name>Strap</g:attribute_name>"
        "<g:attribute_value>Leather</g:attribute_value></g:product_detail><g:product_highlight>Runs two years</g:product_highlight>"
        "<g:product_highlight>Glows</g:product_highlight><g:product_weight>80 g</g:product_weight>"
        "<g:shipping><g:country>KW</g:country><g:price>1.000 KWD</g:price></g:shipping></item>"
    )
    (watch,) = _products(_xml(tmp_path, f"{RSS}{item}</channel></rss>"))
    assert isinstance(watch, Product)
    assert (watch.title, watch.price_minor, watch.currency) == ("Tide Watch", 12500, "KWD")
    assert watch.attributes == {
        "Availability": "Preorder", "Available from": "2026-12-25", "Water resistance": "50 m", "Strap": "Leather",
        "Highlights": "Runs two years; Glows", "Weight": "80 g",
    }  # fmt: skip


def test_details_in_one_cell_of_a_table_are_kept(tmp_path: Path) -> None:
    feed = tmp_path / "feed.tsv"
    head = "id\ttitle\tlink\tprice\tavailability\tproduct_detail(section_name:attribute_name:attribute_value)\n"
    feed.write_text(f"{head}a\tA\t/a\t5 EUR\tin_stock\tGeneral:Strap:Leather,Case:Material:Steel 316L\n")
    (found,) = _products(feed)
    assert isinstance(found, Product)
    assert found.attributes == {"Strap": "Leather", "Material": "Steel 316L"}


def test_a_rejected_variant_names_the_product_of_its_group(tmp_path: Path) -> None:
    items = ITEM.replace("<g:id>", "<g:item_group_id>G</g:item_group_id><g:id>")
    others = (
        items.replace(">a<", ">b<").replace("5 EUR", "5 USD")
        + items.replace("in stock", "soon")
        + ITEM.replace("5 EUR", "x")
    )
    found = _products(_xml(tmp_path, f"{RSS}{items}{others}</channel></rss>"))
    assert [(r.field, r.product_id) for r in found if isinstance(r, Reject)] == [
        ("price", "G"), ("availability", "G"), ("price", "a")
    ]  # fmt: skip


@pytest.mark.parametrize("day", [datetime(2026, 10, 31, 22, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)])
def test_a_sale_counts_only_while_it_lasts(day: datetime) -> None:
    tee = _products(HERE / "google_feed.xml", day)[0]
    assert isinstance(tee, Product)
    assert tee.price_minor == 2500
    assert "Regular price" not in tee.attributes


def test_atom_is_read_like_rss() -> None:
    (mug,) = _products(HERE / "google_feed.atom")
    assert isinstance(mug, Product)
    assert (mug.id, mug.title, mug.price_minor, mug.currency) == ("MUG-1", "Tide Mug", 1450, "EUR")
    assert mug.url == "https://shop.example/mug"


def test_text_with_tabs_and_spaces_in_its_names_is_read() -> None:
    mug, sold_out, again = _products(HERE / "google_feed.tsv")
    assert isinstance(mug, Product)
    assert isinstance(sold_out, Product)
    assert (mug.price_minor, mug.category, len(mug.images)) == (99900, "Home & Garden > Mugs", 3)
    assert mug.attributes == {"Regular price": "1299.00 USD", "Availability": "Backorder"}
    assert not sold_out.in_stock
    assert str(again) == "google_feed.tsv:4: id: 'MUG-1' was already given at google_feed.tsv:2"


@pytest.mark.parametrize("name", ["google_feed.xml", "google_feed.atom", "google_feed.tsv"])
def test_each_form_is_told_by_what_it_holds(name: str) -> None:
    assert detect(HERE / name) == "google"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r SYSTEM "http://example.com/x.dtd">',
    ],
)
def test_entities_and_outside_files_are_refused(tmp_path: Path, declared: str) -> None:
    with pytest.raises(FeedError, match="declares a document type or entities"):
        _products(_xml(tmp_path, f"{declared}{RSS}{ITEM}</channel></rss>"))


@pytest.mark.parametrize(
    "text",
    [
        f"{RSS}{ITEM}<item><g:id>b",
        f"{RSS}{ITEM}",
        f"<rss><channel>{ITEM}</channel></rss>",
        f"{RSS}&nbsp;",
        f"{RSS}\x00",
    ],
)
def test_a_document_that_is_not_whole_is_an_error_and_no_half_feed(tmp_path: Path, text: str) -> None:
    with pytest.raises(FeedError, match="is no whole XML document .* nothing was changed"):
        _products(_xml(tmp_path, text))


def test_an_encoding_that_the_parser_does_not_know_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="gb18030"?>{RSS}{ITEM.replace("A<", "灯<")}</channel></rss>'
    with pytest.raises(FeedError, match="save it as UTF-8"):
        _products(_xml(tmp_path, text.encode("gb18030")))


def test_an_item_without_end_is_refused_in_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "_LONGEST_ITEM", 10_000)
    with pytest.raises(FeedError, match="longer than 10000 bytes"):
        _products(_xml(tmp_path, f"{RSS}<item><g:title>{'x' * 500_000}"))
    many = "".join(ITEM.replace(">a<", f">{n}<") for n in range(500))
    assert len(_products(_xml(tmp_path, f"{RSS}{many.replace('</item>', '</item>' + chr(10))}</channel></rss>"))) == 500


def test_elements_nested_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="more than 50 deep"):
        _products(_xml(tmp_path, RSS + "<a>" * 10_000))


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ("<g:id></g:id>", "id"), ("<g:price>1.299 EUR</g:price>", "price"), ("<g:price></g:price>", "price"), ("<g:availability/>", "availability"),
        ("<g:sale_price>4 USD</g:sale_price>", "sale price"),
        ("<g:sale_price>4</g:sale_price><g:sale_price_effective_date>soon</g:sale_price_effective_date>", "sale price effective date"),
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_sold_is_rejected_by_the_name_of_its_field(
    tmp_path: Path, cells: str, field: str
) -> None:
    given = {"id": "a", "title": "A", "availability": "in stock", "price": "5 EUR"}
    rest = "".join(f"<g:{name}>{text}</g:{name}>" for name, text in given.items() if f"<g:{name}" not in cells)
    (found,) = _products(_xml(tmp_path, f"{RSS}<item>{cells}{rest}</item></channel></rss>"))
    assert isinstance(found, Reject)
    assert found.field == field
