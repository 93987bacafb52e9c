"""Are real requests read right? Price limits and attributes of ShoppingBench, the words people searched with of WebShop.

Only the need is looked at, which code reads; no model runs. The shop that is asked sells what ShoppingBench's requests
are for, so that its vocabulary is learnt from a feed as anywhere. WebShop's instructions come without prices or options.
Labels are not complete: a constraint counts as right too where the title of the wanted product speaks of it.
"""

import json
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant import Need, NeedEvent, Settings, Utterance
from assistant.model import ChatModel, GenerationRequest, Message, ModelIdentity
from assistant.parts import Parts, assemble
from catalog import Constraint, Product, load_embedder, mentions, satisfies, tokens
from evals.catalogues import bring_in
from evals.metrics import Estimate, bootstrap, proportion

_SEED = 20261124
_PESOS = re.compile(r"\b(?:pesos?|PHP)\b", re.IGNORECASE)  # a currency apart from how a limit is worded
_NEGATED = frozenset({"ne", "not_in", "not_contains"})  # labels tell what is wanted
_INSTRUCTIONS = 300
_PRICELESS = 100  # what a product costs whose request names no price
_NO_VALUES = frozenset({"", "default", "none", "others", "other", "no", "yes", "not specified"})
_NOT_SCORED = frozenset({"price", "in_stock", "rating"})
_SIZES = {"xs": "extra small", "s": "small", "m": "medium", "l": "large", "xl": "extra large", "xxl": "2xl"}

Bounds = frozenset[tuple[str, float]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Goal:
    """A request and what it is labelled with: bounds of the price, values of options and attributes, or mere words."""

    id: str
    source: str
    text: str
    product_id: str = ""
    price: Bounds | None = None
    values: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Result:
    """One goal as it was read.

    `read` are labelled values that became constraints, `kept` those that stayed in the query. `allowed` says whether the
    wanted product meets the whole need. `right` are the constraints on anything but kind and price that a labelled value
    or the product's title speaks of, `wrong` the others.
    """

    goal: Goal
    need: Need
    price_right: bool | None = None
    price_right_in_dollars: bool | None = None
    allowed: bool | None = None
    read: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    words_kept: float | None = None


def run(data: Path, home: Path, *, limit: int | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Read `limit` requests of each source under `data`; the report with every single reading."""
    started = time.time()
    rows, goals = shoppingbench(data / "shoppingbench")
    instructions = webshop(data / "webshop_goals", random.Random(_SEED))
    asked = [*goals[:limit], *instructions[:limit]]
    results = []
    shop = _shop(rows, home / "shoppingbench")
    for number, goal in enumerate(asked, 1):
        in_dollars = _need(shop, _PESOS.sub("dollars", goal.text)) if goal.price else None
        results.append(scored(goal, _need(shop, goal.text), in_dollars, shop.catalog.get(goal.product_id)))
        if progress:
            progress("requests read", number, len(asked))
    shop.record.close()
    return {
        "model": "none, the need is read in code",
        "products": len(rows),
        "minutes": round((time.time() - started) / 60, 1),
        "summary": {k: str(v) for k, v in summary(results).items()},
        "results": [asdict(result) | {"goal": _plain(result.goal)} for result in results],
    }


def shoppingbench(folder: Path) -> tuple[list[dict[str, Any]], list[Goal]]:
    """All wanted products as feed rows, and the 250 requests for one product with their labels."""
    rows: dict[str, dict[str, Any]] = {}
    goals = []
    for name in ("product", "shop"):
        for number, line in enumerate((folder / f"synthesize_{name}_test.jsonl").read_text("utf-8").splitlines()):
            case = json.loads(line)
            wanted = case["reward"] if isinstance(case["reward"], list) else [case["reward"]]
            for product in wanted:
                rows[product["product_id"]] = _row(product)
            if name == "product":
                id = f"shoppingbench-{number}"
                values = tuple(dict.fromkeys(value for _, value in _labels(wanted[0])))
                goals.append(
                    Goal(id, "shoppingbench", case["query"], wanted[0]["product_id"], _bounds(wanted[0]), values)
                )
    return list(rows.values()), goals


def webshop(folder: Path, rng: random.Random) -> list[Goal]:
    """Instructions of WebShop with the words that a person typed into its search box for each."""
    typed = sorted(json.loads((folder / "goal_query_map.json").read_text("utf-8")).items())
    return [
        Goal(f"webshop-{number}", "webshop", text, words=frozenset(tokens(queries[0])))
        for number, (text, queries) in rng.sample(list(enumerate(typed)), min(_INSTRUCTIONS, len(typed)))
        if queries and tokens(queries[0])
    ]


def scored(goal: Goal, need: Need, in_dollars: Need | None = None, product: Product | None = None) -> Result:
    """What of `goal` is in `need`, and what else is. `in_dollars` is the need of the same request with pesos so called."""
    spoken = [(c, _texts(c)) for c in need.constraints if c.field not in _NOT_SCORED]
    said = [text for _, texts in spoken for text in texts]
    read = tuple(value for value in goal.values if any(_same(value, text) for text in said))
    kept = tuple(value for value in goal.values if value not in read and mentions(need.query, value))
    known = (*goal.values, product.title if product else "")
    right, wrong = [], []
    for constraint, texts in spoken:
        if constraint.field != "type" and constraint.op not in _NEGATED:
            labelled = any(_same(value, text) for text in texts for value in known)
            (right if labelled else wrong).append(f"{constraint.field} {constraint.op} {constraint.value}")
    in_need = set(tokens(" ".join((need.query, need.category or "", *said))))
    return Result(
        goal, need, _priced(goal, need), _priced(goal, in_dollars),
        None if product is None else satisfies(product, need.constraints), read, kept, tuple(right), tuple(wrong),
        len(goal.words & in_need) / len(goal.words) if goal.words else None,
    )  # fmt: skip


def _priced(goal: Goal, need: Need | None) -> bool | None:
    return None if need is None or goal.price is None else _read_bounds(need) == goal.price


def summary(results: Sequence[Result]) -> dict[str, Estimate]:
    """The measures, each with its interval; attributes over those labelled values that the request says word for word."""
    priced = [r for r in results if r.goal.price]
    unpriced = [r for r in results if r.goal.price is not None and not r.goal.price]
    said = [(r, v) for r in results for v in r.goal.values if mentions(r.goal.text, v)]
    groups = [r.goal.id for r, _ in said]
    labelled = [(r.goal.id, 1.0) for r in results if r.goal.values for _ in r.right]
    labelled += [(r.goal.id, 0.0) for r in results if r.goal.values for _ in r.wrong]
    searched = [r for r in results if r.goal.words]
    return {
        "price limit exactly right": proportion([r.price_right for r in priced]),
        "price limit exactly right, pesos called dollars": proportion([r.price_right_in_dollars for r in priced]),
        "no price read where none is said": proportion([r.price_right for r in unpriced]),
        "attributes said: read as constraints (recall)": bootstrap([float(v in r.read) for r, v in said], groups),
        "attributes said: at least in the query": bootstrap([float(v in r.read + r.kept) for r, v in said], groups),
        "attribute constraints that are labelled (precision)": bootstrap(
            [score for _, score in labelled], [id for id, _ in labelled]
        ),
        "wanted product meets all constraints read": proportion([r.allowed for r in results if r.goal.product_id]),
        "WebShop: searched words that are in the need": bootstrap(
            [r.words_kept for r in searched], [r.goal.id for r in searched]
        ),
    }


def table(report: Mapping[str, Any]) -> str:
    """The summary as a Markdown table."""
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in report["summary"].items())])


class _Mute:
    """No words: the turn is left once the need is known."""

    constrains = False
    identity = ModelIdentity("none", "none", "1")

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        return iter(())

    def warm(self, system_texts: Sequence[str]) -> None:
        pass

    def close(self) -> None:
        pass


def _shop(rows: Sequence[dict[str, Any]], home: Path) -> Parts:
    settings = Settings()  # type: ignore[call-arg]
    own = settings.model_copy(update={"home": home, "catalog_url": None, "record_url": None, "chroma_url": None})
    bring_in(rows, home, load_embedder(own.embedder))
    return assemble(own, ChatModel(engine=_Mute()))


def _need(shop: Parts, text: str) -> Need:
    turn = shop.assistant.reply(Utterance(text))
    try:
        return next(event.need for event in turn if isinstance(event, NeedEvent))
    finally:
        turn.close()


def _row(product: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted product as a feed row; its price is one that its request allows, since none is given."""
    bounds = dict(_bounds(product))
    price = (bounds.get("ge", 0) + bounds["le"]) / 2 if "le" in bounds else bounds.get("ge", _PRICELESS) + 1
    brand = next((value for name, value in _labels(product) if name == "brand"), "")
    attributes = {name.replace("_", " "): value for name, value in _labels(product) if name != "brand"}
    return {
        "id": product["product_id"], "title": product["title"][0], "price": f"{price:.2f}", "currency": "PHP",
        "brand": brand, "attributes": attributes, "locale": "en",
    }  # fmt: skip


def _labels(product: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The named values of options and attributes, "int:l" and "eu: 43" without what they are measured in."""
    found = []
    for part in (*product.get("sku_options", ()), *product.get("attributes", ())):
        for name, values in part.items():
            value = values[0] if isinstance(values, list) else values
            value = re.sub(r"^(?:int|eu|us|uk|cn|asia|waist)\s*:\s*", "", str(value).strip().casefold())
            if value not in _NO_VALUES:
                found.append((name, _SIZES.get(value, value)))
    return found


def _bounds(product: Mapping[str, Any]) -> Bounds:
    """Labelled price limits as ("ge", 75.0) and ("le", 95.0); whether a bound itself is meant is not told apart."""
    found = set()
    for part in product.get("price", ()):
        for low, high in part.values():
            found |= {("ge", float(low))} if low is not None else set()
            found |= {("le", float(high))} if high is not None else set()
    return frozenset(found)


def _read_bounds(need: Need) -> Bounds:
    sides = {"gt": "ge", "ge": "ge", "lt": "le", "le": "le"}
    return frozenset(
        (sides.get(c.op, c.op), float(c.value) / 100)
        for c in need.constraints
        if c.field == "price" and isinstance(c.value, int | float)
    )


def _texts(constraint: Constraint) -> tuple[str, ...]:
    return tuple(
        str(value) for value in (constraint.value if isinstance(constraint.value, tuple) else (constraint.value,))
    )


def _same(label: str, text: str) -> bool:
    return mentions(label, text) or mentions(text, label)


def _plain(goal: Goal) -> dict[str, Any]:
    return {**asdict(goal), "price": sorted(goal.price or ()), "words": sorted(goal.words)}
