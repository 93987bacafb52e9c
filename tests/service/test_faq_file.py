"""A section at the end of the owner's FAQ: nothing else of the file is touched, and it is there whole or not at all."""

import resource
from pathlib import Path

import pytest

from assistant.service.faq_file import NotAdded, add_section, section
from catalog import load_policies

FAQ = "# Questions\n\n## Do you mend zips?\n\nWe do.\n"


def titles(folder: Path) -> list[tuple[str, str]]:
    return [(one.title, one.text) for one in load_policies(folder)]


def test_a_section_is_what_a_policy_is_read_from(tmp_path: Path) -> None:
    file = add_section(tmp_path, "en", "Do you engrave\nnames?", "We engrave glass.\n\nIt takes two days.")
    assert file == tmp_path / "faq.en.md"
    assert titles(tmp_path) == [("Do you engrave names?", "We engrave glass. It takes two days.")]
    add_section(tmp_path, "zh", "能刻字吗？", "玻璃可以刻字。")
    assert titles(tmp_path)[1:] == [("能刻字吗？", "玻璃可以刻字。")]
    assert (tmp_path / "faq.zh.md").read_text("utf-8").startswith("# 常见问题\n\n## 能刻字吗？\n\n")


@pytest.mark.parametrize("before", [FAQ, FAQ.rstrip("\n"), FAQ + "\n", "\ufeff" + FAQ, FAQ.replace("\n", "\r\n")])
def test_what_stands_there_stays_byte_for_byte(tmp_path: Path, before: str) -> None:
    file = tmp_path / "faq.en.md"
    file.write_bytes(before.encode())
    file.chmod(0o640)
    inode = file.stat().st_ino
    add_section(tmp_path, "en", "Do you engrave?", "Glass only.")
    assert file.read_bytes().startswith(before.encode())
    assert file.read_bytes().count(b"\r\n") in (0, file.read_bytes().count(b"\n"))
    assert (file.stat().st_ino, file.stat().st_mode & 0o777) == (inode, 0o640)
    assert titles(tmp_path) == [("Do you mend zips?", "We do."), ("Do you engrave?", "Glass only.")]


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text(FAQ)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "faq.en.md").symlink_to(tmp_path / "real.md")
    add_section(tmp_path / "rules", "en", "Do you engrave?", "Glass only.")
    assert (tmp_path / "rules" / "faq.en.md").is_symlink()
    assert "## Do you engrave?" in (tmp_path / "real.md").read_text()


def test_a_question_that_is_there_is_not_added_again(tmp_path: Path) -> None:
    (tmp_path / "faq.en.md").write_text(FAQ)
    with pytest.raises(NotAdded, match="the question is in it already") as caught:
        add_section(tmp_path, "en", "do you  MEND zips", "No more.")
    assert caught.value.fault == "there"
    assert (tmp_path / "faq.en.md").read_text() == FAQ
    add_section(tmp_path, "zh", "Do you mend zips?", "可以。")


def test_an_answer_makes_no_sections_of_its_own() -> None:
    assert section("## Zips? ", "  # Zips\n\n## Really\nYes, #2 too.\n#tag\n") == (
        "## Zips?\n\nZips\n\nReally\nYes, #2 too.\n#tag\n"
    )


def test_a_file_that_is_no_text_or_a_folder_that_cannot_be_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "faq.en.md").write_bytes(b"## \xff")
    with pytest.raises(NotAdded, match="save it as UTF-8") as caught:
        add_section(tmp_path, "en", "Do you engrave?", "Glass only.")
    assert caught.value.fault == "unreadable"
    assert (tmp_path / "faq.en.md").read_bytes() == b"## \xff"
    (tmp_path / "file").write_text("")
    with pytest.raises(NotAdded, match="cannot be written") as caught:
        add_section(tmp_path / "file" / "rules", "en", "Do you engrave?", "Glass only.")
    assert caught.value.fault == "unwritable"


def test_where_the_disk_has_no_room_nothing_of_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "faq.en.md"
    file.write_text(FAQ)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(FAQ) + 10, before[1]))
    try:
        with pytest.raises(NotAdded, match="the disk is full"):
            add_section(tmp_path, "en", "Do you engrave?", "Glass only.")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert file.read_text() == FAQ
