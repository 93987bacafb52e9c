"""The charts of a report as SVG within the page: bars from zero, with their figures written on them. Knows no figure's meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 820, 210
_TOP, _BOTTOM, _LEFT = 18, 26, 4
_ROW = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its value, and the value in words; `before` is what it was in the period before."""

    name: str
    value: float
    words: str
    before: float | None = None


def columns(bars: Sequence[Bar], title: str) -> str:
    """Upright bars in their order, each beside what it was before."""
    most = max([1.0, *(bar.value for bar in bars), *(bar.before or 0 for bar in bars)])
    step = (_WIDTH - 2 * _LEFT) / max(1, len(bars))
    wide = min(44.0, step * 0.32)
    parts = []
    for number, bar in enumerate(bars):
        middle = _LEFT + step * (number + 0.5)
        if bar.before is not None:
            parts.append(_column(middle - wide - 2, wide, bar.before / most, "var(--before)"))
        parts.append(_column(middle + 2, wide, bar.value / most, "var(--accent)"))
        top = _HEIGHT - _BOTTOM - bar.value / most * (_HEIGHT - _TOP - _BOTTOM)
        parts.append(_text(middle + 2 + wide / 2, top - 5, bar.words))
        parts.append(_text(middle, _HEIGHT - 8, bar.name))
    base = f'<line x1="0" x2="{_WIDTH}" y1="{_HEIGHT - _BOTTOM}" y2="{_HEIGHT - _BOTTOM}" stroke="#7f8681"/>'
    return _svg(_HEIGHT, title, "".join(parts) + base)


def rows(bars: Sequence[Bar], title: str) -> str:
    """Lying bars below each other, on one scale."""
    most = max([1.0, *(bar.value for bar in bars)])
    parts = []
    for number, bar in enumerate(bars):
        y = number * _ROW
        wide = bar.value / most * 440
        parts.append(_text(0, y + 21, bar.name, "start"))
        parts.append(f'<rect x="190" y="{y + 7}" width="440" height="20" rx="3" fill="var(--bone)"/>')
        parts.append(f'<rect x="190" y="{y + 7}" width="{wide:.1f}" height="20" rx="3" fill="var(--accent)"/>')
        parts.append(_text(644, y + 21, bar.words, "start"))
    return _svg(len(bars) * _ROW, title, "".join(parts))


def _column(x: float, wide: float, part: float, fill: str) -> str:
    high = part * (_HEIGHT - _TOP - _BOTTOM)
    y = _HEIGHT - _BOTTOM - high
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="3" fill="{fill}"/>'


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(height: int, title: str, content: str) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">{content}</svg>'
