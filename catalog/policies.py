"""The shop's own rules, read from Markdown that the owner edits: NAME.LOCALE.md, one policy per `##` section."""

import re
from pathlib import Path
from typing import get_args

from catalog.errors import CatalogError
from catalog.product import Locale, Policy

_SECTION = re.compile(r"^##\s+(.+)$", re.MULTILINE)


def load_policies(folder: Path) -> tuple[Policy, ...]:
    """All sections of all policy files of `folder` (`delivery.en.md`, `delivery.zh.md`, …), in name order.

    Raises CatalogError on a file that cannot be read.
    """
    found: list[Policy] = []
    for file in sorted(folder.glob("*.md")):
        name, _, locale = file.stem.rpartition(".")
        if locale not in get_args(Locale):
            continue
        _, *parts = _SECTION.split(_text(file))
        for number, (title, text) in enumerate(zip(parts[::2], parts[1::2], strict=True), start=1):
            body = " ".join(text.split())
            found.append(Policy(f"{name}.{locale}.{number}", "zh" if locale == "zh" else "en", title.strip(), body))
    return tuple(found)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"the policy {file} cannot be read ({error}): save it as UTF-8 text") from error
