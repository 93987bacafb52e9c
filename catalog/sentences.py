"""The sentences of a listing's prose: the least that is quoted of it."""

import re

_SENTENCE = re.compile(r".+?(?:(?:[!?。！？]+|\.(?=\s|$|[”\"’')」』\u4e00-\u9fff]))[”\"’')」』]*|$)")
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[#*•·–-]|\d{1,2}[.)、])\s)")  # a paragraph, a heading, an entry of a list


def sentences(text: str) -> list[str]:
    """The sentences of a text in either language, decimal points left alone; none goes on from one paragraph to the next."""
    blocks = (" ".join(block.split()) for block in _BLOCK.split(text))
    return [part.strip() for block in blocks for part in _SENTENCE.findall(block) if part.strip(" .。!?！？")]
