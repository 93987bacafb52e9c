"""Answers that cannot break their JSON schema: what may come next is decided token by token (llguidance)."""

import json
from typing import Any

import numpy as np

from assistant.errors import ModelError


class Grammars:
    """Makes grammars over the vocabulary of one tokenizer of transformers."""

    def __init__(self, tokenizer: Any, size: int) -> None:
        from llguidance.hf import from_tokenizer

        self._tokenizer = from_tokenizer(tokenizer, n_vocab=size)

    def of_schema(self, schema: dict[str, Any]) -> "JsonGrammar":
        """The grammar of a JSON schema. Raises ModelError for a schema that cannot be enforced."""
        from llguidance import LLMatcher

        matcher = LLMatcher(self._tokenizer, LLMatcher.grammar_from_json_schema(json.dumps(schema)))
        if matcher.is_error():
            raise ModelError(f"the JSON schema cannot be enforced: {matcher.get_error()}")
        return JsonGrammar(matcher, self._tokenizer.vocab_size)


class JsonGrammar:
    """The state of one answer."""

    def __init__(self, matcher: Any, size: int) -> None:
        from llguidance.numpy import allocate_token_bitmask

        self._matcher = matcher
        self._allowed = allocate_token_bitmask(1, size)

    @property
    def finished(self) -> bool:
        """Whether nothing may follow."""
        return bool(self._matcher.is_stopped())

    def allow(self, logits: Any) -> Any:
        """The logits of one token, shape (vocabulary,), with all that may not come next made impossible."""
        import torch
        from llguidance.numpy import fill_next_token_bitmask

        fill_next_token_bitmask(self._matcher, self._allowed, 0)
        bits = np.unpackbits(self._allowed.view(np.uint8), bitorder="little")[: len(logits)]
        return logits.masked_fill(torch.from_numpy(bits == 0).to(logits.device), float("-inf"))

    def take(self, token: int) -> list[int]:
        """Go on past a token, and past those that can only follow it; these are given back."""
        if not self._matcher.consume_token(token):
            raise ModelError(f"the answer broke its JSON schema: {self._matcher.get_error()}")
        forced: list[int] = self._matcher.compute_ff_tokens()
        self._matcher.consume_tokens(forced)
        return forced
