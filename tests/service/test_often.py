"""What is answered often is found beside the shop, decided once, and never comes again."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import NotAllowed, UnknownId
from assistant.record import Record
from assistant.record.agents import Agent
from assistant.record.faq import FaqChoices
from assistant.service.faq_file import NotAdded
from assistant.service.often import Often
from assistant.service.past import Case
from catalog import Policy, load_policies
from tests.record.test_agents import SECRET, Clock
from tests.service.beside import case, embedded

ENGRAVE = ("Do you engrave names?", "We do not engrave.")
HIRE = ("Are you hiring?", "We hire nobody.")


def three(told: tuple[str, str], first: int = 1, locale: Any = "en") -> list[Case]:
    return [case(f"{told[0][:2]}{n}", *told, locale) for n in range(first, first + 3)]


@dataclass
class Shop:
    """A shop whose closed conversations a test adds to."""

    folder: Path
    record: Record
    owner: Agent
    lead: Agent
    agent: Agent
    cases: list[Case] = field(default_factory=list)
    policies: Callable[[], tuple[Policy, ...]] = tuple
    fails: bool = False

    def closed(self) -> Callable[[], list[Case]]:
        told: set[str] = set()

        def new() -> list[Case]:
            found = [one for one in self.cases if one.id not in told]
            told.update(one.id for one in found)
            if self.fails:
                raise OSError("disk full")
            return found

        return new

    def often(self, **more: Any) -> Often:
        choices = FaqChoices(self.record.engine, Clock())
        more = {"known": embedded, "patience_s": 30} | more
        return Often(self.closed, choices=choices, policies=lambda: self.policies(), folder=self.folder, **more)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", clock=Clock())
    roles: tuple[Any, ...] = ("owner", "lead", "agent")
    hired = [record.agents.add(f"{role}@example.org", role, role, SECRET) for role in roles]
    yield Shop(tmp_path / "policies", record, *hired)
    record.close()


def asked(often: Often, agent: Agent) -> list[tuple[str, int]]:
    looked = often.look(agent)
    assert not looked.looking
    return [(one.question, one.count) for one in looked.suggestions]


def test_what_is_closed_meanwhile_is_found_at_the_next_look(shop: Shop) -> None:
    often = shop.often()
    assert asked(often, shop.lead) == []
    shop.cases += three(ENGRAVE)
    assert asked(often, shop.lead) == [(ENGRAVE[0], 3)]
    shop.cases += [*three(ENGRAVE, 4), *three(HIRE)]
    assert asked(often, shop.owner) == [(ENGRAVE[0], 6), (HIRE[0], 3)]


def test_a_conversation_that_is_closed_again_counts_once(shop: Shop) -> None:
    often = shop.often()
    shop.cases += three(ENGRAVE)[:2]
    assert asked(often, shop.lead) == []
    shop.cases[0] = Case("Do3", *ENGRAVE, "en", shop.cases[0].at)
    shop.cases.append(Case("Do3", *ENGRAVE, "en", shop.cases[0].at))
    assert asked(often, shop.lead) == [(ENGRAVE[0], 3)]


def test_what_is_turned_away_never_comes_again_however_often_it_is_asked(shop: Shop) -> None:
    shop.cases += [*three(ENGRAVE), *three(HIRE)]
    often = shop.often()
    found = often.look(shop.lead).suggestions
    often.hide(shop.lead, next(one.id for one in found if one.question == ENGRAVE[0]))
    assert asked(often, shop.lead) == [(HIRE[0], 3)]
    shop.cases += three(ENGRAVE, 4)
    assert asked(often, shop.lead) == [(HIRE[0], 3)]
    shop.cases = [*three(ENGRAVE, 20), *three(("Do you ENGRAVE names ?", "No, never."), 40)]  # all others, years later
    assert asked(shop.often(), shop.lead) == []


def test_what_is_added_stands_in_the_file_in_the_owners_words_and_is_done_with(shop: Shop) -> None:
    shop.cases += three(ENGRAVE)
    often = shop.often()
    (one,) = often.look(shop.owner).suggestions
    file = often.add(shop.owner, one.id, "Can you put a name on it?", "We do not engrave, but we embroider.")
    assert file == shop.folder / "faq.en.md"
    assert [two.title for two in load_policies(shop.folder)] == ["Can you put a name on it?"]
    assert asked(often, shop.owner) == []
    assert asked(shop.often(), shop.owner) == []
    with pytest.raises(UnknownId, match="suggestion"):
        often.add(shop.owner, one.id, *ENGRAVE)


def test_what_the_faq_says_already_is_not_suggested(shop: Shop) -> None:
    shop.cases += [*three(ENGRAVE), *three(HIRE), *three(ENGRAVE, 4, "zh")]
    shop.policies = lambda: (
        Policy("faq.en.1", "en", "do you engrave names", "Something else."),
        Policy("faq.en.2", "en", "Hiring?", "We hire nobody."),
    )
    assert [one.locale for one in shop.often().look(shop.lead).suggestions] == ["zh"]


def test_a_file_that_has_the_question_keeps_the_suggestion(shop: Shop) -> None:
    shop.cases += three(ENGRAVE)
    often = shop.often()
    (one,) = often.look(shop.owner).suggestions
    shop.folder.mkdir()
    (shop.folder / "faq.en.md").write_text("## Names\n\nNo.\n")
    with pytest.raises(NotAdded):
        often.add(shop.owner, one.id, "names?", "No.")
    assert asked(often, shop.owner) == [(ENGRAVE[0], 3)]


def test_agents_see_nothing_and_only_owners_write(shop: Shop) -> None:
    shop.cases += three(ENGRAVE)
    often = shop.often()
    (one,) = often.look(shop.lead).suggestions
    for forbidden in (
        lambda: often.look(shop.agent),
        lambda: often.hide(shop.agent, one.id),
        lambda: often.add(shop.lead, one.id, *ENGRAVE),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    assert not shop.folder.exists()
    assert asked(often, shop.lead) == [(ENGRAVE[0], 3)]


def test_nobody_waits_for_a_long_search_and_two_who_ask_start_one(shop: Shop) -> None:
    shop.cases += three(ENGRAVE)
    go, runs = threading.Event(), []

    def slowly(texts: Any) -> Any:
        runs.append(len(texts))
        assert go.wait(30)
        return embedded(texts)

    often = shop.often(known=slowly, patience_s=0.01)
    looked = [often.look(shop.lead), often.look(shop.owner)]
    assert [(one.suggestions, one.looking, one.failed) for one in looked] == [((), True, False)] * 2
    go.set()
    assert [one.question for one in often.find()] == [ENGRAVE[0]]
    assert runs[:2] == [3, 3]
    assert len([n for n in runs if n == 3]) == 2


def test_a_search_that_fails_is_told_and_loses_nothing(shop: Shop) -> None:
    shop.cases += three(ENGRAVE)
    shop.fails = True
    often = shop.often()
    assert often.look(shop.lead).failed
    shop.fails = False
    looked = often.look(shop.lead)
    assert (len(looked.suggestions), looked.failed) == (1, False)
