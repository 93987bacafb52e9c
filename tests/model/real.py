"""What the tests with a real model share: where its weights are, and a wish as JSON."""

import os
from pathlib import Path

import pytest

from assistant.model.nf4 import is_fast

HOME = Path(os.environ.get("AISLE_TEST_HOME", "var")).resolve()
SCHEMA = {
    "type": "object",
    "properties": {"product": {"type": "string"}, "max_price": {"type": "integer"}},
    "required": ["product", "max_price"],
    "additionalProperties": False,
}


def many_tokens(quantisation="nf4"):
    """Skip a test that asks an NF4 model for tens of tokens where each takes seconds."""
    if quantisation == "nf4" and not is_fast():
        pytest.skip("NF4 takes seconds a token here: this processor has no bfloat16 arithmetic")
