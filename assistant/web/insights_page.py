"""The document of the owner's page: its markup, styles, words and the shop's accent. Knows no figure."""

import json
from html import escape
from pathlib import Path

from assistant.settings import Settings
from assistant.web.desk_text import DESK_TEXTS
from assistant.web.insights import text, text_experiments, text_gaps, text_opinions, text_overview, text_surveys
from assistant.web.opening import accent_css

_STATIC = Path(__file__).parent / "static"
_STYLES = (
    "tokens",
    "layout",
    "controls",
    "desk/frame",
    "desk/queue",
    "desk/box",
    "desk/views",
    "insights/frame",
    "insights/kit",
    "insights/charts",
    "insights/panel",
    "insights/overview",
    "insights/surveys",
    "insights/gaps",
    "insights/experiments",
    "insights/opinions",
    "insights/alerts",
)
_WORDS = (text, text_overview, text_surveys, text_gaps, text_experiments, text_opinions)
_OF_THE_DESK = (
    "language", "other_language", "to_dark", "to_light", "close", "cancel", "save", "saved", "your_account", "sign_out",
    "sign_in", "setup_title", "setup_line", "setup_go", "setup_key", "setup_key_note", "setup_done", "your_name", "email",
    "password", "show_password", "password_note", "wrong_password", "wrong_key", "not_active", "wait_minutes",
    "wait_minutes_one", "unreachable", "signed_out", "not_allowed", "not_there", "changed_meanwhile", "too_long",
    "too_often", "refused", "try_later", "view_failed", "just_now", "role_owner", "role_lead", "role_agent",
    "language_en", "language_zh",
)  # fmt: skip


def insight_texts() -> dict[str, dict[str, str]]:
    """Every word of the page by language: those that it shares with the desk, and its own."""
    own = {key: pair for module in _WORDS for key, pair in module.WORDS.items()}
    return {
        locale: {key: DESK_TEXTS[locale][key] for key in _OF_THE_DESK} | {key: pair[i] for key, pair in own.items()}
        for i, locale in enumerate(("en", "zh"))
    }


def insights_document(settings: Settings) -> str:
    """The whole page as it is served; everything that changes is asked for by its scripts."""
    shop = {"logo": settings.logo is not None}
    data = json.dumps({"texts": insight_texts(), "shop": shop}, ensure_ascii=False)
    return (
        (_STATIC / "insights.html")
        .read_text("utf-8")
        .replace("@name@", escape(settings.shop_name))
        .replace("@head@", _head(settings))
        .replace("@data@", data.replace("<", "\\u003c"))
    )


def _head(settings: Settings) -> str:
    links = "".join(f'<link rel="stylesheet" href="/page/{name}.css">' for name in _STYLES)
    shared = ("dom", "memory", "theme", "words", "desk/api", "desk/gate", "desk/parts")
    modules = [f"{name}.js" for name in shared] + [
        f"insights/{file.name}" for file in sorted((_STATIC / "insights").glob("*.js"))
    ]
    scripts = "".join(f'<link rel="modulepreload" href="/page/{name}">' for name in modules)
    icon = '<link rel="icon" type="image/svg+xml" href="/page/logo.svg">'
    boot = '<script type="module" src="/page/insights/boot.js"></script>'
    return f"{icon}{links}<style>{accent_css(settings.accent)}</style>{scripts}{boot}"
