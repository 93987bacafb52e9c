"""What the tests with a real model share: where its weights are, and a wish as JSON."""

import os
from pathlib import Path

HOME = Path(os.environ.get("AISLE_TEST_HOME", "var")).resolve()
SCHEMA = {
    "type": "object",
    "properties": {"product": {"type": "string"}, "max_price": {"type": "integer"}},
    "required": ["product", "max_price"],
    "additionalProperties": False,
}
