"""A cross-encoder puts hits in its order; a tiny one with random weights stands for those that a shop names."""

import numpy as np
import pytest

from catalog import CatalogError, CrossEncoderReranker, Hit, load_reranker, reranked
from tests.shop import PRODUCTS

HITS = [Hit(product, 1 / (place + 1), 0.0, 0.0) for place, product in enumerate(PRODUCTS[:4])]


class Lengths:
    """Likes long listings."""

    name = "lengths"

    def __init__(self, sign=1):
        self.sign = sign
        self.asked = []

    def scores(self, query, texts):
        self.asked.append((query, list(texts)))
        return np.asarray([self.sign * len(text) for text in texts], dtype=np.float32)


def test_hits_are_put_in_the_order_of_their_scores_and_keep_their_own():
    long_first, short_first = (reranked(Lengths(sign), "lamp", HITS) for sign in (1, -1))
    assert [hit.product.id for hit in long_first] == [hit.product.id for hit in reversed(short_first)]
    assert all(hit in HITS for hit in long_first) and len(long_first) == len(HITS)


def test_the_reranker_reads_the_query_with_whole_listings():
    reranker = Lengths()
    reranked(reranker, "lamp", HITS)
    query, texts = reranker.asked[0]
    assert query == "lamp" and all(hit.product.title in text for hit, text in zip(HITS, texts, strict=True))


def test_equal_scores_leave_the_order_and_nothing_is_no_crash():
    assert reranked(Lengths(0), "lamp", HITS) == HITS
    assert reranked(Lengths(), "lamp", []) == []


@pytest.mark.parametrize("name", [None, ""])
def test_without_a_name_there_is_no_reranker(name):
    assert load_reranker(name) is None


@pytest.mark.real
def test_a_model_that_is_not_there_is_named():
    reranker = load_reranker("/nowhere/model")
    with pytest.raises(CatalogError, match="AISLE_RERANKER=/nowhere/model"):
        reranker.scores("lamp", ["a lamp"])


def tiny(folder, labels):
    """A BERT cross-encoder of a few thousand random weights."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "lamp", "a", "red"]))
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=8, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, num_labels=labels,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return CrossEncoderReranker(str(folder))


@pytest.mark.real
def test_a_cross_encoder_scores_each_text_and_the_same_one_the_same(tmp_path):
    reranker = tiny(tmp_path / "model", 1)
    scores = reranker.scores("lamp", ["a red lamp", "a lamp", "a red lamp"])
    assert scores.shape == (3,) and scores.dtype == np.float32
    assert scores[0] == pytest.approx(scores[2], abs=1e-6)
    assert reranker.scores("lamp", []).shape == (0,)


@pytest.mark.real
def test_a_model_of_several_labels_is_refused(tmp_path):
    with pytest.raises(CatalogError, match="scores 3 labels"):
        tiny(tmp_path / "model", 3).scores("lamp", ["a lamp"])
