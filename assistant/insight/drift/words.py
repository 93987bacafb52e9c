"""Shifts in plain words, English and Chinese."""

from assistant.insight.drift.reading import KIND, WAITS_MS
from assistant.insight.drift.statistics import REST
from assistant.insight.drift.types import Shift
from assistant.wanted import label_of
from catalog import Locale

_LANGUAGES = {"en": ("English", "英语"), "zh": ("Chinese", "中文")}
_KINDS: dict[str, tuple[str, str]] = {
    "recommend": ("a recommendation", "推荐"),
    "clarify": ("a question back", "反问"),
    "answer": ("an answer about a product", "商品问答"),
    "compare": ("a comparison", "对比"),
    "no_match": ("that nothing fits", "没有合适的商品"),
    "service": ("help with an order or a rule", "订单或规则服务"),
    "handoff": ("a hand-over to a person", "转人工"),
    "refuse": ("a refusal", "拒绝"),
    "chat": ("small talk", "闲聊"),
}
_HAD: dict[str, tuple[str, str]] = {
    "zero_results": ("Conversations in which nothing fitted", "出现“没有合适商品”的对话"),
    "failures": ("Conversations with a failed answer", "出现回答失败的对话"),
    "handoffs": ("Conversations that went to a person", "转给人工的对话"),
}
_SPREAD: dict[str, tuple[str, str]] = {
    "languages": ("Conversations in {value}", "{value}对话"),
    "topics": ("Conversations about {value}", "关于{value}的对话"),
    "scores": ("First shelves that fit by {value}", "首个货架匹配度为 {value} 的对话"),
    "waits": ("First sentences that came {value}", "首句在 {value} 出现的对话"),
    "satisfaction": ("Ratings of {value}", "评分为 {value} 的对话"),
}
_REST = ("anything else", "其他")


def told(shift: Shift, locale: Locale) -> str:
    """One sentence: what, from which share to which, and between which bounds the change lies."""
    zh = locale == "zh"
    what = named(shift.measure, shift.value, locale)
    before, now = _percent(shift.before), _percent(shift.now)
    bounds = shift.change.interval
    low, high = (f"{100 * bounds.low:+.1f}", f"{100 * bounds.high:+.1f}") if bounds else ("?", "?")
    if zh:
        verb = "升至" if shift.now > shift.before else "降至"
        return f"{what}的占比从 {before} {verb} {now}（变化在 {low} 到 {high} 个百分点之间）。"
    verb = "rose" if shift.now > shift.before else "fell"
    return f"{what} {verb} from {before} to {now} (a change between {low} and {high} points)."


def named(measure: str, value: str, locale: Locale) -> str:
    """What is counted, as the beginning of a sentence."""
    zh = locale == "zh"
    if measure.startswith(KIND):
        kind = _KINDS.get(measure.removeprefix(KIND), (measure, measure))[zh]
        return f"出现“{kind}”回复的对话" if zh else f"Conversations in which a reply was {kind}"
    if measure in _HAD:
        return _HAD[measure][zh]
    return _SPREAD[measure][zh].format(value=value_name(measure, value, locale))


def value_name(measure: str, value: str, locale: Locale) -> str:
    """What a value of a measure is called."""
    zh = locale == "zh"
    if value == REST:
        return _REST[zh]
    if measure == "languages":
        return _LANGUAGES.get(value, (value, value))[zh]
    if measure == "scores":
        return f"{int(value) * 10}–{int(value) * 10 + 10}%"
    if measure == "waits":
        return _wait(int(value), zh)
    if measure == "satisfaction":
        return f"{int(value) + 1}/5"
    if measure == "topics":
        return {"service": ("orders and rules", "订单与规则")}.get(value, (label_of(value, value, locale),) * 2)[zh]
    return value


def _wait(band: int, zh: bool) -> str:
    edges = [f"{limit / 1000:g}" for limit in WAITS_MS]
    if band == 0:
        return f"{edges[0]} 秒内" if zh else f"within {edges[0]} s"
    if band >= len(edges):
        return f"{edges[-1]} 秒后" if zh else f"after {edges[-1]} s"
    return f"{edges[band - 1]}–{edges[band]} 秒" if zh else f"after {edges[band - 1]} to {edges[band]} s"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
