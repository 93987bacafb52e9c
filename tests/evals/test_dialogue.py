"""The evaluation of dialogues: its journeys are many, varied and honest, and it sees what is wrong."""

import random
from dataclasses import replace
from types import SimpleNamespace

import pytest

from assistant.types import DoneEvent, Evidence, Need, Option, Question, Reply, Slate, SlateItem, Turn, Versions
from catalog import Constraint, Product
from evals import dialogue
from evals.journeys import play as playing
from evals.journeys.checks import Expect, Goal, Measure, failures, faults, fits, has, strange_prices, violations
from evals.journeys.phrasing import Voice, mistyped, part_of_name, phrases, plural
from evals.journeys.play import ACTS, COUNTS, PLANS, Outcome, Played, journeys, play
from evals.journeys.shopper import COUNTS as SHOPPERS
from evals.journeys.shopper import PERSONAS, Persona, Shopper, shoppers, visit
from evals.journeys.shops import DEMO, Kind, Shop, item_of, qualities, shop_of, tables
from evals.journeys.sought import Sought

QUALITY = {quality.name: quality for quality in qualities()}
LAMP = Kind("lamp", "lamp", ("lamp", "light"))
VERSIONS = Versions("m", "q", "p", "i", "r")


def row(id: str, title: str, price: float, **other: object) -> dict:
    return {
        "id": id,
        "title": title,
        "description": "",
        "category": "Lighting",
        "price": str(price),
        "currency": "USD",
        **other,
    }


ROWS = [
    row("oak", "Oak Desk Lamp", 45, attributes={"Material": "Oak", "Color": "Brown", "Weight": "1.2 kg"}),
    row("steel", "Steel Desk Lamp", 60, attributes={"Material": "Steel", "Color": "Black"}, description="Plastic-free."),
    row("toy", "Plastic Night Light", 12, attributes={"Material": "Plastic", "Color": "Pink"}, quantity=3),
    row("gone", "Brass Floor Lamp", 80, attributes={"Color": "Black"}, quantity=0),
    row(
        "two", "Paper Lamp", 30, attributes={"Gender": "Women"},
        variants=[{"options": {"Color": "Black"}, "quantity": 1}, {"options": {"Color": "White"}, "quantity": 2, "price": "33"}],
    ),
]  # fmt: skip
SHOP = shop_of(DEMO, ROWS)


def turn(
    *shown: str, kind: str = "recommend", need: Need = Need(), evidence: tuple[Evidence, ...] = (), text: str = ""
) -> Turn:
    items = tuple(
        SlateItem(Product(id, id, round(SHOP.by_id[id].price * 100) if id in SHOP.by_id else 1), 1.0) for id in shown
    )
    return Turn("t", "s", "words", "en", need, Slate(items), Reply(kind, text), evidence, {"total": 5.0}, VERSIONS)


def test_there_are_more_than_120_journeys_a_split_half_of_them_chinese() -> None:
    for split in ("dev", "test"):
        planned = list(journeys(split))
        languages = [one.language for one in planned]
        assert (
            len(planned) >= 120 and languages.count("zh") >= 50 and languages.count("en") >= 50 and "mix" in languages
        )
        assert all(3 <= len(one.plan) <= 12 for one in planned)


def test_every_plan_is_made_of_known_acts_and_every_act_is_played() -> None:
    named = {act for plan in PLANS for act in plan.split()}
    assert named == set(ACTS)


def test_dev_and_test_share_neither_phrasings_nor_kinds() -> None:
    def said_in(table: object, path: str = "") -> dict[str, set[str]]:
        if isinstance(table, list):
            return {path: {str(one) for one in table}}
        return {k: v for name, inner in table.items() for k, v in said_in(inner, f"{path}/{name}").items()}

    dev, test = said_in(phrases("dev")), said_in(phrases("test"))
    assert dev.keys() == test.keys()
    for path in dev:
        assert dev[path] and test[path]
        assert path.startswith("/it/") or not dev[path] & test[path], path
    for source in COUNTS:
        for split_tables in tables()[source[1]].values():
            said = [{row[0] for row in split_tables[split]} for split in ("dev", "test")]
            assert not said[0] & said[1]


@pytest.mark.parametrize(
    ("id", "goal", "broken"),
    [
        ("oak", Goal(high=50), []),
        ("oak", Goal(high=40), ["price 45"]),
        ("oak", Goal(below=45), ["price 45"]),
        ("toy", Goal(refused=(QUALITY["plastic"],)), ["refused"]),
        ("steel", Goal(refused=(QUALITY["plastic"],)), []),
        ("oak", Goal(wanted=(QUALITY["wood"],)), []),
        ("steel", Goal(wanted=(QUALITY["wood"],)), ["not as wanted"]),
        ("two", Goal(refused=(QUALITY["black"],)), []),
        ("steel", Goal(refused=(QUALITY["black"],)), ["refused"]),
        ("two", Goal(gender="Men"), ["for Women"]),
        ("oak", Goal(measure=Measure("Weight", False, 1500)), []),
        ("oak", Goal(measure=Measure("Weight", False, 1000)), ["Weight 1200.0"]),
        ("gone", Goal(), ["sold out"]),
    ],
)
def test_what_breaks_a_goal_is_read_from_the_row(id: str, goal: Goal, broken: list[str]) -> None:
    assert list(faults(SHOP.by_id[id], goal)) == broken


def test_what_may_be_of_a_kind_is_not_surely_of_it() -> None:
    assert fits(SHOP.by_id["toy"], Goal(LAMP)) and not fits(SHOP.by_id["toy"], Goal(LAMP), surely=True)


def test_an_empty_shelf_where_something_fits_and_a_full_one_where_nothing_does_are_wrong() -> None:
    searched = Expect(searched=True)
    assert failures(turn("oak"), searched, Goal(LAMP, high=50), Need(), SHOP) == []
    assert "an empty shelf where 2 fit" in failures(turn(kind="no_match"), searched, Goal(LAMP, high=50), Need(), SHOP)
    assert failures(turn(kind="no_match"), searched, Goal(LAMP, high=5), Need(), SHOP) == []
    assert failures(turn("toy"), searched, Goal(LAMP, high=5), Need(), SHOP)


def test_a_question_must_rest_on_the_product_that_was_meant() -> None:
    price = Evidence("e", "field", "oak", "price", "Price: $45")
    expect = Expect(kinds=("answer",), about=("oak",), evidence="price")
    assert failures(turn(kind="answer", evidence=(price,)), expect, Goal(), Need(), SHOP) == []
    wrong = turn(kind="answer", evidence=(replace(price, product_id="toy"),))
    assert failures(wrong, expect, Goal(), Need(), SHOP) == ["evidence is of ['toy'], not of ('oak',)"]


@pytest.mark.parametrize(
    ("wish", "goal", "constraint"),
    [
        ("high", Goal(high=50), Constraint("price", "le", 5_000)),
        ("high", Goal(below=49.99), Constraint("price", "lt", 4_999)),
        ("low", Goal(low=20), Constraint("price", "ge", 2_000)),
        ("refused", Goal(refused=(QUALITY["leather"],)), Constraint("text", "not_contains", ("leather", "皮革"))),
        ("wanted", Goal(wanted=(QUALITY["black"],)), Constraint("attributes.Color", "contains", ("black", "黑色"))),
        ("gender", Goal(gender="Men"), Constraint("attributes.Gender", "not_in", ("Women", "女"))),
        ("size", Goal(size="42"), Constraint("attributes.Size", "contains", ("42",))),
    ],
)
def test_a_need_holds_what_was_said_and_nothing_else_does(wish, goal: Goal, constraint: Constraint) -> None:
    assert has(Need(constraints=(constraint,)), wish, goal)
    assert not has(Need(), wish, goal)


def test_a_limit_said_twice_is_no_limit_kept() -> None:
    both = (Constraint("price", "le", 5_000), Constraint("price", "lt", 8_000))
    assert not has(Need(constraints=both), "high", Goal(high=50))


def test_violations_are_products_of_no_row_other_prices_and_broken_wishes() -> None:
    assert violations(turn("oak"), Goal(high=50), SHOP) == []
    assert violations(turn("nowhere"), None, SHOP) == ["nowhere is not in the catalogue"]
    assert violations(turn("steel"), Goal(high=50), SHOP) == ["steel: price 60"]


def test_a_price_that_nobody_named_is_strange() -> None:
    oak = SHOP.by_id["oak"]
    assert strange_prices("It is $45, $5 under your $50.", [oak], ["under $50"]) == []
    assert strange_prices("Now only $39!", [oak], ["under $50"]) == ["39"]


def test_a_typo_exchanges_two_letters_of_the_inside() -> None:
    for seed in range(20):
        typo = mistyped("backpack", random.Random(seed))
        assert typo != "backpack" and sorted(typo) == sorted("backpack") and (typo[0], typo[-1]) == ("b", "k")


def test_nouns_have_plurals_and_plurals_no_article() -> None:
    assert [plural(noun) for noun in ("lamp", "watch", "boots", "灯")] == ["lamps", "watches", "boots", "灯"]
    for seed in range(8):
        said = Voice("en", "dev", "USD", random.Random(seed)).say("open", kind=Kind("boots", "boots", ("boots",)))
        assert " a boots" not in said and "a new boots" not in said


def test_a_part_of_a_name_is_had_by_one_title_alone() -> None:
    shelf = [
        item_of(row(id, title, 1)) for id, title in (("a", "Wrenmoor Halden Radio"), ("b", "Wrenmoor Spindle Radio"))
    ]
    assert part_of_name(shelf[0], shelf, "en") == "Halden Radio" or part_of_name(shelf[0], shelf, "en") is None
    zh = [item_of(row(id, title, 1)) for id, title in (("a", "月光曲清水木棉"), ("b", "原素系列书桌"))]
    assert part_of_name(zh[0], zh, "zh") == "月光曲清"


def parts(replies) -> SimpleNamespace:
    """An assistant that answers each message with a turn made by `replies`."""

    def reply(utterance):
        yield DoneEvent(replace(replies(utterance.message), message=utterance.message))

    return SimpleNamespace(assistant=SimpleNamespace(reply=reply))


@pytest.fixture
def lamps(monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setitem(tables(), DEMO, {locale: {"dev": [["lamp"]], "test": [["lamp"]]} for locale in ("en", "zh")})
    return SHOP


def test_a_journey_over_an_assistant_that_never_finds_anything_is_wrong(lamps: Shop) -> None:
    journey = playing.Journey("dev-x", DEMO, "en", "dev", ("open", "limit", "thanks"))
    outcome = play(journey, lamps, parts(lambda message: turn(kind="no_match")))
    assert not outcome.right and [one.act for one in outcome.turns][:2] == ["open", "limit"]


def test_the_same_journey_is_held_in_the_same_words(lamps: Shop) -> None:
    journey = playing.Journey("dev-x", DEMO, "zh", "dev", ("open", "limit", "exclude", "thanks"))
    said = [[one.message for one in play(journey, lamps, parts(lambda m: turn("oak"))).turns] for _ in range(2)]
    assert said[0] == said[1] and len(said[0]) >= 3


OAK = Sought(SHOP.by_id["oak"], Goal(LAMP, high=50, wanted=(QUALITY["wood"],)), word="Desk")


def seeker(lamps: Shop, persona: Persona = "terse", found: Sought = OAK, patience: int = 6) -> Shopper:
    return replace(next(shoppers("dev", {DEMO: lamps})), persona=persona, sought=found, patience=patience)


def asking(field: str, *options: Option) -> Turn:
    return replace(turn("steel", kind="clarify"), question=Question("Which?", field, options))


def test_what_is_sought_is_met_by_the_product_or_its_equal_in_all_that_is_known() -> None:
    assert OAK.met_by(SHOP.by_id["oak"]) and not OAK.met_by(SHOP.by_id["steel"])
    lamp = Sought(SHOP.by_id["oak"], Goal(LAMP, high=50))
    assert lamp.met_by(SHOP.by_id["two"]) and not lamp.met_by(SHOP.by_id["toy"]) and not lamp.met_by(SHOP.by_id["gone"])


def test_every_shopper_knows_two_to_five_facts_that_are_true_of_the_product(lamps: Shop) -> None:
    found = [one.sought for one in shoppers("dev", {DEMO: lamps})]
    assert len(found) == sum(count for (_, source), count in SHOPPERS.items() if source == DEMO)
    assert {len(one.facts()) for one in found} >= {1, 2}
    assert all(1 <= len(one.facts()) <= 4 and one.item.in_stock and one.met_by(one.item) for one in found)
    assert not [one for one in found for fact in one.facts() if one.lacks(one.item, fact)]


def test_who_opens_with_a_department_tells_the_kind_next(lamps: Shop) -> None:
    vague = replace(OAK, department="lighting")
    found = visit(seeker(lamps, "chatty", vague), lamps, "dev", parts(lambda message: turn("toy")))
    assert "lighting" in found.messages[0] and "lamp" not in found.messages[0]
    assert any("lamp" in message for message in found.messages[1:])
    asked = visit(seeker(lamps, "chatty", vague, 4), lamps, "dev", parts(lambda message: turn(kind="clarify")))
    assert asked.repeats < asked.turns


def test_there_are_200_shoppers_a_split_and_every_persona_among_them() -> None:
    assert sum(SHOPPERS.values()) >= 200


def test_a_shopper_leaves_with_the_product_or_when_patience_ends(lamps: Shop) -> None:
    found = visit(seeker(lamps), lamps, "dev", parts(lambda message: turn("oak")))
    assert (found.success, found.exact, found.turns, found.broken) == (True, True, 1, ())
    never = visit(seeker(lamps), lamps, "dev", parts(lambda message: turn("steel")))
    assert (never.success, never.turns) == (False, 6)
    asked = visit(seeker(lamps, patience=4), lamps, "dev", parts(lambda message: turn(kind="clarify")))
    assert (asked.success, asked.turns, asked.repeats) == (False, 4, 4)
    handed = visit(seeker(lamps, patience=4), lamps, "dev", parts(lambda message: turn("steel", kind="handoff")))
    assert handed.handoffs == 4


def test_an_answer_about_the_product_is_as_good_as_a_shelf_with_it(lamps: Shop) -> None:
    price = Evidence("e", "field", "oak", "price", "Price: $45")
    found = visit(seeker(lamps), lamps, "dev", parts(lambda message: turn(kind="answer", evidence=(price,))))
    assert (found.success, found.exact, found.turns) == (True, True, 1)


def test_a_fit_without_what_was_known_does_not_please(lamps: Shop) -> None:
    found = visit(seeker(lamps), lamps, "dev", parts(lambda message: turn("two")))
    assert not found.success and {"Desk" in message for message in found.messages} == {True, False}


@pytest.mark.parametrize("persona", PERSONAS)
def test_all_that_is_known_is_told_before_patience_ends_and_nothing_of_it_twice(lamps: Shop, persona: Persona) -> None:
    found = visit(seeker(lamps, persona, patience=12), lamps, "dev", parts(lambda message: turn("steel")))
    said = " ".join(found.messages)
    assert "50" in said and "wooden" in said and said.count("Desk") == 1


def test_a_question_is_answered_by_what_the_product_is(lamps: Shop) -> None:
    wood, glass, any = Option("Oak", "oak"), Option("Glass", "glass"), Option("No preference", "")
    found = visit(
        seeker(lamps, patience=2), lamps, "dev", parts(lambda m: asking("attributes.Material", glass, wood, any))
    )
    assert found.messages[1] == "Oak" and found.questions == 1
    none = visit(seeker(lamps, patience=2), lamps, "dev", parts(lambda m: asking("attributes.Shade", glass, any)))
    assert none.messages[1] == "No preference"


def test_a_field_asked_for_twice_is_counted(lamps: Shop) -> None:
    cheap = Option("Under $20", "under $20")
    found = visit(seeker(lamps, patience=3), lamps, "dev", parts(lambda m: asking("price", cheap)))
    assert found.repeats == 2 and "50" in found.messages[1]


def test_only_a_quick_reply_that_is_true_of_the_product_is_pressed(lamps: Shop) -> None:
    def offering(*replies: str) -> Turn:
        return replace(turn("steel"), reply=Reply("recommend", "", (), replies))

    said = [
        visit(seeker(lamps, patience=8), lamps, "dev", parts(lambda m, r=replies: offering(*r))).messages
        for replies in (("Under $20", "Glass", "Compare the first two"), ("Under $20", "Wooden"))
    ]
    assert not {"Under $20", "Glass", "Compare the first two"} & {*said[0], *said[1]} and "Wooden" in said[1]


def test_a_shelf_that_is_too_dear_is_told_so(lamps: Shop) -> None:
    dear = Sought(SHOP.by_id["toy"], Goal(LAMP, high=20), word="Night")
    found = visit(seeker(lamps, "piecemeal", dear), lamps, "dev", parts(lambda message: turn("steel")))
    assert any("cheap" in m or "expensive" in m or "pric" in m for m in found.messages)


def test_what_shoppers_found_is_told_per_persona_and_language(lamps: Shop) -> None:
    good = visit(seeker(lamps), lamps, "dev", parts(lambda message: turn("oak")))
    bad = visit(replace(seeker(lamps, "chatty"), language="zh"), lamps, "dev", parts(lambda message: turn("steel")))
    told = dialogue.of_visits([good, bad])
    assert (
        told["found"].startswith("0.500")
        and told["… terse shoppers"].startswith("1.000")
        and told["… Chinese"].startswith("0.000")
    )
    assert dialogue.kept(good)["product"] == "oak" and "shopper" not in dialogue.kept(good)


def test_the_report_counts_whole_journeys_per_language_and_violations_over_all_turns() -> None:
    journey = playing.Journey("a", DEMO, "en", "dev", ("open",))
    good = Played("open", "m", "recommend", "", ("oak",), "", (), ())
    bad = replace(good, failed=("x",), broken=("y", "z"))
    found = dialogue.summary([Outcome(journey, (good, good)), Outcome(replace(journey, language="zh"), (good, bad))])
    assert found["journeys right"].startswith("0.500") and found["… English"].startswith("1.000")
    assert found["turns right"].startswith("0.750")
    assert found["violations (products, prices, hard wishes)"] == "2 in 4 turns"
    assert dialogue.by_act([Outcome(journey, (good, bad))])["open"].startswith("0.500")


def test_a_limit_takes_journeys_from_all_of_a_split() -> None:
    assert dialogue.spread(list("abcdef"), 3) == ["a", "c", "e"]
    assert dialogue.spread(list("ab"), None) == ["a", "b"]


def test_the_cost_counts_turns_without_a_model_too() -> None:
    found = dialogue.cost([{"total": 2000.0, "generations": 2, "output_tokens": 30}, {"total": 100.0}])
    assert found["model calls a turn, mean / most"] == "1.00 / 2"
