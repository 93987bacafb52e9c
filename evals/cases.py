"""Conversations whose right answers are known from the feed rows themselves: built from a data set by a seed, never stored."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Want:
    """What must hold of every product shown from this turn on, in terms of the feed row."""

    kind: str | None = None
    price_max: float | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One message. `want` for a search; `asks` names what is asked of the `target`-th product shown."""

    message: str
    want: Want | None = None
    asks: str | None = None
    target: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation with its id, the data set it comes from and its language."""

    id: str
    source: str
    locale: str
    steps: tuple[Step, ...] = field(default=())


def english_cases(rows: Sequence[Row], n: int, rng: random.Random) -> list[Case]:
    """Conversations over retail_demo_store: a style under a price, one thing ruled out, a fact that is listed, one that is not."""
    kinds = _kinds(rows, lambda row: row["attributes"]["Style"])
    openings = (
        "I'm looking for a {kind} under ${limit}",
        "Show me {kind} options below ${limit}, please",
        "do you have any {kind} for less than ${limit}?",
    )
    excludes = (
        ("leather", "not leather please"),
        ("black", "anything but black"),
        ("plastic", "no plastic"),
        ("vintage", "nothing vintage"),
        ("red", "not red"),
    )
    listed = (
        ("price", "How much is the {nth} one?"),
        ("Style", "What style is the {nth} one?"),
        ("stock", "Is the {nth} one in stock?"),
    )
    absent = (
        ("battery", "What is the battery life of the {nth} one?"), ("weigh", "How much does the {nth} one weigh?"),
        ("warranty period", "How many years of warranty does the {nth} one have?"), ("made in", "Which country is the {nth} one made in?"),
        ("dishwasher", "Can the {nth} one go in the dishwasher?"), ("decibel", "How many decibels does the {nth} one make?"),
    )  # fmt: skip
    return [
        _case(
            f"retail-{i}",
            "retail_demo_store",
            "en",
            kinds,
            openings,
            excludes,
            listed,
            absent,
            ("first", "second"),
            rng,
            i,
        )
        for i in range(n)
    ]


def chinese_cases(rows: Sequence[Row], n: int, rng: random.Random) -> list[Case]:
    """Conversations over litemall_zh: a category under a price, one thing ruled out, a fact that is listed, one that is not."""
    kinds = _kinds(rows, lambda row: row["category"][-1])
    openings = ("想买{kind}，{limit}元以内", "有没有{limit}元以下的{kind}", "给我推荐{kind}，预算{limit}元")
    excludes = (
        ("塑料", "不要塑料的"),
        ("羽绒", "不要羽绒的"),
        ("黑色", "不要黑色"),
        ("真丝", "不要真丝的"),
        ("涤纶", "别给我看涤纶的"),
    )
    listed = (
        ("price", "{nth}多少钱？"),
        ("材质", "{nth}是什么材质的？"),
        ("产地", "{nth}的产地是哪里？"),
        ("尺寸", "{nth}的尺寸是多少？"),
    )
    absent = (
        ("续航", "{nth}的续航时间有多长？"), ("保修", "{nth}保修几年？"), ("功率", "{nth}的功率是多少瓦？"),
        ("分贝", "{nth}的噪音是多少分贝？"), ("蓝牙", "{nth}支持蓝牙吗？"), ("洗碗机", "{nth}能放进洗碗机吗？"),
    )  # fmt: skip
    return [
        _case(
            f"litemall-{i}",
            "litemall_zh",
            "zh",
            kinds,
            openings,
            excludes,
            listed,
            absent,
            ("第一个", "第二个"),
            rng,
            i,
        )
        for i in range(n)
    ]


def _kinds(rows: Sequence[Row], kind_of: Callable[[Row], str]) -> dict[str, list[Row]]:
    kinds: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[kind_of(row)].append(row)
    return {kind: found for kind, found in sorted(kinds.items()) if len(found) >= 5}


def _case(
    id: str,
    source: str,
    locale: str,
    kinds: dict[str, list[Row]],
    openings: Sequence[str],
    excludes: Sequence[tuple[str, str]],
    listed: Sequence[tuple[str, str]],
    absent: Sequence[tuple[str, str]],
    ordinals: Sequence[str],
    rng: random.Random,
    number: int,
) -> Case:
    """Four turns; the limit is a price that some of the kind meet and some do not."""
    kind = rng.choice(list(kinds))
    prices = sorted(float(row["price"]) for row in kinds[kind])
    limit = int(prices[len(prices) * rng.choice((3, 5, 7)) // 10]) + 1
    word, refusal = rng.choice(excludes)
    nth = rng.randrange(2)
    asked, question = listed[number % len(listed)]
    missing, absurd = absent[number % len(absent)]
    first = Want(kind, limit)
    return Case(
        id, source, locale,
        (
            Step(rng.choice(openings).format(kind=kind, limit=limit), first),
            Step(refusal, Want(kind, limit, (word,))),
            Step(question.format(nth=ordinals[nth]), asks=asked, target=nth),
            Step(absurd.format(nth=ordinals[0]), asks=f"absent:{missing}", target=0),
        ),
    )  # fmt: skip


def satisfies(row: Row, want: Want) -> bool:
    """Whether a feed row meets the hard wishes: price and what is ruled out. The kind is judged apart, as precision."""
    if want.price_max is not None and float(row["price"]) > want.price_max:
        return False
    return not any(_says(row, word) for word in want.excluded)


def is_kind(row: Row, kind: str) -> bool:
    """Whether the row is of the kind asked for, by its style or category or, failing these, its title."""
    category = row["category"] if isinstance(row["category"], list) else [row["category"]]
    named = (*category, row["attributes"].get("Style", ""))
    return kind in named or kind.casefold() in row["title"].casefold()


def _says(row: Row, word: str) -> bool:
    text = text_of(row)
    if re.fullmatch(r"[a-z]+", word):
        return re.search(rf"\b{word}\b", text) is not None
    return word in text


def text_of(row: Row) -> str:
    """Everything a listing says, folded."""
    reviews = " ".join(review["text"] for review in row.get("reviews", []))
    facts = " ".join(f"{name} {value}" for name, value in row["attributes"].items())
    return f"{row['title']} {row['description']} {facts} {reviews}".casefold()
