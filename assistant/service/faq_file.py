"""The owner's FAQ, `faq.en.md` and `faq.zh.md` of the policies: a section is put at its end, and nothing else is touched.

What is there is not written again, so that whose file it is, what links to it and what was being edited stay as they are.
"""

import os
import re
import threading
from pathlib import Path
from typing import Literal

from assistant.errors import AssistantError
from assistant.service.spelling import code_key
from catalog import Locale

Fault = Literal["there", "unwritable", "unreadable"]
_HEADINGS: dict[Locale, str] = {"en": "# Frequently asked questions", "zh": "# 常见问题"}
_TITLE = re.compile(r"^##\s+(.+)$", re.MULTILINE)
_MARK = re.compile(r"^\s*#{1,6}\s+")
_one_at_a_time = threading.Lock()


class NotAdded(AssistantError):
    """A section was not added, and the file is as it was. `fault` names why: the question is there already, or the file
    cannot be written, or not be read as UTF-8 text.
    """

    def __init__(self, fault: Fault, file: Path, why: str) -> None:
        super().__init__(f"nothing was added to {file}: {why}")
        self.fault = fault
        self.file = file


def section(question: str, answer: str) -> str:
    """A question and its answer as a section of Markdown; in the answer no line is a heading."""
    title = " ".join(question.split()).lstrip("# ")
    lines = (_MARK.sub("", line).rstrip() for line in answer.strip().splitlines())
    return "\n".join((f"## {title}", "", *lines, ""))


def add_section(folder: Path, locale: Locale, question: str, answer: str) -> Path:
    """Put a section at the end of the FAQ of a language, which is made where there is none. Raises NotAdded."""
    file = folder / f"faq.{locale}.md"
    with _one_at_a_time:
        try:
            before = file.read_bytes().decode("utf-8-sig") if file.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise NotAdded("unreadable", file, f"it cannot be read ({error}); save it as UTF-8 text") from error
        if code_key(question) in {code_key(title) for title in _TITLE.findall(before)}:
            raise NotAdded("there", file, "the question is in it already")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _append(file, _ending(before or _HEADINGS[locale], section(question, answer), fresh=not before))
        except OSError as error:
            raise NotAdded("unwritable", file, f"it cannot be written ({error.strerror or error})") from error
    return file


def _ending(before: str, new: str, *, fresh: bool) -> bytes:
    """What has to follow `before`; a fresh file begins with it. Lines end as those before do."""
    gap = "" if before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
    text = f"{before if fresh else ''}{gap}{new}"
    return (text.replace("\n", "\r\n") if "\r\n" in before else text).encode()


def _append(file: Path, data: bytes) -> None:
    """All of `data` in one write at the end, or nothing."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        length = os.fstat(handle).st_size
        try:
            if os.write(handle, data) != len(data):
                raise OSError("the disk is full")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, length)
            raise
    finally:
        os.close(handle)
