"""What people say of themselves and their orders, in one spelling: case, width, spaces and signs do not matter."""

import re
import unicodedata

_SIGNS = re.compile(r"[\W_]+")


def words_key(text: str) -> str:
    """A name or an e-mail address in the spelling that it is found by."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def code_key(text: str) -> str:
    """An order number or a postcode in the spelling that it is found by: letters and digits only."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())
