"""A second policy is files for `load_policies`, and its sections are found."""

import json

from catalog import load_policies
from evals.converters import abcd_guidelines
from evals.guidelines import Found, Question, measured, questions, summary
from tests.fakes import WordEmbedder

GUIDES = {
    "Product Defect": {
        "description": "refunds and returns",
        "subflows": {
            "Initiate Refund": {"instructions": ["Ask for the reason."], "actions": [{"text": "Pull up the account.", "subtext": ["By name"]}]},
            "Return Due to Size": {"instructions": ["Ask for the size."], "actions": [{"text": "Check the purchase.", "subtext": []}]},
        },
    }
}  # fmt: skip
LABELS = {"intents": {"subflows": {"product_defect": ["refund_initiate", "return_size"]}}}
TALK = {
    "scenario": {"flow": "product_defect", "subflow": "return_size_2"},
    "original": [["agent", "Hi!"], ["customer", "I got the wrong size"], ["customer", "Jane Doe"]],
}


def folder(tmp_path):
    for name, rows in (("guidelines", GUIDES), ("ontology", LABELS), ("abcd_sample", [TALK])):
        (tmp_path / f"{name}.json").write_text(json.dumps(rows))
    return tmp_path


def test_guidelines_become_policy_files_with_a_section_each(tmp_path):
    files = abcd_guidelines(folder(tmp_path))
    assert list(files) == ["product-defect.en.md"]
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "product-defect.en.md").write_text(files["product-defect.en.md"])
    loaded = load_policies(policies)
    assert [one.title for one in loaded] == ["Initiate Refund", "Return Due to Size"]
    assert loaded[0].text == "Ask for the reason. Pull up the account. By name"


def test_questions_are_what_customers_say_and_our_own(tmp_path):
    found = list(questions(folder(tmp_path)))
    said = [one for one in found if one.source != "own questions"]
    assert said == [
        Question("openings", "I got the wrong size Jane Doe", "Return Due to Size"),
        Question("messages", "I got the wrong size", "Return Due to Size"),
    ]
    assert sum(one.source == "own questions" for one in found) > 50


def test_precision_is_by_source():
    one, other = Question("messages", "a", "A"), Question("messages", "b", "B")
    found = summary([Found(one, ("A", "B")), Found(other, ("C", "D", "B"))])
    assert found["messages, right section within 1"].startswith("0.500")
    assert found["messages, right section within 3"].startswith("1.000")
    assert not Found(one, ()).within(3)


def test_the_policy_is_loaded_and_searched(tmp_path):
    report = measured(folder(tmp_path), WordEmbedder())
    assert report["sections"] == 2
    assert all(one.sections for one in report["results"])
