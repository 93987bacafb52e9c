"""The evaluation of opinions: its measures by hand, its labels, and no case among the examples learnt from."""

import json

import numpy as np
import pytest
import yaml

from evals import opinions
from evals.opinions import Case, Result, accuracy, cases_of, complaints, macro_f1, summary, two_sided


def arrays(*pairs):
    return np.asarray([pair[0] for pair in pairs]), np.asarray([pair[1] for pair in pairs])


def test_measures_are_what_they_are_by_hand():
    truth, said = arrays(
        ("positive", "positive"), ("positive", "negative"), ("negative", "negative"), ("negative", "neutral"),
        ("neutral", "neutral"), ("neutral", "positive"),
    )  # fmt: skip
    assert accuracy(truth, said) == pytest.approx(3 / 6)
    assert macro_f1(truth, said) == pytest.approx((0.5 + 0.5 + 0.5) / 3)
    assert complaints(truth, said) == pytest.approx(0.5)
    assert two_sided(truth, said) == pytest.approx(1 / 4)


def test_measures_of_nothing_are_none():
    empty = np.asarray([], dtype=str)
    assert np.isnan(accuracy(empty, empty)) and np.isnan(macro_f1(empty, empty)) and np.isnan(two_sided(empty, empty))
    assert complaints(empty, empty) == 0


def test_mixed_sentences_are_counted_apart():
    told = summary([
        Result(Case("s", "test", "a", "positive"), {"x": "positive"}),
        Result(Case("s", "test", "b", "mixed"), {"x": "negative"}),
    ])  # fmt: skip
    assert told["x"]["accuracy"].startswith("1.000")
    assert told["x"]["mixed taken for"] == "0 positive, 1 negative, 0 neutral"


def test_every_label_is_given_once():
    labels = yaml.safe_load(opinions.Path(opinions.__file__).with_name("opinion_labels.yaml").read_text("utf-8"))
    for language in ("en", "zh"):
        keys = [key for several in labels[language].values() for key in several]
        assert len(keys) == len(set(keys)) >= 250


def test_what_was_learnt_from_is_no_case_and_halves_do_not_meet(tmp_path, monkeypatch):
    folder = tmp_path / "litemall_zh"
    folder.mkdir()
    lines = [
        {"content": "非常满意！"},
        {"content": "味道有点大。"},
        {"content": "味道有点大。"},
        {"content": "盒子压坏了一角。"},
    ]
    (folder / "comments.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    monkeypatch.setattr(opinions, "_by_hand", lambda _, texts: ((text, "negative") for text in texts))
    cases = cases_of("zh: comments", tmp_path)
    assert [(case.text, case.split) for case in cases] == [("味道有点大。", "dev"), ("盒子压坏了一角。", "test")]
