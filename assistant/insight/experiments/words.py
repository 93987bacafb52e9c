"""Verdicts as an owner reads them, in English and Chinese. Says what to do next, and never more than the figures do."""

from assistant.insight.experiments.interleaving import Draft
from assistant.insight.experiments.judging import Verdict
from assistant.insight.experiments.plan import SHARES
from assistant.phrases import money
from catalog import Locale

MEASURES: dict[str, tuple[str, str]] = {
    "ctr": ("click-through", "点击率"),
    "conversion": ("conversion", "转化率"),
    "cart_rate": ("conversations with a cart", "加购率"),
    "revenue": ("revenue a conversation", "每次对话的收入"),
    "csat": ("satisfaction", "满意率"),
    "thumbs": ("thumbs up", "好评率"),
    "failed_turns": ("failed turns", "失败的回合"),
    "handoffs": ("hand-overs to people", "转人工率"),
    "no_match": ("turns without a match", "无结果的回合"),
    "first_sentence_ms": ("time to the first sentence", "首句等待时间"),
}
_VERDICTS: dict[str, tuple[str, str]] = {
    "nothing": (
        "Nobody has met this experiment yet.",
        "还没有顾客遇到这个实验。",
    ),
    "split": (
        "The split is not as planned: do not trust these figures. Stop the experiment and find out what loses or favours "
        "some shoppers.",
        "分组与计划不符：这些数字不可信。请停止实验，查明哪一组的顾客被漏掉或偏多。",
    ),
    "harm": (
        "{arm} does harm: {measure} got worse by {difference}, surely by more than {low}. Stop it.",
        "{arm} 有损害：{measure}变差 {difference}，至少变差 {low}。请停止实验。",
    ),
    "better": (
        "{arm} is better: {measure} {difference} ({low} to {high}). You may stop.",
        "{arm} 更好：{measure} {difference}（{low} 到 {high}）。可以停止实验了。",
    ),
    "worse": (
        "Keep things as they are: with {arm}, {measure} changes by {difference} ({low} to {high}). You may stop.",
        "维持现状：换成 {arm}，{measure} {difference}（{low} 到 {high}）。可以停止实验了。",
    ),
    "same": (
        "No difference that matters: {measure} {difference} ({low} to {high}), less than the {effect} that was looked for. "
        "Take whichever is simpler.",
        "没有要紧的差别：{measure} {difference}（{low} 到 {high}），小于想要找到的 {effect}。选更简单的即可。",
    ),
    "spent": (
        "Not decided, and as many took part as planned: {measure} {difference} ({low} to {high}). An effect of {effect} or "
        "more would most likely have shown by now; keep things as they are, or go on for a smaller one.",
        "未分胜负，而人数已到计划：{measure} {difference}（{low} 到 {high}）。若真有 {effect} 以上的差别，多半已经看出来了；"
        "可以维持现状，也可以继续，以寻找更小的差别。",
    ),
    "undecided": (
        "Not decided yet: about {more} more conversations.",
        "尚未分出胜负：大约还需要 {more} 次对话。",
    ),
    "shifted": (
        "The effect has changed while the experiment ran: what the first days say and what all of them say exclude each "
        "other. Do not decide on it; start anew.",
        "实验期间效果发生了变化：开头几天与全部数据的结论互相矛盾。不要据此决定，请重新开始。",
    ),
}
_DRAFTS: dict[str, tuple[str, str]] = {
    "nothing": (
        "No click on an interleaved shelf yet.",
        "混合排列的货架上还没有点击。",
    ),
    "better": (
        "{arm} ranks better: shoppers preferred its picks in {share} of the {decided} conversations that preferred one "
        "({low} to {high}). You may stop.",
        "{arm} 排得更好：在 {decided} 次分出偏好的对话里，有 {share} 偏好它的选择（{low} 到 {high}）。可以停止实验了。",
    ),
    "undecided": (
        "Not decided yet: {arm} is ahead in {share} of the {decided} conversations that preferred one ({low} to {high}).",
        "尚未分出胜负：在 {decided} 次分出偏好的对话里，有 {share} 偏好 {arm}（{low} 到 {high}）。",
    ),
}


def told(verdict: Verdict, effect: float, currency: str, a_unit: float = 1.0) -> dict[Locale, str]:
    """A verdict in both languages; `a_unit` is how many conversations a unit has."""
    return {"en": _told(verdict, effect, currency, a_unit, "en"), "zh": _told(verdict, effect, currency, a_unit, "zh")}


def _told(verdict: Verdict, effect: float, currency: str, a_unit: float, locale: Locale) -> str:
    place = 1 if locale == "zh" else 0
    measure = verdict.measure or "conversion"
    signed = verdict.kind != "harm"

    def amount(value: float | None, *, bare: bool = False) -> str:
        return "–" if value is None else amount_of(measure, value, currency, locale, signed=signed, bare=bare)

    values = {
        "arm": verdict.arm,
        "measure": MEASURES[measure][place],
        "difference": amount(verdict.difference),
        "low": amount(verdict.low, bare=signed),
        "high": amount(verdict.high, bare=signed),
        "more": f"{rounded(verdict.more * a_unit):,}",
        "effect": amount_of(measure, effect, currency, locale),
    }
    return _VERDICTS[verdict.kind][place].format_map(values)


def drafted(draft: Draft) -> dict[Locale, str]:
    """What an interleaved experiment says, in both languages."""
    values = {
        "arm": draft.ahead,
        "decided": f"{draft.decided:,}",
        "share": f"{draft.share:.0%}",
        "low": f"{draft.low:.0%}",
        "high": f"{draft.high:.0%}",
    }
    en, zh = _DRAFTS[draft.kind]
    return {"en": en.format_map(values), "zh": zh.format_map(values)}


def amount_of(
    measure: str, value: float, currency: str, locale: Locale, *, signed: bool = False, bare: bool = False
) -> str:
    """A difference of a measure as it is read: points of a share, money, milliseconds; `bare` without the unit."""
    sign = ("+" if value > 0 else "") if signed else ""
    if measure in SHARES:
        unit = "" if bare else " 个百分点" if locale == "zh" else " points"
        return f"{sign}{value * 100:.1f}{unit}"
    if measure == "revenue":
        shown = money(round(abs(value)), currency, locale)
        return f"{sign}{'-' if value < 0 else ''}{shown}"
    return f"{sign}{value:,.0f}" + ("" if bare else " 毫秒" if locale == "zh" else " ms")


def rounded(count: float) -> int:
    """A number as one says "about": two digits that count."""
    whole = round(count)
    step = int(10 ** max(len(str(abs(whole))) - 2, 0))
    return -(-whole // step) * step
