from catalog.passages import digest, passage, passages
from tests.catalog.conftest import product


def test_a_passage_says_what_it_is_first_and_has_an_end() -> None:
    item = product(title="Mug", category="Kitchen", brand="B", description="x" * 900, attributes={"Color": "Red"})
    assert passage(item).startswith("Mug. Kitchen. B. xxx")
    assert len(passage(item)) == 700


def test_there_is_a_passage_for_each_language() -> None:
    item = product(title="Mug", translations={"zh": {"title": "杯子"}})
    assert dict(passages(item)) == {"en": "Mug", "zh": "杯子"}
    assert digest("Mug") != digest("杯子")
