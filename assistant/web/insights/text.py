"""The words of the owner's page's frame: what stands around every view, in English and Chinese.

`{name}` is filled in by the page. A key ending in _one is used for exactly one.
"""

WORDS: dict[str, tuple[str, str]] = {
    "insights": ("Insights", "看板"),
    "skip_insights": ("Skip to the figures", "跳到数据"),
    "other_pages": ("Other pages", "其他页面"),
    "to_desk": ("Desk", "客服台"),
    "to_shop": ("Shop", "店铺"),
    "views": ("Views", "页面"),
    # Coming in
    "sign_in_title": ("Sign in to insights", "登录看板"),
    "sign_in_line": ("For the owner of this shop. The account is the desk’s.", "供店主使用，账户与客服台相同。"),
    "owners_only": ("This page is for the owner", "此页面仅供店主使用"),
    "owners_only_line": (
        "You are signed in as {name} ({role}). Figures of the whole shop are shown to its owner only.",
        "您以{name}（{role}）的身份登录。全店数据只对店主开放。",
    ),
    "open_desk": ("Open the desk", "打开客服台"),
    "sign_in_other": ("Sign in as somebody else", "换个账户登录"),
    # Which conversations
    "filters": ("Which conversations", "查看哪些对话"),
    "filters_on": ("Filters that hold", "当前筛选"),
    "filter": ("Filter", "筛选"),
    "period": ("Period", "时间段"),
    "last_days": ("{n} days", "近 {n} 天"),
    "own_dates": ("Dates", "自选日期"),
    "date_from": ("From", "从"),
    "date_to": ("To (included)", "到（含当天）"),
    "show_dates": ("Show these days", "查看这些天"),
    "any": ("Any", "不限"),
    "clear_all": ("Clear all", "全部清除"),
    "take_off": ("Take off the filter {what}", "去掉筛选 {what}"),
    "by_locale": ("Language", "语言"),
    "by_category": ("Category", "品类"),
    "by_product": ("Product", "商品"),
    "by_model": ("Model", "模型"),
    "by_prompt": ("Prompt", "提示词"),
    "by_ranker": ("Ranker", "排序"),
    "by_arm": ("Experiment arm", "实验组"),
    "by_who": ("Visitors", "访客"),
    "by_day": ("Day", "日期"),
    "by_position": ("Position", "位置"),
    "who_shopper": ("Shoppers only", "仅顾客"),
    "who_all": ("Staff and bots too", "含员工和机器人"),
    "position_n": ("Position {n}", "第 {n} 位"),
    "position_none": ("Elsewhere", "其他位置"),
    "none_category": ("(nothing was shown)", "（未展示商品）"),
    "none_else": ("(none)", "（无）"),
    # Figures
    "see_conversations": ("see the conversations", "查看对话"),
    "see_earlier": ("See the conversations of the period before", "查看前一时段的对话"),
    "between": ("{low} to {high}", "{low} 到 {high}"),
    "points": ("{n} points", "{n} 个百分点"),
    "change_up": ("up {by} from {before}", "较前期 {before} 上升 {by}"),
    "change_down": ("down {by} from {before}", "较前期 {before} 下降 {by}"),
    "change_times": ("{n} times as many as before ({before})", "是前期（{before}）的 {n} 倍"),
    "change_none": ("as before", "与前期持平"),
    "too_few_before": ("too few before to compare", "前期太少，无法比较"),
    # Beside a view
    "behind": ("Conversations", "对话"),
}
