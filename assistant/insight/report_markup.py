"""The markup of a report: shares and differences in words, sections, tables, links. Knows no figure's meaning."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from urllib.parse import urlencode

from assistant.insight.intervals import Difference, Share
from assistant.insight.report_text import say
from catalog import Locale

PRINT = 'document.getElementById("pdf").addEventListener("click", () => print())'
"""The one script that a report may have; the header that lets it run names it by its sum."""


class Safe(str):
    """Markup that needs no escaping any more."""

    __slots__ = ()


def percent(share: float | None) -> str:
    """A share in percent, as precise as it can be read."""
    if share is None:
        return "–"
    digits = 2 if 0 < abs(share) < 0.01 else 1 if abs(share) < 0.2 else 0
    shown = f"{share * 100:.{digits}f}"
    return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown}%"


def share_words(share: Share) -> str:
    """A share with what it is of."""
    return "–" if share.value is None else f"{percent(share.value)} ({share.count:,}/{share.n:,})"


def difference_words(one: Difference, locale: Locale) -> str:
    """A difference in points; where it may be chance that is said."""
    if one.value is None:
        return "–"
    words = say("points", locale, n=f"{one.value * 100:+.1f}".replace("-", "−"))
    return words if one.sure else f"{words} · {say('chance', locale)}"


def day_name(day: date, locale: Locale) -> str:
    """A day in full."""
    return f"{day.year}年{day.month}月{day.day}日" if locale == "zh" else f"{day:%B} {day.day}, {day.year}"


def weekday_name(day: date, locale: Locale) -> str:
    """A day within its week."""
    return f"周{'一二三四五六日'[day.weekday()]}" if locale == "zh" else f"{day:%a} {day.day}"


def link(words: str, base: str | None, query: Mapping[str, str]) -> Safe:
    """Words that lead into the owner's page; the words alone where there is no address to lead to."""
    if base is None:
        return Safe(escape(words))
    return Safe(f'<a href="{escape(base)}/insights?{escape(urlencode(query))}">{escape(words)}</a>')


def section(key: str, locale: Locale, content: str) -> str:
    """A part of the report under its heading."""
    return f"<section><h2>{escape(say(key, locale))}</h2>{content}</section>"


def table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table whose rows begin with their names."""
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    body = "".join(
        f"<tr><th scope='row'>{_cell(first)}</th>{''.join(f'<td>{_cell(one)}</td>' for one in rest)}</tr>"
        for first, *rest in lines
    )
    return f"<div class='scroll'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _cell(words: str) -> str:
    return words if isinstance(words, Safe) else escape(words)
