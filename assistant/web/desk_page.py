"""The document of the desk: its markup, styles, words and the shop's accent. Knows no agent and no ticket."""

import json
from html import escape
from pathlib import Path

from assistant.settings import Settings
from assistant.web.desk_text import DESK_TEXTS
from assistant.web.opening import accent_css

_STATIC = Path(__file__).parent / "static"
_STYLES = (
    "tokens",
    "layout",
    "controls",
    "desk/frame",
    "desk/queue",
    "desk/talk",
    "desk/reply",
    "desk/side",
    "desk/box",
    "desk/views",
)


def desk_document(settings: Settings) -> str:
    """The whole page as it is served; everything that changes is asked for by its scripts."""
    shop = {"logo": settings.logo is not None}
    data = json.dumps({"texts": DESK_TEXTS, "shop": shop}, ensure_ascii=False)
    return (
        (_STATIC / "desk.html")
        .read_text("utf-8")
        .replace("@name@", escape(settings.shop_name))
        .replace("@head@", _head(settings))
        .replace("@data@", data.replace("<", "\\u003c"))
    )


def _head(settings: Settings) -> str:
    links = "".join(f'<link rel="stylesheet" href="/page/{name}.css">' for name in _STYLES)
    shared = ("dom", "memory", "theme", "words")
    modules = [f"{name}.js" for name in shared] + [
        f"desk/{file.name}" for file in sorted((_STATIC / "desk").glob("*.js"))
    ]
    scripts = "".join(f'<link rel="modulepreload" href="/page/{name}">' for name in modules)
    icon = '<link rel="icon" type="image/svg+xml" href="/page/logo.svg">'
    boot = '<script type="module" src="/page/desk/boot.js"></script>'
    return f"{icon}{links}<style>{accent_css(settings.accent)}</style>{scripts}{boot}"
