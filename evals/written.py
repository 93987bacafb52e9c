"""Sentences that models write about a shelf, kept in a folder so that each is written once, and errors planted into them.

What a model wrote may be wrong by itself, so only the planted ones have a known truth: an error is put where the sentence
states a value of the listing.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from catalog import Product, has_cjk, sentences
from evals.amounts import money_of, rescaled, reunited
from evals.flips import flipped
from evals.planted import Sentence, shelves, split_of, wording

_SYSTEM = {
    "en": "You write for a shop. Answer with one sentence of at most 25 words, from the facts only. Name the product by its full title.",
    "zh": "你为商店写文案。只根据事实，用一句话回答，不超过四十个字，写出商品的全名。",
}
_ASKED = {
    "en": ("Recommend {title}.", "What does {title} cost, and what is special about it?", "Compare {title} with {other}.", "Describe {title} to a shopper."),
    "zh": ("推荐{title}。", "{title}多少钱，有什么特点？", "对比{title}和{other}。", "向顾客介绍{title}。"),
}  # fmt: skip
_TEMPERATURES = (0.0, 0.7, 1.0)
_MAX_TOKENS = 70
_END = re.compile(r"(?<=[.!?])\s|(?<=[。！？])|\n")


def write(
    model: Any, sources: dict[str, Sequence[Product]], limit: int, folder: Path, seed: int, progress: Any
) -> None:
    """Let the model write until its file in `folder` holds `limit` sentences; what is there already stays."""
    file = folder / f"{model.identity.name}.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    there = len(file.read_text(encoding="utf-8").splitlines()) if file.exists() else 0
    asked = _asked(sources, limit, random.Random(seed))
    for number, (source, shelf, template, temperature) in enumerate(asked[:limit], start=1):
        if number <= there:
            continue
        text = _spoken(model, shelf, template, temperature)
        row = {"source": source, "shelf": [p.id for p in shelf], "locale": shelf[0].locale, "text": text}
        row |= {"temperature": temperature, "asked": template}
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
        if progress:
            progress(model.identity.name, number, limit)


def _asked(
    sources: dict[str, Sequence[Product]], limit: int, rng: random.Random
) -> list[tuple[str, tuple[Product, ...], str, float]]:
    """What is asked, sources and splits in turn, so that any beginning of the list holds some of all."""
    columns = []
    for source, products in sources.items():
        for split in ("dev", "test"):
            own = [p for p in products if split_of(p) == split]
            drawn = shelves(own, limit // (2 * len(sources)) + 1, rng)
            asked = [rng.choice(_ASKED[shelf[0].locale]) for shelf in drawn]
            columns.append(
                [(source, shelf, text, rng.choice(_TEMPERATURES)) for shelf, text in zip(drawn, asked, strict=True)]
            )
    return [one for row in zip(*columns, strict=False) for one in row]


def _spoken(model: Any, shelf: Sequence[Product], template: str, temperature: float) -> str:
    one, two = shelf[:2]
    named = (one, two) if "{other}" in template else (one,)
    facts = "\n".join(_facts(product) for product in named)
    user = f"{facts}\n\n{template.format(title=one.title, other=two.title)}"
    messages = [SystemMessage(_SYSTEM[one.locale]), HumanMessage(user)]
    answer = model.invoke(messages, max_tokens=_MAX_TOKENS, temperature=temperature, stall_timeout_s=300)
    return next((part.strip() for part in _END.split(str(answer.content).strip()) if part.strip()), "")


def _facts(product: Product) -> str:
    told = [f"{name}: {value}" for name, value in product.attributes.items() if len(value) < 60][:4]
    told += sentences(product.description)[:2]
    end = "。" if product.locale == "zh" else ". "
    return f"{product.title}{end}{money_of(product)}{end}{end.join(part.rstrip('.。') for part in told)}{end}"


def written(folder: Path, split: str, sources: dict[str, Sequence[Product]], seed: int) -> Iterator[Sentence]:
    """The kept sentences on products of one split, as they are (claim "written") and with errors planted into them."""
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            by_id = {p.id: p for p in sources.get(row["source"], ())}
            shelf = tuple(by_id[id] for id in row["shelf"] if id in by_id)
            if not row["text"] or len(shelf) < len(row["shelf"]) or split_of(shelf[0]) != split:
                continue
            id = f"{file.stem}-{number}"
            yield Sentence(id, row["source"], row["locale"], "written", row["text"], shelf, origin=file.stem)
            rng = random.Random(f"{seed}-{id}")
            for error, text in _spoiled(row["text"], shelf, split, rng):
                yield Sentence(
                    f"{id}-{error}", row["source"], row["locale"], "written", text, shelf, error, (), file.stem
                )


def _spoiled(text: str, shelf: Sequence[Product], split: Any, rng: random.Random) -> Iterator[tuple[str, str]]:
    """The sentence with one error each, where it holds what the error is put in place of."""
    one, locale = shelf[0], shelf[0].locale
    if one.title not in text:
        return
    price = money_of(one)
    if re.search(rf"{re.escape(price)}(?![\d.,])", text):
        yield "price", text.replace(price, money_of(one, one.price * rng.choice((0.5, 0.8, 1.5))))
    if not any(p.title in text for p in shelf[1:]):
        other = text.replace(one.title, shelf[1].title)
        if _tells(text.replace(one.title, ""), one, shelf[1]):
            yield "attribute", other
    invented = rng.choice(wording("invented", locale, split))
    yield (
        "name",
        text.replace(
            one.title, f"{invented}{one.title[-4:]}" if locale == "zh" else f"{invented} {one.title.split()[-1]}"
        ),
    )
    for value in one.attributes.values():
        if value in text and (wrong := rescaled(value, rng.choice((0.5, 1.3, 2)))):
            yield "number", text.replace(value, wrong)
        if value in text and rescaled(value, 1) and (wrong := reunited(value)):
            yield "unit", text.replace(value, wrong)
    rest = text.replace(one.title, "\0")
    if wrong := flipped(rest):
        yield "negation", wrong.replace("\0", one.title)
    bare = text.rstrip(".。!！")
    yield "promise", rng.choice(wording("promise", locale, split)).format(true=bare)
    dearer = [p for p in shelf if p.price_minor < one.price_minor]
    if dearer:
        yield (
            "superlative",
            f"{bare}，是这几款里最便宜的。" if locale == "zh" else f"{bare}, and it is the cheapest of these.",
        )


def _tells(rest: str, one: Product, other: Product) -> bool:
    """Whether what is said of a product holds a word of its listing that the other's has not: said of that, it is wrong."""
    own, others = (f"{p.title} {p.description} {' '.join(p.attributes.values())}".casefold() for p in (one, other))
    parts = re.findall(r"[a-z]{5,}", rest.casefold())
    if has_cjk(rest):
        parts = [run[i : i + 2] for run in re.findall(r"[\u3400-\u9fff]+", rest) for i in range(len(run) - 1)]
    return sum(part in own and part not in others for part in parts) >= 2
