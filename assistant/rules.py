"""Questions about delivery, returns, warranty or payment: the shop's own rules, quoted."""

import re
from collections.abc import Iterator

from assistant.evidence import policy
from assistant.phrases import say
from assistant.reading.intent import is_courtesy
from assistant.respond import Moment, Said, said
from catalog import Catalog, Policy, tokens

_RULES = 2
_AS_NEAR = 0.015
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
        hits = catalog.rules(clause, moment.locale, _RULES)
        chosen |= {hit.policy.id: hit.policy for hit in hits if hits[0].score - hit.score < _AS_NEAR}
    if not chosen:
        yield said(say("policy_none", moment.locale))
    for section in list(chosen.values())[: _RULES + len(clauses) - 1]:
        line = policy(section)
        yield said(say("policy_says", moment.locale, title=section.title.rstrip("?？"), quote=line.quote), [line])
