"""Reading a query for the lexical index: codes, spelling, synonyms in both languages, and the lexicons they rest on."""

from catalog.query.codes import codes, document_tokens
from catalog.query.expand import Expander, Term
from catalog.query.lexicon import named_row, thing_rows

__all__ = ["Expander", "Term", "codes", "document_tokens", "named_row", "thing_rows"]
