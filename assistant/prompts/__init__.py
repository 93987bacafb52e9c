"""The prompts, one Markdown file each: the system text, a line `---`, the user text with {blanks}. Hashed for the record."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.reading.seen import one_line
from catalog import Locale

_UNWARMED = ("draft", "translate", "service")
_VARIANTS = "variants"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt in one language. `system` never changes between turns, so that a model may keep it computed."""

    name: str
    system: str
    user: str

    def fill(self, **values: str) -> str:
        """The user text with every blank filled, each value on one line, so that none can begin another; the caller
        numbers `lines`. Raises KeyError for a blank that is missing.
        """
        plain = {name: value if name == "lines" else one_line(value) for name, value in values.items()}
        return self.user.format_map(plain)  # the system text is never formatted: it may hold braces


@cache
def prompt(name: str, locale: Locale, variant: str = "") -> Prompt:
    """The prompt `NAME.LOCALE.md`; where there is one of that name in the folder of the variant, that one."""
    file = f"{name}.{locale}.md"
    own = _FOLDER / _VARIANTS / variant / file
    tried = bool(variant) and own.is_file()
    system, _, user = (own if tried else _FOLDER / file).read_text(encoding="utf-8").partition("\n---\n")
    return Prompt(f"{name}.{locale}.{variant}" if tried else f"{name}.{locale}", system.strip(), user.strip())


def variants() -> tuple[str, ...]:
    """The names of the other wordings that can be tried: the folders beside the prompts that hold some."""
    return tuple(sorted({file.parent.name for file in (_FOLDER / _VARIANTS).glob("*/*.md")}))


@cache
def version(variant: str = "") -> str:
    """A digest of all prompts, or of those of a variant, for the record."""
    folder = _FOLDER / _VARIANTS / variant if variant else _FOLDER
    texts = [f"{file.name}\n{file.read_text(encoding='utf-8')}" for file in sorted(folder.glob("*.md"))]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def systems() -> tuple[str, ...]:
    """The system texts that shoppers wait for, for a model to compute beforehand; the others are used too seldom."""
    stems = (file.stem for file in sorted(_FOLDER.glob("*.md")))
    return tuple(prompt(*_split(stem)).system for stem in stems if _split(stem)[0] not in _UNWARMED)


def _split(stem: str) -> tuple[str, Locale]:
    name, _, locale = stem.rpartition(".")
    return name, "zh" if locale == "zh" else "en"
