"""What a text says was or will be done has a deed behind it, or the sentence is named."""

from pathlib import Path

import pytest
import yaml

from assistant.service.learnt import load_learnt
from assistant.service.promises import promised, sensed, unkept
from catalog import load_embedder
from tests.service.beside import proposal

CASES = yaml.safe_load(Path(__file__).with_name("promises.yaml").read_text(encoding="utf-8"))
WORKED_ON = [one for name in ("dev", "test", "test2") for one in CASES[name]]


def deeds(one):
    made = []
    for state in ("done", "waiting"):
        for spec in one.get(state, ()):
            kind, _, amount = spec.partition(" ")
            moved = round(float(amount) * 100) if amount else 0
            made.append(proposal(kind, state, amount=moved, order=one.get("order", "LL-10447")))
    return made


def broken(one, says=None) -> bool:
    return bool(unkept(one["text"], deeds(one), "en", facts=one.get("facts", ()), says=says))


@pytest.mark.parametrize(
    "one", WORKED_ON, ids=lambda one: f"{one['text']} {one.get('done', '')}{one.get('waiting', '')}"
)
def test_a_promise_stands_on_a_deed(one):
    assert broken(one) == one["broken"]


@pytest.mark.parametrize("state", ["proposed", "declined", "expired", "undone"])
def test_a_deed_that_was_not_done_backs_nothing(state):
    assert unkept("Your order is cancelled.", [proposal("cancel", state)], "en") == ("Your order is cancelled.",)


def test_only_the_sentences_that_nothing_backs_are_named():
    text = "Thank you for waiting. Your order is cancelled. We have refunded you $44.00. Have a nice day!"
    assert unkept(text, [proposal("cancel")], "en") == ("We have refunded you $44.00.",)
    assert unkept("订单已取消。已经给您退款 44.00 美元。", [proposal("cancel")], "zh") == ("已经给您退款 44.00 美元。",)


def test_a_rule_that_is_quoted_promises_nothing_by_itself():
    rule = "If neither is possible, we refund the price you paid in full."
    assert unkept(rule, (), "en") == ()
    assert unkept("We will send you a label.", (), "en", facts=["We will send you a label."]) == ()


def test_a_sensed_promise_needs_some_deed():
    says = lambda sentence: 0.9  # noqa: E731
    assert unkept("It is as good as gone.", (), "en", says=says) == ("It is as good as gone.",)
    assert unkept("It is as good as gone.", [proposal("cancel")], "en", says=says) == ()
    assert unkept("Is it as good as gone?", (), "en", says=says) == ()


def test_what_is_said_is_read_in_both_languages():
    assert {(one.act, one.tense) for one in promised("I have refunded you and will exchange the shirt.")} == {
        ("refund", "did"),
        ("exchange", "will"),
    }
    assert {(one.act, one.tense) for one in promised("已退款，我会给您换货。")} == {
        ("refund", "did"),
        ("exchange", "will"),
    }
    assert promised("") == ()


@pytest.mark.real
def test_of_sentences_it_never_saw_nearly_every_false_promise_is_found(tmp_path):
    embedder = load_embedder("packaged")
    says = sensed(load_learnt("claims", embedder.name, embedder.passages, tmp_path), embedder.passages)
    found = [(one["broken"], broken(one, says)) for one in CASES["blind"]]
    assert sum(wrong and named for wrong, named in found) >= 0.9 * sum(wrong for wrong, _ in found)
    assert sum(wrong and named for wrong, named in found) >= 0.7 * sum(named for _, named in found)
