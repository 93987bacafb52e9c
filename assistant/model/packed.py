"""One forward pass over tokens of many chats at once, packed one after the other without padding.

A pass over the tokens of eight chats costs a 4-bit model far less than eight passes, since the weights are unpacked for
all of them. So chats that speak add a token each, a prompt that is being read adds a piece, and attention alone keeps
them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_ATTENTION = "aisle_packed"


@dataclass(frozen=True, slots=True)
class Part:
    """What one chat adds to a pass: `tokens` that follow the first `start` positions of its `keys`.

    `keys` has the shape (layers, 2, key heads, positions, head size): keys and values. Of the logits the last `wanted`
    are given back.
    """

    keys: Any
    start: int
    tokens: Sequence[int]
    wanted: int = 1


class PackedModel:
    """A causal language model of transformers whose attention takes several chats in one row."""

    def __init__(self, model: Any) -> None:
        from transformers import AttentionInterface

        AttentionInterface.register(_ATTENTION, _attend)
        model.set_attn_implementation(_ATTENTION)
        config = model.config.get_text_config()
        self._model = model
        self._layers = config.num_hidden_layers
        self._heads = config.num_key_value_heads
        self._group = config.num_attention_heads // config.num_key_value_heads
        self._size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        self.positions: int = config.max_position_embeddings

    @property
    def token_bytes(self) -> int:
        """What the keys and values of one token take."""
        return int(self._layers * 2 * self._heads * self._size * self._model.dtype.itemsize)

    def keys(self, positions: int) -> Any:
        """Room for the keys and values of a chat."""
        import torch

        shape = (self._layers, 2, self._heads, positions, self._size)
        return torch.empty(shape, dtype=self._model.dtype, device=self._model.device)

    def forward(self, parts: Sequence[Part]) -> list[Any]:
        """The logits after the last `wanted` tokens of each part, shape (wanted, vocabulary); fills the keys."""
        import torch

        device = self._model.device
        tokens = [token for part in parts for token in part.tokens]
        places = [part.start + n for part in parts for n in range(len(part.tokens))]
        rows: list[_Row] = []
        kept: list[int] = []
        end = 0
        for part in parts:
            begin, end = end, end + len(part.tokens)
            rows.append(_Row(part.keys, part.start, begin, end, self._mask(part)))
            kept += range(end - part.wanted, end)
        with torch.inference_mode():
            logits = self._model(
                torch.tensor([tokens], device=device),
                position_ids=torch.tensor([places], device=device),
                use_cache=False,
                logits_to_keep=torch.tensor(kept, dtype=torch.long, device=device),
                packing=rows,
            ).logits[0]
        return list(logits.split([part.wanted for part in parts]))

    def _mask(self, part: Part) -> Any:
        """Which earlier positions each token of a part may see, once for every query head of a key head."""
        import torch

        count = len(part.tokens)
        if count == 1:
            return None
        ahead = torch.full((count, part.start + count), float("-inf"), dtype=self._model.dtype).triu(part.start + 1)
        return ahead.repeat(self._group, 1).to(self._model.device)


@dataclass(frozen=True, slots=True)
class _Row:
    keys: Any
    start: int
    begin: int
    end: int
    mask: Any


def _attend(
    module: Any, query: Any, key: Any, value: Any, attention_mask: Any, *, packing: Sequence[_Row], **options: Any
) -> tuple[Any, None]:
    """Attention of each row over its own keys; the query heads of a key head are taken as further queries."""
    from torch.nn.functional import scaled_dot_product_attention

    heads, size = key.shape[1], key.shape[3]
    answers = query.new_empty((1, query.shape[2], query.shape[1], size))
    for row in packing:
        own = row.keys[module.layer_idx]
        count = row.end - row.begin
        known = row.start + count
        own[0, :, row.start : known] = key[0, :, row.begin : row.end]
        own[1, :, row.start : known] = value[0, :, row.begin : row.end]
        asked = query[0, :, row.begin : row.end].reshape(1, heads, -1, size)
        found = scaled_dot_product_attention(
            asked, own[None, 0, :, :known], own[None, 1, :, :known], attn_mask=row.mask, scale=options["scaling"]
        )
        answers[0, row.begin : row.end] = found.reshape(-1, count, size).transpose(0, 1)
    return answers, None
