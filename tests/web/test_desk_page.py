"""The desk's page before any browser sees it: its words, its escaping, what its scripts name, and what it loads."""

import json
import re
from html.parser import HTMLParser
from typing import get_args

import pytest

import assistant.web.desk_page
from assistant.record.agents import Role
from assistant.record.desk.types import CloseReason, DeskEventKind, Status
from assistant.service.types import DeedKind, LineState, MethodKind, OrderState, ProposalState
from assistant.settings import Settings
from assistant.types import TicketKind
from assistant.web.desk_page import desk_document
from assistant.web.desk_text import DESK_TEXTS
from tests.web.test_page import STATIC

DESK = STATIC / "desk"
MODULES = sorted(DESK.glob("*.js"))
STYLES = sorted(DESK.glob("*.css"))
EVIL = Settings(shop_name='</title><img src=x onerror="a()">')  # type: ignore[call-arg]


class Inside(HTMLParser):
    """The ids, classes and references of a document."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.classes: set[str] = set()
        self.loaded: list[str] = []
        self.images: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.classes |= set((named.get("class") or "").split())
        if tag in ("link", "script", "img"):
            self.loaded += [url for name in ("href", "src") if (url := named.get(name))]
        if tag == "img":
            self.images.append(named.get("src") or "")


def scripts() -> str:
    shared = [STATIC / "theme.js", STATIC / "desk.html"]
    return "\n".join(file.read_text(encoding="utf-8") for file in [*MODULES, *shared])


def test_every_text_of_the_desk_is_complete_in_both_languages() -> None:
    assert set(DESK_TEXTS["en"]) == set(DESK_TEXTS["zh"])
    for key, english in DESK_TEXTS["en"].items():
        chinese = DESK_TEXTS["zh"][key]
        assert english.strip()
        assert chinese.strip()
        if not key.endswith("_one"):
            assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", chinese)), key


def test_every_text_that_the_desk_asks_for_exists() -> None:
    source = scripts()
    asked = set(re.findall(r'data-t(?:-label|-placeholder|-title)?="(\w+)"', source))
    asked |= set(re.findall(r'\b(?:say|tell|field|button|tool|banner|showBox|part)\("(\w+)"', source))
    asked |= set(re.findall(r'\b(?:put|label|fault)\((?:[^;\n]*?\)|[\w.]+), "(\w+)"', source))
    asked |= {key for pair in re.findall(r'\? "(\w+_\w+)" : "(\w+_\w+)"', source) for key in pair}
    assert len(asked) > 150
    assert asked - set(DESK_TEXTS["en"]) == set()


def test_no_text_of_the_desk_is_left_unused() -> None:
    source = scripts()
    composed = set(re.findall(r"`(\w+_)\$\{", source)) | {f"{kind}_" for kind in re.findall(r'\bterm\("(\w+)"', source)}
    keys = [key for key in DESK_TEXTS["en"] if not key.endswith("_one") and not key.startswith(tuple(composed))]
    assert [key for key in keys if f'"{key}"' not in source] == []


def test_words_that_are_composed_have_all_their_values() -> None:
    sets = {
        "role": get_args(Role),
        "reason": get_args(TicketKind),
        "close": get_args(CloseReason),
        "ev": set(get_args(DeskEventKind)) - {"message", "note", "draft"},
        "status": set(get_args(Status)) - {"claimed"},
        "deed": get_args(DeedKind),
        "do": get_args(DeedKind),
        "line": set(get_args(LineState)) - {"ordered"},
        "method": get_args(MethodKind),
        "order": get_args(OrderState),
        "prop": set(get_args(ProposalState)) - {"expired"},
    }
    missing = [f"{kind}_{value}" for kind, values in sets.items() for value in values]
    assert [key for key in missing if key not in DESK_TEXTS["en"]] == []


def test_scripts_of_the_desk_never_write_markup() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|srcdoc|cssText", scripts())


def test_scripts_of_the_desk_reach_no_other_host() -> None:
    urls = re.findall(r"https?://[^\s\"'`)]+", scripts())
    assert set(urls) <= {"http://www.w3.org/2000/svg"}


def test_icons_are_drawings_of_our_own_and_texts_hold_no_pictures() -> None:
    pictures = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
    assert not pictures.search(scripts())
    assert not pictures.search(json.dumps(DESK_TEXTS, ensure_ascii=False))
    assert not any("gradient" in file.read_text("utf-8") for file in STYLES)


def test_every_id_that_a_script_looks_for_is_there_or_made() -> None:
    source = scripts()
    asked = set(re.findall(r'["(`]#([a-z][\w-]*)', source))
    asked |= set(re.findall(r'"aria-(?:describedby|labelledby)": "([\w -]+)"', source))
    wanted = {one for ids in asked for one in ids.split()}
    made = set(re.findall(r'\bid: "([\w-]+)"', source)) | set(Inside(desk_document(Settings())).ids)  # type: ignore[call-arg]
    assert wanted
    assert wanted <= made


def test_every_place_that_the_page_fills_is_in_the_document() -> None:
    classes = Inside(desk_document(Settings())).classes  # type: ignore[call-arg]
    asked = set(re.findall(r'\$\("\.([\w-]+)"\)', scripts()))
    assert len(asked) > 8
    assert asked <= classes


def test_ids_of_the_document_are_unique() -> None:
    ids = Inside(desk_document(Settings())).ids  # type: ignore[call-arg]
    assert len(ids) == len(set(ids))


def test_every_import_of_the_desk_is_a_file_that_exports_it() -> None:
    for module in MODULES:
        for names, path in re.findall(r'import \{([^}]+)\} from "([^"]+)"', module.read_text("utf-8")):
            source = (DESK / path).read_text("utf-8")
            exported = set(re.findall(r"export (?:async )?(?:function|const|let) (\w+)", source))
            wanted = {name.split(" as ")[0].strip() for name in names.split(",")}
            assert wanted <= exported, (module.name, path, wanted - exported)


def test_nothing_is_imported_that_is_not_used() -> None:
    for module in MODULES:
        source = module.read_text("utf-8")
        body = re.sub(r"^import .*$", "", source, flags=re.MULTILINE)
        for names, _ in re.findall(r'import \{([^}]+)\} from "([^"]+)"', source):
            for name in names.split(","):
                used = name.split(" as ")[-1].strip()
                assert re.search(rf"\b{used}\b", body), (module.name, used)


def test_every_script_says_what_it_is_and_none_grows_too_long() -> None:
    for module in MODULES:
        lines = module.read_text("utf-8").splitlines()
        assert lines[0].startswith("// "), module.name
        assert len(lines) < 300, module.name


def test_every_custom_property_that_is_used_is_set() -> None:
    tokens = (STATIC / "tokens.css").read_text("utf-8") + "".join(file.read_text("utf-8") for file in STYLES)
    known = set(re.findall(r"(--[\w-]+):", tokens + desk_document(Settings())))  # type: ignore[call-arg]
    used = {name for file in STYLES for name in re.findall(r"var\((--[\w-]+)", file.read_text("utf-8"))}
    assert used <= known


def test_document_loads_only_files_that_are_there() -> None:
    loaded = Inside(desk_document(Settings())).loaded  # type: ignore[call-arg]
    assert "/page/desk/boot.js" in loaded
    assert all(url.startswith("/page/") for url in loaded)
    assert [url for url in loaded if not (STATIC / url.removeprefix("/page/")).exists()] == []
    assert {f"/page/desk/{file.name}" for file in (*MODULES, *STYLES)} <= set(loaded)


def test_shop_name_cannot_become_markup_of_the_desk() -> None:
    document = desk_document(EVIL)
    assert Inside(document).images == []
    assert '<img src=x onerror="a()">' not in document


def test_words_travel_as_data_that_cannot_end_their_element(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = {"en": {"desk": "</script><script>a()</script>"}, "zh": {}}
    monkeypatch.setattr(assistant.web.desk_page, "DESK_TEXTS", evil)
    document = desk_document(Settings())  # type: ignore[call-arg]
    assert "<script>a()" not in document
    data = document.split('id="aisle-data">')[1].split("</script>")[0]
    assert json.loads(data)["texts"]["en"]["desk"] == "</script><script>a()</script>"


def test_no_text_stands_in_the_document_itself() -> None:
    """But for the shop's name and what is read without scripts, every word comes from the texts."""
    body = (STATIC / "desk.html").read_text("utf-8").split("<body>")[1]
    body = re.sub(r"<noscript>.*?</noscript>|<script.*?</script>|@\w+@", "", body, flags=re.DOTALL)
    assert re.sub(r"<[^>]*>", "", body).strip() == ""


def test_strings_of_the_scripts_are_no_sentences() -> None:
    """Words that people read are in the texts, not in the scripts."""
    found = re.findall(r'"([A-Z][a-z]+ [a-z]+ [^"\n]*)"', "\n".join(file.read_text("utf-8") for file in MODULES))
    assert found == []
