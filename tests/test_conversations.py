"""Five turns over a public catalogue in either language with the real model: what must hold whatever it says.

AISLE_TEST_DATA (default ../shared/data) holds the data sets, AISLE_TEST_HOME (default ./var) the weights and the indexes.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.model import load_model
from assistant.parts import Parts, assemble
from assistant.settings import Settings
from assistant.types import Turn, Utterance
from catalog import CatalogIndex, CatalogTables, import_feed, load_embedder
from evals.cases import Step, Want, is_kind, satisfies, text_of
from evals.converters import CONVERTERS, write_feed
from evals.scorers import score

pytestmark = pytest.mark.real

HOME = Path(os.environ.get("AISLE_TEST_HOME", "var")).resolve()
DATA = Path(os.environ.get("AISLE_TEST_DATA", Path(__file__).parents[1] / "../shared/data")).resolve()


@dataclass(frozen=True)
class Script:
    """Five messages: a wish, a refusal, a listed fact, one that is not listed, a comparison."""

    source: str
    locale: str
    messages: tuple[str, str, str, str, str]
    wants: tuple[Want, Want]
    fact: str
    absent: str
    not_said: str


SCRIPTS = (
    Script(
        "retail_demo_store",
        "en",
        (
            "I'm looking for a backpack under $100",
            "nothing with leather please",
            "How much is the first one?",
            "What is the battery life of the first one?",
            "Compare the first two",
        ),
        (Want("backpack", 100), Want("backpack", 100, ("leather",))),
        "price",
        "battery",
        "does not say",
    ),
    Script(
        "litemall_zh",
        "zh",
        ("想买四件套，600元以内", "不要涤纶的", "第一款是什么材质的？", "第一款的续航时间有多长？", "对比前两款"),
        (Want("四件套", 600), Want("四件套", 600, ("涤纶",))),
        "材质",
        "续航",
        "没有说明",
    ),
)


@dataclass(frozen=True)
class Talk:
    """A script as it was played, with the raw rows to judge it by."""

    script: Script
    rows: dict
    parts: Parts
    turns: tuple[Turn, ...]

    def shelf(self, number: int) -> tuple[str, ...]:
        """The ids on the shelf when message `number` was sent: those of the last slate before it."""
        return next((t.slate.ids() for t in reversed(self.turns[: number - 1]) if t.slate.items), ())


@pytest.fixture(scope="module")
def model():
    loaded = load_model(Settings(home=HOME, model="packaged", chats=1), progress=print)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module", params=SCRIPTS, ids=lambda script: script.source)
def talk(request, model, tmp_path_factory):
    script = request.param
    if not (DATA / script.source).is_dir():
        pytest.skip(f"{DATA} has no {script.source}: name the folder of the data sets in AISLE_TEST_DATA")
    rows = {str(row["id"]): row for row in CONVERTERS[script.source](DATA / script.source)}
    parts = opened(script.source, model, tmp_path_factory.mktemp(script.source))
    turns, session_id = [], None
    for message in script.messages:
        *_, done = parts.assistant.reply(Utterance(message, session_id))
        turns.append(done.turn)
        session_id = done.turn.session_id
    yield Talk(script, rows, parts, tuple(turns))
    parts.record.close()


def opened(source, model, folder):
    """The assistant over the data set, imported as a shop imports its feed; the index is kept for the next run."""
    home = HOME / "evals" / source
    record = f"sqlite:///{folder / 'record.db'}"
    settings = Settings(home=home, record_url=record, stall_timeout_s=120, turn_timeout_s=300)
    index = CatalogIndex(load_embedder(settings.embedder), home)
    feed = write_feed(source, DATA, home / "feed.jsonl")
    report = import_feed(feed, CatalogTables(settings.catalog_database), index, replace=True)
    index.close()
    assert report.rejects == ()
    return assemble(settings, model)


def test_every_product_shown_meets_the_wish_in_the_raw_rows(talk):
    for turn, want in zip(talk.turns, talk.script.wants, strict=False):
        assert turn.reply.kind == "recommend"
        assert turn.slate.items
        for id in turn.slate.ids():
            assert satisfies(talk.rows[id], want), (want, talk.rows[id])
            assert is_kind(talk.rows[id], want.kind), (want, talk.rows[id])
            assert talk.rows[id].get("quantity") != 0


def test_every_price_and_name_in_the_words_is_one_in_view(talk):
    for number, turn in enumerate(talk.turns, start=1):
        want = talk.script.wants[min(number, 2) - 1]
        found = score(Step(turn.message), want, turn.reply.text, turn.slate.ids(), talk.shelf(number), talk.rows)
        assert (found.off_prices, found.off_names) == ((), ()), turn.reply.text


def test_a_listed_fact_is_told_as_the_row_has_it(talk):
    turn = talk.turns[2]
    found = score(
        Step(turn.message, asks=talk.script.fact), None, turn.reply.text, turn.slate.ids(), talk.shelf(3), talk.rows
    )
    assert turn.reply.kind == "answer"
    assert found.fact is True, turn.reply.text


def test_what_is_not_listed_is_said_to_be_not_listed(talk):
    turn, first = talk.turns[3], talk.rows[talk.shelf(4)[0]]
    assert talk.script.absent not in text_of(first)
    assert talk.script.not_said in turn.reply.text
    assert turn.evidence == ()


def test_two_products_are_compared_by_their_own_prices(talk):
    turn, two = talk.turns[4], talk.shelf(5)[:2]
    assert turn.reply.kind == "compare"
    for id in two:
        assert talk.rows[id]["title"] in turn.reply.text
        assert f"{float(talk.rows[id]['price']):g}" in turn.reply.text.replace(",", "")


def test_the_whole_conversation_is_in_the_shoppers_language(talk):
    assert {turn.locale for turn in talk.turns} == {talk.script.locale}


def test_the_model_spoke_and_every_source_that_a_sentence_cites_is_in_the_listing(talk):
    supported = [claim for turn in talk.turns for claim in turn.reply.claims if claim.evidence]
    assert supported
    for turn in talk.turns:
        lines = {line.id: line for line in turn.evidence}
        for claim in turn.reply.claims:
            for id in claim.evidence:
                line = lines[id]
                if line.kind in ("description", "review"):
                    assert squeezed(line.quote) in squeezed(text_of(talk.rows[line.product_id]))


def test_every_turn_is_committed_with_what_produced_it_and_none_failed(talk):
    kept = talk.parts.assistant.turns(talk.turns[0].session_id)
    assert list(kept) == [replace(turn, gaps=()) for turn in talk.turns]  # what is lacking is kept for the owner's page
    for turn in kept:
        assert turn.failure is None
        versions = turn.versions
        assert versions.model.startswith("qwen2.5-coder-1.5b-instruct")
        assert versions.quantisation == "q4_k_m"
        assert versions.index == talk.parts.catalog.version
        assert versions.prompt and versions.ranker


def squeezed(text):
    return "".join(text.casefold().split())
