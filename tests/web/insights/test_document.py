"""The owner's page before any browser sees it: its words, its escaping, what its scripts name, and what it loads."""

import json
import re
from typing import get_args

import pytest

import assistant.web.insights_page as page
from assistant.insight.views import By, Measure
from assistant.record.desk.types import DeskEventKind
from assistant.settings import Settings
from assistant.types import Kind
from assistant.web.insights_page import insight_texts, insights_document
from tests.web.test_desk_page import EVIL, Inside
from tests.web.test_page import STATIC

HOME = STATIC / "insights"
MODULES = sorted(HOME.glob("*.js"))
STYLES = sorted(HOME.glob("*.css"))
TEXTS = insight_texts()
SHARED = [STATIC / name for name in ("theme.js", "insights.html", "desk/gate.js", "desk/api.js", "desk/parts.js")]


def own() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in MODULES)


def scripts() -> str:
    return own() + "\n".join(file.read_text(encoding="utf-8") for file in SHARED)


def document() -> str:
    return insights_document(Settings())  # type: ignore[call-arg]


def test_every_text_is_complete_in_both_languages() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["zh"])
    for key, english in TEXTS["en"].items():
        chinese = TEXTS["zh"][key]
        assert english.strip()
        assert chinese.strip()
        if not key.endswith("_one"):
            assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", chinese)), key


def test_no_two_parts_of_the_page_give_one_text_two_meanings() -> None:
    given: dict[str, tuple[str, str]] = {}
    for module in page._WORDS:
        for key, words in module.WORDS.items():
            assert given.setdefault(key, words) == words, key


def test_every_text_that_is_asked_for_exists() -> None:
    source = scripts()
    asked = set(re.findall(r'data-t(?:-label|-placeholder|-title)?="(\w+)"', source))
    asked |= set(re.findall(r'\b(?:say|tell|field|button|tool|note|empty|card|showBox|part|banner)\("(\w+)"', source))
    asked |= set(re.findall(r'\b(?:put|label|fault)\((?:[^;\n]*?\)|[\w.]+), "(\w+)"', source))
    asked |= set(re.findall(r'\btitle: "(\w+)"', own()))
    assert len(asked) > 80
    assert asked - set(TEXTS["en"]) == set()


def test_no_text_of_the_overview_and_its_frame_is_left_unused() -> None:
    source = scripts()
    composed = set(re.findall(r"`(\w+_)\$\{", source)) | {f"{kind}_" for kind in re.findall(r'\bterm\("(\w+)"', source)}
    keys = [key for module in page._WORDS[:2] for key in module.WORDS if not key.endswith("_one")]
    assert [key for key in keys if not key.startswith(tuple(composed)) and f'"{key}"' not in source] == []


def test_words_that_are_composed_have_all_their_values() -> None:
    sets = {
        "behind": get_args(Measure),
        "by": get_args(By),
        "kind": get_args(Kind),
        "desk": set(get_args(DeskEventKind)) - {"message", "draft"},
        "who": ("shopper", "all", "bot", "staff"),
        "deed": ("click", "cart", "purchase", "dwell"),
        "rated_in": ("stars", "csat", "nps", "own"),
    }
    missing = [f"{kind}_{value}" for kind, values in sets.items() for value in values]
    assert [key for key in missing if key not in TEXTS["en"]] == []


def test_scripts_never_write_markup() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|srcdoc|cssText", own())


def test_scripts_reach_no_other_host() -> None:
    assert set(re.findall(r"https?://[^\s\"'`)]+", own())) <= {"http://www.w3.org/2000/svg"}


def test_icons_are_drawings_of_our_own_and_texts_hold_no_pictures() -> None:
    pictures = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
    assert not pictures.search(own())
    assert not pictures.search(json.dumps(TEXTS, ensure_ascii=False))
    assert not any("gradient" in file.read_text("utf-8") for file in STYLES)


def test_every_place_that_the_page_fills_is_in_the_document() -> None:
    classes = Inside(document()).classes
    asked = set(re.findall(r'\$\("\.([\w-]+)"\)', own()))
    assert len(asked) > 5
    assert asked <= classes


def test_ids_of_the_document_are_unique() -> None:
    ids = Inside(document()).ids
    assert len(ids) == len(set(ids))


def test_every_import_is_a_file_that_exports_it() -> None:
    for module in MODULES:
        for names, path in re.findall(r'import \{([^}]+)\} from "([^"]+)"', module.read_text("utf-8")):
            source = (HOME / path).read_text("utf-8")
            exported = set(re.findall(r"export (?:async )?(?:function|const|let|class) (\w+)", source))
            wanted = {name.split(" as ")[0].strip() for name in names.split(",")}
            assert wanted <= exported, (module.name, path, wanted - exported)


def test_nothing_is_imported_that_is_not_used() -> None:
    for module in MODULES:
        source = module.read_text("utf-8")
        body = re.sub(r"^import .*$", "", source, flags=re.MULTILINE)
        for names, _ in re.findall(r'import \{([^}]+)\} from "([^"]+)"', source):
            for name in names.split(","):
                used = name.split(" as ")[-1].strip()
                assert re.search(rf"\b{re.escape(used)}\b", body), (module.name, used)


def test_every_script_says_what_it_is_and_none_grows_too_long() -> None:
    for module in MODULES:
        lines = module.read_text("utf-8").splitlines()
        assert lines[0].startswith("// "), module.name
        assert len(lines) < 300, module.name


def test_every_custom_property_that_is_used_is_set() -> None:
    tokens = (STATIC / "tokens.css").read_text("utf-8") + "".join(file.read_text("utf-8") for file in STYLES)
    known = set(re.findall(r"(--[\w-]+):", tokens + document()))
    used = {name for file in STYLES for name in re.findall(r"var\((--[\w-]+)", file.read_text("utf-8"))}
    assert used <= known


def test_document_loads_every_file_of_the_page_and_only_files_that_are_there() -> None:
    loaded = Inside(document()).loaded
    assert "/page/insights/boot.js" in loaded
    assert all(url.startswith("/page/") for url in loaded)
    assert [url for url in loaded if not (STATIC / url.removeprefix("/page/")).exists()] == []
    assert {f"/page/insights/{file.name}" for file in (*MODULES, *STYLES)} <= set(loaded)


def test_shop_name_cannot_become_markup() -> None:
    assert Inside(insights_document(EVIL)).images == []


def test_words_travel_as_data_that_cannot_end_their_element(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = {"en": {"insights": "</script><script>a()</script>"}, "zh": {}}
    monkeypatch.setattr(page, "insight_texts", lambda: evil)
    data = document().split('id="aisle-data">')[1].split("</script>")[0]
    assert json.loads(data)["texts"] == evil


def test_no_text_stands_in_the_document_itself() -> None:
    body = (STATIC / "insights.html").read_text("utf-8").split("<body>")[1]
    body = re.sub(r"<noscript>.*?</noscript>|<script.*?</script>|@\w+@", "", body, flags=re.DOTALL)
    assert re.sub(r"<[^>]*>", "", body).strip() == ""


def test_strings_of_the_scripts_are_no_sentences() -> None:
    """Words that people read are in the texts, not in the scripts."""
    assert re.findall(r'"([A-Z][a-z]+ [a-z]+ [^"\n]*)"', own()) == []
