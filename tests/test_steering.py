"""A shopper who steers: back and forth, more varied, why not that one, and one question that narrows a broad search."""

import pytest

from assistant.pipeline import Assistant
from assistant.rank import VERSION
from assistant.record import Record
from assistant.settings import Settings
from assistant.types import Utterance
from assistant.writer import Writer
from catalog import CatalogIndex, CatalogTables, Product, Translation, open_catalog, satisfies, store
from tests.fakes import WordEmbedder, broken, scripted

COLOURS = ("White", "Blue", "Red")
ZH = {"White": "白色", "Blue": "蓝色", "Red": "红色", "Color": "颜色"}


class Shopper:
    """Talks to an assistant without a model in one session; looks at the turns that come back."""

    def __init__(self, catalog, folder, **settings):
        self.record = Record(f"sqlite:///{folder / 'record.db'}")
        own = Settings(home=folder, **settings)
        writer = Writer(scripted(broken), stall_timeout_s=5)
        self.assistant = Assistant(catalog, self.record, writer, own, model="none", quantisation="none")
        self.session = None

    def says(self, *messages, **more):
        for message in messages:
            *_, done = self.assistant.reply(Utterance(message, self.session, **more))
            self.session = done.turn.session_id
        return done.turn


@pytest.fixture
def shopper(catalog, tmp_path):
    one = Shopper(catalog, tmp_path, slate_size=2)
    yield one
    one.record.close()


@pytest.fixture(scope="module")
def mugs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mugs")
    names = ("Fern", "Oak", "Ash", "Elm", "Fir", "Yew", "Bay", "Ivy", "Rue", "Box", "Fig", "Hop", "Nut", "Pea", "Rye")
    products = [
        Product(
            f"m{n}", f"{name} Mug", 900 + 10 * n, category="Mugs", attributes={"Color": COLOURS[n % 3]},
            description=f"A {COLOURS[n % 3].lower()} mug for tea.",
            translations=(Translation("zh", f"{n} 号马克杯", "喝茶的马克杯。", "马克杯", ZH),),
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    tables = CatalogTables(f"sqlite:///{folder / 'catalog.db'}")
    store(tables, iter(products), replace=True)
    return open_catalog(tables, CatalogIndex(WordEmbedder(), folder))


@pytest.fixture
def guest(mugs, tmp_path):
    one = Shopper(mugs, tmp_path)
    yield one
    one.record.close()


@pytest.mark.parametrize("back", ["undo", "go back", "撤销", "回到刚才"])
def test_undo_restores_the_need_and_the_shelf_before_the_last_change(shopper, back):
    first = shopper.says("a lamp under $50")
    changed = shopper.says("not plastic", "what is the first one made of?")
    assert changed.need != first.need
    restored = shopper.says(back)
    assert (restored.need, restored.slate.ids()) == (first.need, first.slate.ids())
    assert restored.slate.matching == first.slate.matching


def test_undo_goes_back_several_times_in_a_row_to_the_beginning_and_no_further(shopper):
    first = shopper.says("a lamp")
    second = shopper.says("under $50")
    third = shopper.says("show me others")
    assert third.slate.ids() != second.slate.ids()
    assert shopper.says("undo").slate.ids() == second.slate.ids()
    assert (turn := shopper.says("undo")).need == first.need and turn.slate.ids() == first.slate.ids()
    assert shopper.says("undo").need.constraints == ()
    assert shopper.says("undo").reply.kind == "chat"


def test_after_undo_the_conversation_goes_on_from_what_was_restored(shopper):
    first = shopper.says("a lamp")
    turn = shopper.says("a kettle", "undo", "under $50")
    assert turn.need.constraints[0] == first.need.constraints[0]
    assert "robin" not in turn.slate.ids() and "raven" not in turn.slate.ids()


def test_undo_before_anything_was_said_is_answered(shopper):
    assert shopper.says("undo").reply.text == "There is nothing to go back to yet."


def test_something_different_is_never_what_was_shown_for_the_need_before(shopper):
    seen = [*shopper.says("a lamp").slate.ids()]
    other = shopper.says("show me something different")
    assert other.slate.ids() and not set(other.slate.ids()) & set(seen)
    assert shopper.says("something different").reply.kind == "no_match"


def test_variety_is_said_set_and_kept(shopper):
    assert shopper.says("a lamp").variety == 0
    assert shopper.says("more varied").variety == 0.3
    assert shopper.says("a kettle").variety == 0.3
    assert shopper.says("再多样一点").variety == 0.6
    assert shopper.says("closer to what I asked").variety == 0.3
    turn = shopper.says("(shelf: varied)", need=shopper.says("a lamp").need, variety=0.6)
    assert turn.variety == 0.6 and turn.versions.ranker == VERSION


def test_more_variety_never_breaks_a_constraint_nor_changes_the_need(shopper, catalog):
    first = shopper.says("a lamp under $50, not plastic")
    turn = shopper.says("more varied", "more varied")
    assert turn.need == first.need
    assert all(satisfies(catalog.get(id), turn.need.constraints) for id in turn.slate.ids())


@pytest.mark.parametrize(
    ("wish", "question", "expected"),
    [
        ("a lamp under $50", "why not the Tern Arc Lamp?", "Tern Arc Lamp costs $99, $49 over your limit (under $50)."),
        ("a lamp under $50", "why didn't you show me the arc?", "Tern Arc Lamp costs $99, $49 over your limit (under $50)."),
        ("50 美元以内的灯", "为什么没有推荐燕鸥落地灯？", "燕鸥落地灯的价格是 $99，比您的要求（$50 以内）高出$49。"),
        ("a lamp, not plastic", "why not the pebble night lamp?", "Pebble Night Lamp does not meet “not plastic”: its listing states Material: Plastic."),
        ("a lamp", "why not the Marlow Glass Lamp?", "Marlow Glass Lamp is sold out."),
        ("a lamp", "why not the Robin Kettle?", "Robin Kettle is not what you asked for (lamp); it is kept under Kitchen."),
        ("a lamp that weighs under 1 kg", "why not the Harbor Steel Lamp?", "Harbor Steel Lamp does not meet “Weight under 1 kg”: its listing states Weight: 1.4 kg."),
        ("a lamp that weighs under 1 kg", "why not the Tern Arc Lamp?", "Tern Arc Lamp is left out because its listing does not say that it meets “Weight under 1 kg”."),
        ("a lamp", "why not the Lumo lamp?", "I find no product of that name in this shop."),
    ],
)  # fmt: skip
def test_why_a_product_is_not_shown_is_told_from_the_wish_it_fails(shopper, wish, question, expected):
    before = shopper.says(wish)
    turn = shopper.says(question)
    assert (turn.reply.kind, turn.need, turn.slate.items) == ("answer", before.need, ())
    assert turn.reply.text == expected


def test_what_fits_but_is_not_shown_is_told_its_place_and_can_be_shown(shopper):
    first = shopper.says("a lamp")
    missing = next(id for id in ("oak", "steel", "plastic", "arc") if id not in first.slate.ids())
    title = {
        "oak": "Alder Desk Lamp",
        "steel": "Harbor Steel Lamp",
        "plastic": "Pebble Night Lamp",
        "arc": "Tern Arc Lamp",
    }[missing]
    turn = shopper.says(f"why not the {title}?")
    assert turn.reply.text.startswith(f"{title} fits too: it stands at place ")
    offer = next(words for words in turn.reply.quick_replies if words.startswith("Show me"))
    shown = shopper.says(offer)
    assert shown.slate.ids()[0] == missing and shown.need == first.need


def test_what_fails_one_wish_is_offered_without_it(shopper):
    shopper.says("a lamp under $50")
    turn = shopper.says("why not the Tern Arc Lamp?")
    assert turn.reply.quick_replies[0] == "Without “under $50”"
    assert "arc" in {*shopper.says("Without “under $50”").slate.ids(), *shopper.says("show me others").slate.ids()}


def test_why_not_something_on_the_shelf_says_why_it_is_there(shopper):
    first = shopper.says("a lamp under $50")
    title = first.slate.items[0].product.title
    assert shopper.says(f"why not the {title}?").reply.text.startswith(f"{title} is here because")


def test_an_ambiguous_reference_is_asked_about_and_a_bare_answer_goes_on(guest):
    first = guest.says("a blue mug")
    asked = guest.says("how much is the blue one?")
    assert asked.reply.kind == "clarify" and asked.question.field == "product"
    titles = [item.product.title for item in first.slate.items]
    assert list(asked.reply.quick_replies) == titles
    assert guest.says("the second").reply.text.startswith(f"The listing of {titles[1]} says – Price")
    guest.says("how much is the blue one?")
    assert titles[2] in guest.says(titles[2]).reply.text


def test_a_broad_search_ends_with_one_question_whose_answers_are_quick_replies(guest):
    turn = guest.says("a mug")
    assert turn.reply.kind == "recommend" and turn.slate.items
    assert turn.reply.text.endswith("Which colour do you prefer?")
    assert turn.reply.text.count("?") == 1
    assert set(turn.reply.quick_replies[:3]) == {"white", "blue", "red"}
    assert turn.reply.quick_replies[3] == "No preference"
    assert guest.assistant.turns(guest.session)[-1] == turn


def test_its_answer_narrows_and_it_is_not_asked_again(guest):
    guest.says("a mug")
    turn = guest.says("blue")
    assert {item.product.attributes["Color"] for item in turn.slate.items} == {"Blue"}
    assert turn.question is None
    assert "colour" not in guest.says("any colour is fine").reply.text


@pytest.mark.parametrize("words", ["doesn't matter", "No preference", "无所谓"])
def test_no_preference_keeps_the_need_and_ends_the_asking(guest, words):
    first = guest.says("a mug")
    turn = guest.says(words)
    assert (turn.need, turn.slate.ids(), turn.question) == (first.need, first.slate.ids(), None)


def test_what_was_said_is_never_asked_and_a_narrow_search_asks_nothing(guest):
    assert "colour" not in guest.says("a red mug").reply.text
    assert guest.says("a mug under $9.30").question is None


def test_in_chinese_too(guest):
    turn = guest.says("马克杯")
    assert turn.reply.text.endswith("您喜欢什么颜色？")
    assert guest.says("蓝色").need.constraints[-1].field == "attributes.Color"


def test_a_comparison_of_several_is_a_table_that_is_recorded_with_the_turn(shopper):
    shopper.says("a lamp")
    turn = shopper.says("compare Alder Desk Lamp, Harbor Steel Lamp and Tern Arc Lamp")
    table = turn.comparison
    assert turn.reply.kind == "compare" and table.columns == ("oak", "steel", "arc")
    assert turn.reply.text.endswith(table.advice)
    known = {line.id for line in turn.evidence}
    assert all(id in known for row in table.rows for cell in row.cells for id in cell.evidence)
    assert shopper.assistant.turns(shopper.session)[-1] == turn


def test_no_more_than_four_are_compared(guest):
    guest.says("a mug")
    titles = "Fern Mug, Oak Mug, Ash Mug, Elm Mug and Fir Mug"
    assert len(guest.says(f"compare {titles}").comparison.columns) == 4


def test_these_are_all_that_is_shown(guest):
    first = guest.says("a mug")
    assert guest.says("compare these").comparison.columns == first.slate.ids()
