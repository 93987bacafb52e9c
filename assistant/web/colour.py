"""The shop's one accent colour, made readable: contrast by WCAG 2.2, 1.4.3."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accent:
    """`fill` with `on_fill` upon it, and `ink` for accent-coloured words on the page's own ground."""

    fill: str
    on_fill: str
    ink: str


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two #rrggbb colours, 1 to 21."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def accent(colour: str, ground: str, *, dark: bool) -> Accent:
    """How `colour` is used on `ground`: a fill apart from it by 3 to 1 at least, words apart from it by 4.5 to 1."""
    towards = "#ffffff" if dark else "#000000"
    fill = _until(colour, ground, towards, 3.0)
    on_fill = max(("#ffffff", "#000000"), key=lambda ink: contrast(fill, ink))
    return Accent(fill, on_fill, _until(colour, ground, towards, 4.6))


def _until(colour: str, ground: str, towards: str, ratio: float) -> str:
    mixed = next(
        m for step in range(21) if contrast(m := _mix(colour, towards, step / 20), ground) >= ratio or step == 20
    )
    return mixed


def _mix(a: str, b: str, share: float) -> str:
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(_rgb(a), _rgb(b), strict=True))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(channel) for channel in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
