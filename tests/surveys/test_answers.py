"""A file of answers that others collected: what each row says, and which field is wrong with what."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.surveys.answers import COLUMNS, Answer, harmless, read_answers, template
from catalog import FeedError, Reject

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[Answer | Reject]:
    file = tmp_path / "answers.csv"
    file.write_bytes(text.encode(encoding))
    return list(read_answers(file, NOW))


def row(**cells: str) -> str:
    good = {"key": "k1", "at": "2026-11-20T10:00:00+08:00", "scale": "stars", "value": "4"}
    return ",".join(f'"{(good | cells).get(name, "")}"' for name in COLUMNS)


def one(tmp_path: Path, **cells: str) -> Answer | Reject:
    (found,) = read(tmp_path, f"{','.join(COLUMNS)}\n{row(**cells)}\n")
    return found


def answer(tmp_path: Path, **cells: str) -> Answer:
    found = one(tmp_path, **cells)
    assert isinstance(found, Answer), found
    return found


def test_a_row_says_what_was_answered_when_and_by_whom(tmp_path: Path) -> None:
    found = answer(tmp_path, comment="  Good, really ", locale="zh-CN", subject="Agent", source="e-mail")
    assert found.at == datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert (found.value, found.comment, found.locale, found.subject, found.source, found.line) == (
        4, "Good, really", "zh", "agent", "e-mail", 2,
    )  # fmt: skip


@pytest.mark.parametrize(("scale", "value", "score"), [("STARS", "1", 0), ("nps", "10", 1), ("1 to 7", "4", 0.5), ("0–4", "1.0", 0.25), ("1到3", "3", 1)])  # fmt: skip
def test_each_scale_is_known(tmp_path: Path, scale: str, value: str, score: float) -> None:
    found = answer(tmp_path, scale=scale, value=value)
    assert found.scale is not None
    assert found.value is not None
    assert found.scale.score(found.value) == score


def test_a_comment_alone_is_an_answer(tmp_path: Path) -> None:
    found = answer(tmp_path, scale="", value="", comment="很好")
    assert (found.scale, found.value, found.comment) == (None, None, "很好")


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"key": ""}, "key", "is empty"),
        ({"key": "k" * 201}, "key", "longer than 200"),
        ({"at": "yesterday"}, "at", "no time such as"),
        ({"at": "03/04/2026"}, "at", "no time such as"),
        ({"at": "2031-01-01"}, "at", "not between 2000 and now"),
        ({"at": "1999-12-31"}, "at", "not between 2000 and now"),
        ({"scale": "hearts"}, "scale", "none of stars, csat, nps"),
        ({"scale": "7 to 1"}, "scale", "none of stars, csat, nps"),
        ({"value": "6"}, "value", "is not from 1 to 5"),
        ({"value": "4.5"}, "value", "no whole number"),
        ({"value": "=1+1"}, "value", "no whole number"),
        ({"value": ""}, "value", "is empty, and there is no comment"),
        ({"subject": "shop"}, "subject", "neither assistant nor agent"),
        ({"locale": "fr"}, "locale", "neither en nor zh"),
        ({"comment": "a" * 2_001}, "comment", "longer than 2000"),
        ({"key": "example-1"}, "key", "the template's example"),
    ],
)
def test_a_fault_is_told_with_its_field(tmp_path: Path, cells: dict[str, str], field: str, reason: str) -> None:
    found = one(tmp_path, **cells)
    assert isinstance(found, Reject)
    assert (found.line, found.field) == (2, field)
    assert reason in found.reason


def test_the_template_is_read_and_its_examples_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, template())
    assert [one.field for one in found if isinstance(one, Reject)] == ["key", "key"]
    assert next(csv.reader([template().splitlines()[0]])) == list(COLUMNS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_other_encodings_and_delimiters_are_read(tmp_path: Path, encoding: str) -> None:
    lines = ["Key;At;Scale;Value;Comment"] + [f"k{n};2026/11/0{n};stars;{n};还不错，谢谢你们" for n in range(1, 6)]
    found = read(tmp_path, "\r\n".join(lines), encoding)
    assert [(one.value, one.comment) for one in found if isinstance(one, Answer)] == [
        (n, "还不错，谢谢你们") for n in range(1, 6)
    ]


def test_a_file_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="no column at nor value"):
        read(tmp_path, "key,scale\nk,stars\n")
    with pytest.raises(FeedError, match="is empty"):
        read(tmp_path, "")


def test_one_broken_row_costs_no_other(tmp_path: Path) -> None:
    text = f'{",".join(COLUMNS)}\n{row()}\n"k2,2026-11-20\n{row(key="k3")}\n'
    found = read(tmp_path, text)
    assert [one.key for one in found if isinstance(one, Answer)] == ["k1", "k3"]
    assert [one.line for one in found if isinstance(one, Reject)] == [3]


def test_what_a_spreadsheet_would_calculate_is_quoted() -> None:
    assert harmless("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert harmless("good") == "good"
