"""What the memory promises: nothing without consent, nothing of others, nothing left of what is forgotten."""

from datetime import UTC, datetime

import pytest

from assistant.errors import UnknownId
from assistant.record import Record
from assistant.record.__main__ import main
from assistant.record.memory import FACTS_MOST, Fact
from assistant.types import Utterance
from catalog import Constraint

ANN, BOB = "a" * 32, "b" * 32
M = Constraint("attributes.Size", "contains", ("M", "Medium"))
L = Constraint("attributes.Size", "contains", ("L", "Large"))
WOOL = Constraint("text", "not_contains", ("wool",))


def fact(constraint=M, kind="size", session="s1", **more):
    return Fact(kind, constraint, more.pop("source", "said"), more.pop("words", "I wear M"), "t1", session, **more)


@pytest.fixture
def memory(tmp_path):
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", clock=lambda: datetime(2026, 11, 12, tzinfo=UTC))
    yield record.memory
    record.close()


def kept(memory, shopper=ANN):
    return [(f.kind, f.constraint.value, f.certain) for f in memory.facts(shopper)]


def test_nothing_is_stored_before_consent_or_after_it_was_withdrawn(memory):
    assert not memory.keep(ANN, fact(certain=True))
    assert memory.consent(ANN) is None
    memory.decide(ANN, True)
    assert memory.keep(ANN, fact(certain=True))
    memory.decide(ANN, False)
    assert memory.facts(ANN) == ()
    assert not memory.keep(ANN, fact(certain=True))
    assert memory.facts(ANN) == ()


def test_an_id_that_could_be_guessed_is_never_remembered(memory):
    with pytest.raises(ValueError, match="16 characters"):
        memory.decide("ann", True)
    assert memory.consent("ann") is None
    assert memory.facts("ann") == ()


def test_a_choice_is_certain_once_it_is_made_in_two_conversations(memory):
    memory.decide(ANN, True)
    assert not memory.keep(ANN, fact(source="chosen"))
    assert not memory.keep(ANN, fact(source="chosen"))
    assert kept(memory) == [("size", ("M", "Medium"), False)]
    assert memory.keep(ANN, fact(source="chosen", session="s2"))
    assert not memory.keep(ANN, fact(source="chosen", session="s3"))
    assert kept(memory) == [("size", ("M", "Medium"), True)]


def test_a_certain_size_takes_the_place_of_the_old_one_about_the_same_things(memory):
    memory.decide(ANN, True)
    memory.keep(ANN, fact(certain=True))
    memory.keep(ANN, fact(L, certain=True, about="Pets"))
    memory.keep(ANN, fact(L, source="chosen"))
    assert len(memory.facts(ANN)) == 3
    memory.keep(ANN, fact(L, certain=True))
    assert sorted((f.about, f.constraint.value[0]) for f in memory.facts(ANN)) == [("", "L"), ("Pets", "L")]


def test_a_dislike_takes_the_place_of_the_like_of_the_same(memory):
    memory.decide(ANN, True)
    memory.keep(ANN, fact(Constraint("attributes.Material", "contains", ("wool",)), "like", certain=True))
    memory.keep(ANN, fact(WOOL, "dislike", certain=True))
    assert kept(memory) == [("dislike", ("wool",), True)]


def test_a_shopper_reads_and_forgets_only_what_is_theirs(memory):
    for shopper in (ANN, BOB):
        memory.decide(shopper, True)
        memory.keep(shopper, fact(certain=True))
    (own,) = memory.facts(ANN)
    assert memory.forget(BOB, [own.id]) == 0
    assert memory.facts(ANN) == (own,)
    assert memory.forget(ANN, [own.id]) == 1
    assert memory.facts(ANN) == ()
    assert len(memory.facts(BOB)) == 1


def test_erasing_leaves_no_trace_of_the_shopper(memory):
    memory.decide(ANN, True)
    memory.keep(ANN, fact(certain=True))
    memory.erase(ANN)
    assert memory.consent(ANN) is None
    assert memory.facts(ANN) == ()
    for unknown in (ANN, "ann"):
        with pytest.raises(UnknownId, match="shopper"):
            memory.erase(unknown)


def test_a_fact_comes_back_as_it_was_kept(memory):
    memory.decide(ANN, True)
    memory.keep(ANN, fact(certain=True, about="Shoes"))
    (found,) = memory.facts(ANN)
    assert (found.constraint, found.about, found.words, found.turn_id, found.session_id) == (
        M,
        "Shoes",
        "I wear M",
        "t1",
        "s1",
    )
    assert found.at == datetime(2026, 11, 12, tzinfo=UTC)
    assert found.used_at is None
    memory.use([found.id])
    assert memory.facts(ANN)[0].used_at == found.at


def test_what_is_kept_of_one_shopper_is_bounded(memory):
    memory.decide(ANN, True)
    for number in range(FACTS_MOST + 3):
        memory.keep(ANN, fact(Constraint("id", "eq", f"p{number}"), "bought", certain=True))
    assert len(memory.facts(ANN)) == FACTS_MOST


def test_a_turn_tells_its_session_and_who_opened_it(tmp_path):
    record = Record(f"sqlite:///{tmp_path / 'record.db'}")
    opened = record.open_turn(Utterance("hi", shopper_id=ANN), "en", session_id=None)
    assert record.memory.session_of(opened.turn_id) == (opened.session_id, ANN)
    with pytest.raises(UnknownId, match="turn"):
        record.memory.session_of("none")
    record.close()


def test_one_command_deletes_all_that_is_remembered_of_a_shopper(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    record = Record(f"sqlite:///{tmp_path / 'record.db'}")
    record.memory.decide(ANN, True)
    assert main(["forget", ANN]) == 0
    assert record.memory.consent(ANN) is None
    assert main(["forget", ANN]) == 1
    assert "no such shopper" in capsys.readouterr().err
    record.close()
