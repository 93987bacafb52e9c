"""Real small conversations over a real catalogue, and what they wanted and did not get."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from assistant.insight.__main__ import main
from assistant.insight.filters import Filters
from assistant.insight.gaps import Gaps
from assistant.insight.gaps.export import COLUMNS, safe, to_csv
from assistant.insight.keeper import Keeper
from assistant.pipeline import Assistant
from assistant.record import Record
from assistant.settings import Settings
from assistant.types import Utterance
from assistant.writer import Writer
from catalog import CatalogIndex, CatalogTables, Product, open_catalog, store
from tests.demo import products
from tests.fakes import WordEmbedder, honest, scripted
from tests.shop import GLASS, PRODUCTS

PERIOD = Filters(date(2026, 11, 1), date(2026, 11, 28))


def opened(folder, rows):
    folder.mkdir(exist_ok=True)
    tables = CatalogTables(f"sqlite:///{folder / 'catalog.db'}")
    store(tables, iter(rows), replace=True)
    return open_catalog(tables, CatalogIndex(WordEmbedder(), folder))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo shop's catalogue."""
    return opened(tmp_path_factory.mktemp("demo"), products())


class Shop:
    """A shop whose shoppers say what they are told to say."""

    def __init__(self, catalog, folder):
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
        self.record = Record(f"sqlite:///{folder / 'record.db'}", clock=lambda: self.now)
        self.catalog = catalog
        self.keeper = Keeper(self.record.engine, lambda: self.now)
        self.gaps = Gaps(self.record.engine, lambda: self.catalog)
        writer = Writer(scripted(honest), stall_timeout_s=5)
        self.assistant = Assistant(catalog, self.record, writer, Settings(home=folder), model="m", quantisation="q")

    def hears(self, *messages, **more):
        """A conversation; its id."""
        session_id = None
        for message in messages:
            *_, done = self.assistant.reply(Utterance(message, session_id=session_id, **more))
            session_id = done.turn.session_id
        return session_id

    def listed(self, name, filters=PERIOD):
        (listed,) = self.gaps.report(filters, name).lists
        return listed

    def items(self, name, filters=PERIOD):
        return {item.key: item for item in self.listed(name, filters).items}


@pytest.fixture
def shop(demo, tmp_path):
    made = Shop(demo, tmp_path)
    yield made
    made.record.close()


@pytest.fixture
def small(catalog, tmp_path):
    made = Shop(catalog, tmp_path)
    yield made
    made.record.close()


@pytest.mark.real
def test_a_thing_not_carried_is_one_thing_in_both_languages(shop):
    asked = [shop.hears("do you sell hats?"), shop.hears("有帽子吗？"), shop.hears("I want to buy a washing machine")]
    listed = shop.listed("not_carried")
    assert [(item.name["en"], item.name["zh"], item.conversations) for item in listed.items] == [
        ("hat", "帽子", 2),
        ("washing machine", "洗衣机", 1),
    ]
    assert (listed.total, listed.conversations) == (2, 3)
    assert {one.session_id for one in listed.items[0].examples} == set(asked[:2])
    assert {item.state for item in listed.items} == {"open"}


def test_what_the_catalogue_carries_by_now_is_marked(shop, tmp_path):
    shop.hears("do you sell hats?")
    shop.catalog = opened(tmp_path, [*products()[:20], Product("h", "Linden Wool Hat", 3_000, category="Hats")])
    assert shop.items("not_carried")["hat"].state == "filled"


def test_an_impossible_price_is_told_with_the_nearest_miss(shop):
    shop.hears("lamp under $2")
    shop.hears("台灯 1元以内")
    items = shop.items("nothing_fits")
    two = items["price<=2"]
    assert two.name == {"en": "price up to $2", "zh": "价格不超过$2"}
    assert two.nearest is not None
    cheapest = shop.catalog.get(two.nearest.product_id)
    assert two.nearest.missed_minor == cheapest.price_minor - 200
    assert two.parts[0].name == {"en": "lamp", "zh": "灯"}
    assert two.state == "open"
    assert items["price<=1"].conversations == 1


def test_a_wish_that_fails_on_what_is_stated_tells_what_is_there_instead(shop):
    shop.hears("a purple backpack")
    item = shop.items("nothing_fits")["Color=purple"]
    assert item.name == {"en": "Color: purple", "zh": "颜色：紫色"}
    assert item.nearest is not None
    assert "purple" not in item.nearest.states.casefold()
    assert item.nearest.states


def test_questions_without_an_answer_are_told_by_product_and_by_attribute(shop):
    shop.hears("a desk lamp", "What is the voltage of the first one?")
    shop.hears("想买台灯", "第一款的电压是多少？")
    by_product = shop.listed("unanswered")
    assert {item.key for item in by_product.items} == {"Voltage"}
    assert {item.product_id for item in by_product.items} <= {product.id for product in products()}
    (voltage,) = shop.listed("attributes").items
    assert voltage.name == {"en": "Voltage", "zh": "电压"}
    assert voltage.conversations == 2
    assert voltage.asked.lacking == voltage.asked.of == len(by_product.items)
    lighting = [product for product in products() if product.category == "Lighting"]
    assert (voltage.category.lacking, voltage.category.of) == (len(lighting), len(lighting))
    assert voltage.category_name == {"en": "Lighting", "zh": "灯具"}


def test_an_answered_question_is_no_gap(shop):
    shop.hears("a desk lamp", "How much is the first one?")
    assert shop.gaps.report(PERIOD).conversations == 0


def test_a_feature_that_no_listing_speaks_of_is_a_fact_that_listings_lack(shop):
    shop.hears("a lamp with a voice assistant")
    (item,) = shop.listed("attributes").items
    assert item.name["en"] == "voice assistant"
    assert item.category.lacking == item.category.of


@pytest.mark.real
def test_a_sold_out_product_that_is_wanted_is_marked_once_it_is_back(small, tmp_path):
    small.hears("Is the Marlow Glass Lamp in stock?")
    item = small.items("out_of_stock")["glass"]
    assert (item.name["zh"], item.product_id, item.state) == ("马洛玻璃台灯", "glass", "open")
    small.catalog = opened(tmp_path, [Product("glass", GLASS.title, 4_200, category="Lighting")])
    assert small.items("out_of_stock")["glass"].state == "filled"
    small.catalog = opened(tmp_path / "other", PRODUCTS[:2])
    assert small.items("out_of_stock")["glass"].state == "gone"


def test_the_period_before_is_counted_beside_and_days_are_told(shop):
    shop.now = datetime(2026, 10, 20, 12, tzinfo=UTC)
    shop.hears("do you sell hats?")
    shop.now = datetime(2026, 11, 3, 12, tzinfo=UTC)
    shop.hears("do you sell hats?", "do you sell hats?")
    hat = shop.items("not_carried")["hat"]
    assert (hat.conversations, hat.turns, hat.before) == (1, 2, 1)
    assert (hat.first, hat.last) == ("2026-11-03", "2026-11-03")
    assert [n for n, day in enumerate(hat.days) if day] == [2]
    assert len(hat.days) == PERIOD.days


def test_filters_let_through_what_they_say(shop):
    shop.hears("do you sell hats?")
    zh = shop.hears("有帽子吗？")
    shop.hears("do you sell hats?", mark="bot")
    shop.keeper.catch_up()
    count = lambda **more: shop.items("not_carried", Filters(PERIOD.since, PERIOD.until, **more))["hat"].conversations  # noqa: E731
    assert (count(), count(locale="zh"), count(who="all")) == (2, 1, 3)
    assert count(model="m") == 2
    assert shop.items("not_carried", Filters(PERIOD.since, PERIOD.until, model="other")) == {}
    page = shop.gaps.conversations(
        Filters(PERIOD.since, PERIOD.until, locale="zh"), "not_carried", "hat", None, None, 10
    )
    assert [one.session_id for one in page.rows] == [zh]


def test_the_conversations_behind_a_question_are_those_about_that_product(shop):
    asked = shop.hears("a desk lamp", "What is the voltage of the first one?")
    other = shop.hears("a backpack", "What is the voltage of the first one?")
    shop.keeper.catch_up()
    lamp = next(item for item in shop.listed("unanswered").items if item.examples[0].session_id == asked)
    of = lambda name, id: [one.session_id for one in shop.gaps.conversations(PERIOD, name, "Voltage", id, None, 9).rows]  # noqa: E731
    assert of("unanswered", lamp.product_id) == [asked]
    assert set(of("attributes", None)) == {asked, other}


def test_the_to_do_is_safe_in_a_spreadsheet_and_tells_no_address(shop):
    shop.hears("=HYPERLINK(hats) do you sell hats? mail me at ann@example.org")
    shop.hears("a desk lamp", "What is the voltage of the first one?")
    whole = "".join(to_csv(shop.gaps.report(PERIOD), "en"))
    assert whole.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(whole.removeprefix("\ufeff"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert {row["task"] for row in rows} >= {"fill in the listing", "state it in all listings of the category"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert "ann@example.org" not in whole
    filled = next(row for row in rows if row["task"] == "fill in the listing")
    assert (filled["what"], filled["state"], filled["conversations"]) == ("Voltage", "open", "1")
    assert shop.catalog.get(filled["product_id"]) is not None


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", " =1", "＝1"])
def test_what_a_spreadsheet_would_run_is_quoted(cell):
    assert safe(cell) == f"'{cell}"


def test_gaps_are_written_with_the_reply_and_stay(shop):
    shop.hears("do you sell hats?")
    with shop.record.engine.connect() as connection:
        row = connection.execute(text("SELECT kind, key, wanted, day, who, locale FROM gaps")).one()
    assert tuple(row) == ("not_carried", "hat", "hats", "2026-11-20", "shopper", "en")


def test_nothing_wanted_is_an_empty_report(shop):
    report = shop.gaps.report(PERIOD)
    assert report.conversations == 0
    assert [len(listed.items) for listed in report.lists] == [0, 0, 0, 0, 0]


def test_the_to_do_is_written_from_the_shell_beside_a_shop_that_is_served(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    monkeypatch.delenv("AISLE_RECORD_URL", raising=False)
    monkeypatch.setattr("assistant.insight.gaps.shell.load_embedder", lambda name: WordEmbedder())
    made = Shop(opened(tmp_path, PRODUCTS), tmp_path)
    made.hears("do you sell hats?")
    out = tmp_path / "out" / "todo.csv"
    assert main(["gaps", "--out", str(out), "--from", "2026-11-01", "--to", "2026-11-28", "--locale", "zh"]) == 0
    assert "帽子" in out.read_text("utf-8-sig")
    assert "1 things wanted in 1 conversations" in capsys.readouterr().out
    assert main(["gaps", "--out", str(out), "--from", "soon"]) == 1
    assert capsys.readouterr().err.startswith("insight: from: ")
    made.record.close()


def test_the_report_from_the_shell_tells_what_was_wanted_and_leads_nowhere_without_an_address(tmp_path, monkeypatch):
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    monkeypatch.delenv("AISLE_RECORD_URL", raising=False)
    monkeypatch.setattr("assistant.insight.gaps.shell.load_embedder", lambda name: WordEmbedder())
    made = Shop(opened(tmp_path, PRODUCTS), tmp_path)
    made.hears("do you sell hats?")
    out = tmp_path / "week.html"
    assert main(["report", "--out", str(out), "--week", "2026-W47"]) == 0
    page = out.read_text("utf-8")
    assert "<h2>Wanted most and not got</h2>" in page and "hat" in page and "<a " not in page and "<script" not in page
    monkeypatch.setenv("AISLE_PUBLIC_URL", "https://shop.example")
    assert main(["report", "--out", str(out), "--week", "2026-W47"]) == 0
    assert '<a href="https://shop.example/insights?view=gaps' in out.read_text("utf-8")
