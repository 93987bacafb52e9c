"""Are questions about a product answered from the right line, and declined where no line answers?

The whole assistant is asked, first with code alone: where the model would be asked, it declines, or takes the first line
that it offers. Then a sample with the real model, beside a plain prompt with the listing in it.
"""

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from assistant import DoneEvent, Settings, Turn, Utterance
from assistant.model import ChatModel, Generation, GenerationRequest, Message, ModelIdentity, load_model
from assistant.parts import assemble
from catalog import load_embedder, tokens
from evals.catalogues import bring_in
from evals.metrics import mean, proportion, quantile
from evals.question_cases import Question, Split, is_gold, questions

SAMPLE = 40
_SEED = 20261125
_PLAIN = (
    "You are the assistant of an online shop. Answer the question about the product from its listing, briefly. "
    "If the listing does not say, answer: The listing does not say."
)
_DECLINES = re.compile(
    r"\b(?:does ?n[o']t|do ?n[o']t|not|no|isn't|unclear|unknown)\b.{0,40}\b(?:say|state|mention|specif|provid|information|clear|known|indicat|includ\w* in the listing)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Result:
    """One question to one system. `declined` and `right` are None where the turn failed; cost is the model's own."""

    system: str
    question: str
    source: str
    answerable: bool
    withheld: bool
    text: str
    reply: str
    declined: bool | None
    right: bool | None
    seconds: float
    calls: float
    tokens: float
    failure: str | None = None


class _Always:
    """An engine that gives the same answer to whatever is asked."""

    constrains = True

    def __init__(self, answer: str) -> None:
        self._answer = answer
        self.identity = ModelIdentity(f"always {answer}", "none", "1")

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        request.usage.output_tokens += 1
        yield self._answer

    def warm(self, system_texts: Sequence[str]) -> None:
        pass

    def close(self) -> None:
        pass


TAKING, DECLINING = "code, taking the first", "code, declining"


def run(
    data: Path,
    home: Path,
    *,
    split: Split = "dev",
    cases: int | None = None,
    limit: int = SAMPLE,
    progress: Any = None,
) -> dict[str, Any]:
    """`cases` questions of `split`, or all, with code alone; `limit` of them with the model and the plain prompt."""
    settings = Settings()  # type: ignore[call-arg]
    every = questions(data / "pqa_amazon", split)
    asked = every if cases is None else random.Random(_SEED).sample(every, min(cases, len(every)))  # noqa: S311
    folder = home / f"pqa_amazon-{split}-{len(asked)}"
    own = settings.model_copy(update={"home": folder, "catalog_url": None, "record_url": None, "chroma_url": None})
    embedder = load_embedder(own.embedder)
    bring_in((question.row for question in asked), folder, embedder)
    results: list[Result] = []
    started = time.time()
    taking = _assistant(TAKING, asked, own, ChatModel(engine=_Always('{"line": 1}')), progress)
    results += [*map(_declining, taking), *taking]
    identity = None
    if limit:
        model = load_model(settings, progress=print)
        identity = f"{model.identity.name}, {model.identity.quantisation}"
        sample = _sample(asked, limit)
        results += _assistant("assistant", sample, own, model, progress)
        results += [_plainly(question, model) for question in sample]
    return {
        "model": identity or "none",
        "embedder": embedder.name,
        "split": split,
        "minutes": round((time.time() - started) / 60, 1),
        "summary": summaries(results),
        "results": [asdict(result) for result in results],
    }


def _sample(asked: Sequence[Question], limit: int) -> list[Question]:
    """Half of them answerable, half not, of both sources alike."""
    drawn: list[Question] = []
    rng = random.Random(_SEED)  # noqa: S311
    for source in ("hetpqa", "semipqa"):
        for answerable in (True, False):
            group = [one for one in asked if one.source == source and bool(one.gold) == answerable]
            drawn += rng.sample(group, min(limit // 4, len(group)))
    return drawn


def _assistant(
    system: str, asked: Sequence[Question], settings: Settings, model: ChatModel, progress: Any
) -> list[Result]:
    parts = assemble(settings, model)
    found = []
    for number, question in enumerate(asked, start=1):
        *_, done = parts.assistant.reply(Utterance(f"About the {question.row['title']}: {question.text}"))
        assert isinstance(done, DoneEvent)  # noqa: S101  (the last event of a turn)
        found.append(_scored(system, question, done.turn))
        if progress:
            progress(system, number, len(asked))
    parts.record.close()
    parts.stock.index.close()
    return found


def _declining(result: Result) -> Result:
    """The same question where code declines instead of taking the first line."""
    if not result.calls:
        return replace(result, system=DECLINING)
    return replace(result, system=DECLINING, reply="", declined=True, right=False, calls=0, tokens=0)


def _scored(system: str, question: Question, turn: Turn) -> Result:
    """A turn is right where one of the lines it quotes answers; it declines where it quotes none of the listing's."""
    quoted = [line.quote for line in turn.evidence if line.product_id == question.row["id"]]
    spent = turn.timings_ms
    return Result(
        system, question.id, question.source, bool(question.gold), question.withheld, question.text, turn.reply.text,
        not quoted if turn.failure is None else None,
        any(is_gold(quote, question) for quote in quoted) if turn.failure is None else None,
        spent["total"] / 1000, spent.get("generations", 0), spent.get("prompt_tokens", 0) + spent.get("output_tokens", 0),
        turn.failure,
    )  # fmt: skip


def _plainly(question: Question, model: ChatModel) -> Result:
    """The listing in the prompt and the answer as it comes: right where the line it is most like answers."""
    lines = _lines(question)
    listed = "\n".join(f"- {line}" for line in lines)
    started, text, failure = time.monotonic(), "", None
    spent: list[Generation] = []
    try:
        said = model.invoke(
            [SystemMessage(_PLAIN), HumanMessage(f"{listed}\n\nQuestion: {question.text}")],
            max_tokens=60,
            stall_timeout_s=240,
            measured=spent.append,
        )
        text = " ".join(str(said.content).split())
    except Exception as error:  # a failed case is counted as one, and the run goes on
        failure = f"{type(error).__name__}: {error}"
    used = sum(one.usage.prompt_tokens + one.usage.output_tokens for one in spent)
    declined = _DECLINES.search(text) is not None
    likest = max(lines, key=lambda line: _alike(line, text)) if lines else ""
    return Result(
        "plain prompt", question.id, question.source, bool(question.gold), question.withheld, question.text, text,
        declined if failure is None else None,
        not declined and is_gold(likest, question) if failure is None else None,
        time.monotonic() - started, 1, used, failure,
    )  # fmt: skip


def _lines(question: Question) -> list[str]:
    row = question.row
    told = [f"{name}: {value}" for name, value in row["attributes"].items()]
    return [*told, *row["description"].splitlines(), *(review["text"] for review in row["reviews"])]


def _alike(line: str, text: str) -> float:
    own, other = set(tokens(line)), set(tokens(text))
    return len(own & other) / (len(own | other) or 1)


def summaries(results: Sequence[Result]) -> dict[str, dict[str, dict[str, str]]]:
    """For every system, of all questions and of each source, its measures with their intervals."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for system in dict.fromkeys(result.system for result in results):
        mine = [result for result in results if result.system == system]
        found[system] = {"all": _summary(mine)}
        for source in dict.fromkeys(result.source for result in mine):
            found[system][source] = _summary([result for result in mine if result.source == source])
    return found


def _summary(results: Sequence[Result]) -> dict[str, str]:
    can = [result for result in results if result.answerable]
    cannot = [result for result in results if not result.answerable]
    seconds = [result.seconds for result in results]
    return {
        "answerable, answered from a right line": str(proportion([r.right for r in can])),
        "answerable, answered from another line": str(
            proportion([None if r.right is None else not r.right and not r.declined for r in can])
        ),
        "unanswerable, declined": str(proportion([r.declined for r in cannot])),
        "of these with the line withheld": str(proportion([r.declined for r in cannot if r.withheld])),
        "of these never answered": str(proportion([r.declined for r in cannot if not r.withheld])),
        "failures": str(sum(r.failure is not None for r in results)),
        "model calls": str(mean([r.calls for r in results])),
        "tokens": f"{mean([r.tokens for r in results]).mean:.0f}",
        "seconds, median / p95": f"{quantile(seconds, 0.5):.2f} / {quantile(seconds, 0.95):.2f}",
    }


def table(report: Mapping[str, Any]) -> str:
    """One Markdown table: a row for every measure, a column for every system."""
    summary = report["summary"]
    systems = list(summary)
    lines = [f"| {report['split']} | measure | " + " | ".join(systems) + " |", "|---" * (len(systems) + 2) + "|"]
    for source in dict.fromkeys(source for system in systems for source in summary[system]):
        for name in summary[systems[0]]["all"]:
            cells = [summary[system].get(source, {}).get(name, "–") for system in systems]
            lines.append(f"| {source} | {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
