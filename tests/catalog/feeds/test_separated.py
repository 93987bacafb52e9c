import gzip
from pathlib import Path

import pytest

from catalog import FeedError, Reject
from catalog.feeds import opening, separated
from catalog.feeds.separated import Record, columns, records


def _feed(tmp_path: Path, content: str | bytes, name: str = "feed.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _read(path: Path) -> list[tuple[int, dict[str, str] | str]]:
    return [(r.line, r.reason if isinstance(r, Reject) else dict(r.cells)) for r in records(path)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_header_tells_the_delimiter_and_any_line_end_will_do(tmp_path: Path, delimiter: str, end: str) -> None:
    text = end.join([f"Id{delimiter}Image_Link", f"a{delimiter}x", "", f"b{delimiter}y"]) + end
    assert _read(_feed(tmp_path, text)) == [(2, {"id": "a", "image link": "x"}), (4, {"id": "b", "image link": "y"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_in_all_its_forms(tmp_path: Path, encoding: str) -> None:
    rows = "".join(f"{n},Café Teller 灯 number {n}\n" for n in range(30))
    found = _read(_feed(tmp_path, f"id,title\n{rows}".encode(encoding)))
    assert found[7] == (9, {"id": "7", "title": "Café Teller 灯 number 7"})


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Küchenmesser für die Großküche, Größe groß, 49 € – schön"),
        ("gb18030", "电热水壶容量一点五升自动断电保温"),
    ],
)
def test_older_encodings_are_told_from_what_is_written(tmp_path: Path, encoding: str, text: str) -> None:
    rows = "".join(f'{n},"{text}"\n' for n in range(20))
    assert _read(_feed(tmp_path, f"id,title\n{rows}".encode(encoding)))[0] == (2, {"id": "0", "title": text})


def test_a_line_in_another_encoding_is_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    text = "id,title\na,Café\n".encode() + b"b,Caf\xe9\n" + "c,Thé\n".encode()
    assert _read(_feed(tmp_path, text)) == [
        (2, {"id": "a", "title": "Café"}),
        (3, "not utf-8: holds bytes of another encoding"),
        (4, {"id": "c", "title": "Thé"}),
    ]


def test_text_of_two_bytes_that_is_cut_off_or_broken_costs_its_own_line_only(tmp_path: Path) -> None:
    text = b"\xff\xfe" + "id,title\na,x\nb,".encode("utf-16-le") + b"\x00\xdc" + "\nc,y\nd,z".encode("utf-16-le")
    found = _read(_feed(tmp_path, text[:-1]))
    assert found[0] == (2, {"id": "a", "title": "x"})
    assert found[1] == (3, "not utf-16: holds bytes of another encoding")
    assert found[2] == (4, {"id": "c", "title": "y"})


def test_a_sign_for_what_was_lost_before_is_text_like_any_other(tmp_path: Path) -> None:
    assert _read(_feed(tmp_path, "id,title\na,Caf\ufffd\n")) == [(2, {"id": "a", "title": "Caf\ufffd"})]


@pytest.mark.parametrize(
    ("line", "id"),
    [
        (b"b,Caf\xe9\n", "b"), (b'b,"open\n', "b"), (b"b,x,y\n", "b"), (b'"b,Caf\xe9\n', None), (b"\xe9,x\n", None),
        (b",x,y\n", None), (b"b" * 300 + b",x,y\n", None), (b"b," + b"x" * 5000 + b"\n", "b"), (b"b" * 5000 + b"\n", None),
    ],
)  # fmt: skip
def test_a_record_that_is_left_out_names_its_product_where_that_can_be_read(
    tmp_path: Path, line: bytes, id: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(separated, "LONGEST_LINE", 1000)
    text = b"id,title\n" + line + "".join(f"{n},Thé\n" for n in range(9)).encode()
    (left_out,) = [r for r in records(_feed(tmp_path, text)) if isinstance(r, Reject)]
    assert left_out.product_id == id


def test_a_row_cut_off_within_its_id_names_no_product(tmp_path: Path) -> None:
    cut, named = (list(records(_feed(tmp_path, f"title,id,price\n{row}")))[-1] for row in ("x,ab", "x,ab,"))
    assert isinstance(cut, Reject)
    assert cut.product_id is None
    assert isinstance(named, Record)


def test_a_quoted_cell_may_hold_lines_and_the_record_stands_where_it_starts(tmp_path: Path) -> None:
    found = _read(_feed(tmp_path, 'id,title\na,"one\ntwo ""three"""\nb,x\n'))
    assert found == [(2, {"id": "a", "title": 'one\ntwo "three"'}), (4, {"id": "b", "title": "x"})]


def test_a_quote_that_never_closes_costs_its_own_line_only(tmp_path: Path) -> None:
    found = _read(_feed(tmp_path, 'id,title\na,"open\nb,x\nc,"y"\nd,z\n'))
    assert [line for line, _ in found] == [2, 3, 4, 5]
    assert "quotes do not close" in str(found[0][1]) or "cut off within a quoted cell" in str(found[0][1])
    assert found[1:] == [(3, {"id": "b", "title": "x"}), (4, {"id": "c", "title": "y"}), (5, {"id": "d", "title": "z"})]


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ("b", "is cut off after 1 of 2 columns"),
        ('b,"he', "is cut off within a quoted cell"),
        ("b,x,y\n", "has 3 cells for 2 columns"),
    ],
)
def test_a_row_that_is_cut_off_or_too_long_is_rejected(tmp_path: Path, last: str, reason: str) -> None:
    found = _read(_feed(tmp_path, f"id,title\na,x\n{last}"))
    assert found[0] == (2, {"id": "a", "title": "x"})
    assert str(found[1][1]).startswith(reason)


def test_trailing_cells_that_a_spreadsheet_left_out_are_empty(tmp_path: Path) -> None:
    assert _read(_feed(tmp_path, "id,title,brand\na,x\nb,y,z\n"))[0] == (2, {"id": "a", "title": "x"})


def test_a_line_without_end_is_rejected_in_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(separated, "LONGEST_LINE", 1000)
    found = _read(_feed(tmp_path, "id,title\na," + "x" * 5000 + "\nb,y\n"))
    assert found == [(2, "is longer than 1000 characters"), (3, {"id": "b", "title": "y"})]


def test_a_packed_feed_is_read_whatever_its_name(tmp_path: Path) -> None:
    assert _read(_feed(tmp_path, gzip.compress(b"id,title\na,x\n"))) == [(2, {"id": "a", "title": "x"})]


def test_a_packed_feed_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _feed(tmp_path, gzip.compress(b"id,title\n" + b"a,x\n" * 500_000), "feed.csv.gz")
    monkeypatch.setattr(opening, "_MOST_UNPACKED", 1_000_000)
    with pytest.raises(FeedError, match="unpacks to more than"):
        _read(bomb)


def test_a_packed_feed_that_is_cut_off_is_an_error(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"{n},{n * n}\n" for n in range(10_000)).encode())
    with pytest.raises(FeedError, match="cut off or damaged within its packing"):
        _read(_feed(tmp_path, packed[: len(packed) // 2]))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_a_table_without_a_header_is_an_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FeedError, match="is empty"):
        columns(_feed(tmp_path, content))


def test_of_two_columns_with_one_name_the_first_that_is_filled_counts(tmp_path: Path) -> None:
    assert [r.cells for r in records(_feed(tmp_path, "id,Id\n,b\na,c\n")) if isinstance(r, Record)] == [
        {"id": "b"},
        {"id": "a"},
    ]
