"""Questions about delivery, returns, warranty or payment: the shop's own rules, quoted."""

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import policy
from assistant.lacking import no_rule
from assistant.phrases import say
from assistant.reading.intent import is_courtesy
from assistant.reading.vocabulary import table
from assistant.respond import Moment, Said, said
from catalog import Catalog, Policy, PolicyHit, mentions, tokens

_RULES = 2
_AS_NEAR = 0.015
_ON_TOPIC = 0.03  # as much as all words of the question make, so that nearness in meaning still counts
_FIRST = 0.01  # the first section of a file on the topic says what holds in general
_TWO_QUESTIONS = re.compile(
    r"[?？!！。;；]\s*|,?\s+(?:and|or)\s+(?=(?:also |then )?(?:can|could|how|do|does|is|are|what|where|when|will|would)\b)|(?<=[吗呢])[，,]",
    re.IGNORECASE,
)


def shop_rule(question: str, catalog: Catalog, moment: Moment) -> Iterator[Said]:
    """A question about delivery, returns, warranty or payment: the sections of the shop's rules that answer, quoted.

    A message that asks two things gets sections for each, and the second nearest too where it is as near as the first.
    """
    spoken = [clause for clause in _TWO_QUESTIONS.split(question) if tokens(clause)]
    clauses = [clause for clause in spoken if not is_courtesy(clause)] or [question]
    chosen: dict[str, Policy] = {}
    for clause in clauses[:_RULES]:
        hits = ranked(clause, catalog.rules(clause, moment.locale, len(catalog.policies)))[:_RULES]
        chosen |= {policy.id: policy for score, policy in hits if hits[0][0] - score < _AS_NEAR}
    if not chosen:
        yield said(say("policy_none", moment.locale), gaps=[no_rule(question)])
    for section in list(chosen.values())[: _RULES + len(clauses) - 1]:
        line = policy(section)
        yield said(say("policy_says", moment.locale, title=section.title.rstrip("?？"), quote=line.quote), [line])


def ranked(question: str, hits: Sequence[PolicyHit]) -> list[tuple[float, Policy]]:
    """Sections with their scores, best first: those whose title names what a question is about before others."""
    named = [
        word
        for topic in table("topics").values()
        if any(mentions(question, words) for words in topic["asked"])
        for word in topic["named"]
    ]
    scored = []
    for hit in hits:
        on_topic = any(mentions(hit.policy.title, word) for word in named)
        first = hit.policy.id.endswith(".1")
        scored.append((hit.score + on_topic * (_ON_TOPIC + first * _FIRST), hit.policy))
    return sorted(scored, key=lambda one: -one[0])
