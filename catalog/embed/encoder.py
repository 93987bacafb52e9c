"""multilingual-e5-small as a BERT encoder in torch: batches of token ids to the mean of their last hidden states.

Matrix products run in bfloat16 where the processor multiplies it, else in float32; sums, norms and means stay in
float32. The table of words, most of the weights, stays in the file, and only the rows of a batch are unpacked.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from catalog.embed.embedder import Vectors
from catalog.embed.weights import Weights

Tensor = Any


class Encoder:
    """The encoder's layers, unpacked on the device that is there."""

    def __init__(self, weights: Weights) -> None:
        import torch

        self._weights = weights
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._kind = _number_kind(self._device)
        positions = torch.from_numpy(weights.vector("emb.pos")).view(-1, weights.hidden)
        segment = torch.from_numpy(weights.vector("emb.type"))[: weights.hidden]
        self._positions = (positions + segment).to(self._device)
        self._norm = self._pair("emb.ln")
        self._layers = [self._layer(f"l{number}") for number in range(weights.layers)]

    @property
    def workers(self) -> int:
        """How many batches run side by side."""
        import torch

        return torch.get_num_threads() if self._device == "cpu" else 1

    def means(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """Mean hidden states, shape (len(texts), hidden), of token ids with start and end; padded to the longest."""
        import torch

        lengths = torch.tensor([len(ids) for ids in texts])
        padded = np.zeros((len(texts), int(lengths.max())), dtype=np.int64)
        for row, ids in zip(padded, texts, strict=True):
            row[: len(ids)] = ids
        words = torch.from_numpy(self._weights.word_vectors(padded)).to(self._device)
        real = (torch.arange(padded.shape[1]) < lengths[:, None]).to(self._device)
        with torch.inference_mode():
            hidden = self._hidden(words, real)
            means = torch.einsum("bsh,bs->bh", hidden, real.float()) / lengths[:, None].to(self._device)
        return np.asarray(means.cpu().numpy(), dtype=np.float32)

    def _hidden(self, words: Tensor, real: Tensor) -> Tensor:
        """Last hidden states, shape of `words` (texts, tokens, hidden); `real` (texts, tokens) is False on padding."""
        from torch.nn import functional as nn

        texts, tokens, width = words.shape
        mask = None if bool(real.all()) else real[:, None, None, :]
        state = self._normed(words + self._positions[:tokens], self._norm)
        for layer in self._layers:
            split = nn.linear(state.to(self._kind), *layer["qkv"]).view(texts, tokens, 3, self._weights.heads, -1)
            query, key, value = split.permute(2, 0, 3, 1, 4)
            mixed = nn.scaled_dot_product_attention(query, key, value, attn_mask=mask)
            mixed = mixed.transpose(1, 2).reshape(texts, tokens, width)
            state = self._normed(state + nn.linear(mixed, *layer["ao"]), layer["aln"])
            inner = nn.gelu(nn.linear(state.to(self._kind), *layer["fi"]))
            state = self._normed(state + nn.linear(inner, *layer["fo"]), layer["oln"])
        return state

    def _normed(self, state: Tensor, norm: tuple[Tensor, Tensor]) -> Tensor:
        from torch.nn import functional as nn

        return nn.layer_norm(state, (self._weights.hidden,), *norm, self._weights.epsilon)

    def _layer(self, name: str) -> dict[str, tuple[Tensor, Tensor]]:
        """Weight and bias of each step, under the file's names; query, key and value are one product."""
        import torch

        parts = [self._linear(f"{name}.{part}") for part in "qkv"]
        joined = (torch.cat([weight for weight, _ in parts]), torch.cat([bias for _, bias in parts]))
        steps = {step: self._linear(f"{name}.{step}") for step in ("ao", "fi", "fo")}
        return {"qkv": joined, "aln": self._pair(f"{name}.aln"), "oln": self._pair(f"{name}.oln"), **steps}

    def _linear(self, name: str) -> tuple[Tensor, Tensor]:
        import torch

        bias = torch.from_numpy(self._weights.vector(f"{name}.b"))
        weight = torch.from_numpy(self._weights.matrix(f"{name}.w", rows=len(bias)))
        return weight.to(self._device, self._kind), bias.to(self._device, self._kind)

    def _pair(self, name: str) -> tuple[Tensor, Tensor]:
        import torch

        weight, bias = (torch.from_numpy(self._weights.vector(f"{name}.{part}")).to(self._device) for part in "wb")
        return weight, bias


def _number_kind(device: str) -> Any:
    """What the device multiplies fast and exactly enough: bfloat16 costs at most 0.00002 of a vector's cosine."""
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    fast = torch.cpu.get_capabilities()
    return torch.bfloat16 if fast.get("avx512_bf16") or fast.get("amx_bf16") else torch.float32
