"""The sentences of a listing's prose: the least that is quoted of it."""

import re

_SENTENCE = re.compile(r".+?(?:(?:[!?。！？]+|\.(?=\s|$|[”\"’')」』\u4e00-\u9fff]))[”\"’')」』]*|$)")


def sentences(text: str) -> list[str]:
    """The sentences of a text in either language, decimal points left alone."""
    return [part.strip() for part in _SENTENCE.findall(" ".join(text.split())) if part.strip(" .。!?！？")]
