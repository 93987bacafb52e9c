"""What the tests of the parts beside an agent share: turns, the small shop's past answers, proposals."""

from datetime import UTC, datetime

import numpy as np

from assistant.service import Deed, Effect, Proposal
from assistant.service.learnt import Learnt
from assistant.service.past import Case, PastAnswers
from assistant.types import Claim, Evidence, Kind, Need, Reply, Slate, SlateItem, Turn, Versions
from catalog import Locale, Product
from tests.fakes import WordEmbedder
from tests.shop import POLICIES

NOW = datetime(2026, 11, 28, tzinfo=UTC)
WORDS = WordEmbedder()
NOTHING = Learnt(("all",), np.zeros((1024, 1), np.float32), np.zeros(1, np.float32))
"""To which all texts are about the same."""


def turn(
    message: str,
    kind: Kind = "recommend",
    text: str = "Here you are.",
    *,
    evidence: tuple[Evidence, ...] = (),
    shown: tuple[Product, ...] = (),
    need: Need | None = None,
    locale: Locale = "en",
    **more,
) -> Turn:
    """A turn of which only what a test is about needs to be said."""
    claims = (Claim(text, "supported", tuple(line.id for line in evidence)),)
    slate = Slate(tuple(SlateItem(product, 1.0) for product in shown))
    versions = Versions("none", "none", "none", "none", "none")
    return Turn(
        message, "s1", message, locale, need or Need(), slate, Reply(kind, text, claims), evidence, {}, versions, **more
    )


def proposal(kind: str, state: str = "done", *, amount: int = 0, order: str = "LL-10447") -> Proposal:
    """A deed that was proposed, and moves so much money back."""
    effects = (Effect("refund", amount),) if amount else ()
    deed = Deed(kind, order, amount_minor=amount if kind == "refund" else None)
    return Proposal("p1", "s1", "c1", deed, effects, state, "assistant", NOW)


def case(id: str, question: str, answer: str, locale: Locale = "en", known: tuple[str, ...] = ()) -> Case:
    return Case(id, question, answer, locale, NOW, known)


def past_answers(*cases: Case, policies=POLICIES) -> PastAnswers:
    """The small shop's rules and these conversations, found by their words."""
    return PastAnswers(policies, WORDS.passages, lambda texts: embedded(texts), NOTHING, cases)


def embedded(texts):
    return WORDS.passages(texts) if texts else np.zeros((0, 1024), np.float32)
