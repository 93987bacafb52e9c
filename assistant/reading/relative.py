"""What is wanted more or less of than a product in view has: "something lighter", "too heavy", "更轻的", "再高一点"."""

import re
from collections.abc import Iterator

from assistant.verify.comparing import more_or_less, stated_measure
from catalog import Constraint, Op, Product, has_cjk, measure

# What is said of the upper and of the lower side of a measure.
_SIDES = {
    "Weight": ("heavy|沉|重(?![要视复新点量])", "light|轻(?![便松柔奢])"),
    "Height": ("tall|高(?![级档端清])", "low|矮"),
    "Width": ("wide|宽(?!松)", "narrow|窄"),
    "Length": ("long|长(?!期)", "short|短"),
    "Thickness": ("thick|厚(?![实重])", "thin|薄(?!荷)"),
    "Brightness": ("bright|亮", "dim|dark|暗"),
    "Noise": ("loud|noisy|吵", "quiet|安静"),
}
_TOO = r"(?:\b(?:too|a (?:bit|little)|rather)\s+|太|有点|有些|偏)"
_SOFT = re.compile(r"(?:\b(?:not|never|without)\b|n['’]t\b|不要?|别|不能|不想)[\w\s]{0,8}$")
_MORE_ZH = r"(?:更|再|还要)\s*(?:{forms})|(?:{forms})(?:一?[点些])"


def relative_to(message: str, product: Product) -> Constraint | None:
    """The limit that a message sets by what `product` states; None where it sets none or the listing is silent.

    "Not too heavy" is a wish that sets no limit.
    """
    for field, side in _wanted(message):
        found = stated_measure(field, product)
        if found is not None and measure(product.attributes[found[0]]):
            op: Op = "lt" if side == "less" else "gt"
            return Constraint(f"attributes.{field}", op, product.attributes[found[0]])
    return None


def _wanted(message: str) -> Iterator[tuple[str, str]]:
    for field, forms in _SIDES.items():
        for said, side in zip(forms, ("less", "more"), strict=True):
            if _firmly(rf"{_TOO}(?:{said})(?![a-z])", message):
                yield field, side
    if not has_cjk(message):
        yield from more_or_less(message)
        return
    for field, (upper, lower) in _SIDES.items():
        for said, side in ((upper, "more"), (lower, "less")):
            if _firmly(_MORE_ZH.format(forms=said), message):
                yield field, side


def _firmly(pattern: str, message: str) -> bool:
    return any(not _SOFT.search(message[: m.start()]) for m in re.finditer(pattern, message, re.IGNORECASE))
