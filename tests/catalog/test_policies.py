from pathlib import Path

import pytest

from catalog import CatalogError, CatalogTables, Policy, VectorTable, load_policies
from catalog.policies import PolicySearch
from tests.catalog.conftest import WordEmbedder

RULES = (
    Policy("delivery.en.1", "en", "Delivery costs", "Standard delivery costs $4.90. Express is dearer."),
    Policy("delivery.en.2", "en", "Live plants", "Plants leave us on Mondays."),
    Policy("faq.en.1", "en", "Can you wrap my order as a gift?", "Yes, wrapping costs $4 for each item."),
    Policy("faq.en.2", "en", "How do I get an invoice?", "It comes with the email of your order."),
    Policy("returns.en.1", "en", "Return period", "You may send an order back within 30 days."),
    Policy("delivery.zh.1", "zh", "运费", "标准配送运费 4.90 美元。"),
    Policy("returns.zh.1", "zh", "退货期限", "30 天内可以退货。"),
)


def test_each_section_is_a_policy_in_its_language(tmp_path: Path) -> None:
    (tmp_path / "returns.en.md").write_text(
        "\ufeff# Returns\nIntro\n\n## Window\n30 days.\n\nUnused.\n\n## Costs\n### Free\nWe pay.\n"
    )
    (tmp_path / "returns.zh.md").write_text("## 期限\r\n30 天。\r\n", encoding="utf-8")
    (tmp_path / "returns.fr.md").write_text("## Délai\n30 jours.\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("## Private\nx\n")
    found = load_policies(tmp_path)
    assert [(p.id, p.locale, p.title, p.text) for p in found] == [
        ("returns.en.1", "en", "Window", "30 days. Unused."),
        ("returns.en.2", "en", "Costs", "### Free We pay."),
        ("returns.zh.1", "zh", "期限", "30 天。"),
    ]


def test_no_folder_is_no_policy(tmp_path: Path) -> None:
    assert load_policies(tmp_path / "none") == ()


def test_a_policy_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "returns.en.md").write_bytes(b"## Caf\xe9\nx\n")
    with pytest.raises(CatalogError, match=r"returns\.en\.md.*UTF-8"):
        load_policies(tmp_path)


@pytest.mark.parametrize(
    ("question", "id"),
    [
        ("what does delivery cost?", "delivery.en.1"), ("do you wrap a gift?", "faq.en.1"), ("I need an invoice", "faq.en.2"),
        ("do you send plants?", "delivery.en.2"), ("the return period", "returns.en.1"), ("on which day do plants leave", "delivery.en.2"),
    ],
)  # fmt: skip
def test_the_section_nearest_to_a_question_comes_first(
    tables: CatalogTables, embedder: WordEmbedder, question: str, id: str
) -> None:
    assert (
        PolicySearch(RULES, VectorTable(tables, embedder), embedder.query).nearest(question, "en", 1)[0].policy.id == id
    )


def test_sections_come_best_first_and_no_more_than_asked(tables: CatalogTables, embedder: WordEmbedder) -> None:
    search = PolicySearch(RULES, VectorTable(tables, embedder), embedder.query)
    hits = search.nearest("delivery costs", "en", 3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(search.nearest("delivery costs", "en", 99)) == 5


@pytest.mark.parametrize(
    ("question", "locale"), [("运费多少", "en"), ("delivery costs", "zh"), ("", "en"), ("zzz", "zh")]
)
def test_a_rule_in_another_language_is_never_found(
    tables: CatalogTables, embedder: WordEmbedder, question: str, locale: str
) -> None:
    hits = PolicySearch(RULES, VectorTable(tables, embedder), embedder.query).nearest(question, locale, 99)  # type: ignore[arg-type]
    assert hits and {hit.policy.locale for hit in hits} == {locale}


def test_without_rules_or_without_any_in_the_language_nothing_is_found(
    tables: CatalogTables, embedder: WordEmbedder
) -> None:
    assert PolicySearch((), VectorTable(tables, embedder), embedder.query).nearest("delivery", "en", 2) == []
    assert PolicySearch(RULES[:5], VectorTable(tables, embedder), embedder.query).nearest("运费", "zh", 2) == []


def test_the_cosine_is_the_mean_of_those_of_title_and_text(tables: CatalogTables, embedder: WordEmbedder) -> None:
    (hit,) = PolicySearch(RULES[:1], VectorTable(tables, embedder), embedder.query).nearest("express delivery", "en", 1)
    texts = (RULES[0].title, f"{RULES[0].title}. {RULES[0].text}")
    wanted = sum(float(embedder.query("express delivery") @ embedder.query(text)) for text in texts) / 2
    assert hit.cosine == pytest.approx(wanted, abs=1e-5)


def test_of_sections_that_are_equally_near_the_one_that_holds_the_rarer_word_goes_before(
    tables: CatalogTables, embedder: WordEmbedder
) -> None:
    """Of a text only the beginning is embedded: the words beyond it tell."""
    beginning = "word " * 80
    rules = [
        Policy("a.en.2", "en", "Things", f"{beginning} parcels"),
        Policy("b.en.2", "en", "Things", f"{beginning} saffron"),
        Policy("c.en.2", "en", "Things", f"{beginning} parcels"),
    ]
    best, *others = PolicySearch(rules, VectorTable(tables, embedder), embedder.query).nearest(
        "saffron things in parcels", "en", 3
    )
    assert best.policy.id == "b.en.2"
    assert all(hit.cosine == pytest.approx(best.cosine) and hit.score < best.score for hit in others)


def test_the_first_section_of_a_file_goes_before_its_equals_unless_it_is_one_question_of_many(
    tables: CatalogTables, embedder: WordEmbedder
) -> None:
    later, first = Policy("pay.en.2", "en", "Paying", "By card."), Policy("pay.en.1", "en", "Paying", "By card.")
    hits = PolicySearch([later, first], VectorTable(tables, embedder), embedder.query).nearest("paying", "en", 2)
    assert [hit.policy.id for hit in hits] == ["pay.en.1", "pay.en.2"] and hits[0].cosine == pytest.approx(
        hits[1].cosine
    )
    questions = [Policy(f"faq.en.{n}", "en", "Paying?", "By card.") for n in (2, 1)]
    one, other = PolicySearch(questions, VectorTable(tables, embedder), embedder.query).nearest("paying", "en", 2)
    assert one.score == pytest.approx(other.score)


def test_the_vectors_of_rules_are_kept_for_the_next_start(tables: CatalogTables, embedder: WordEmbedder) -> None:
    PolicySearch(RULES, VectorTable(tables, embedder), embedder.query)
    later = WordEmbedder()
    PolicySearch(RULES, VectorTable(tables, later), later.query)
    assert later.embedded == []
    more = (*RULES, Policy("faq.en.3", "en", "Opening hours", "From 9 to 6."))
    PolicySearch(more, VectorTable(tables, later), later.query)
    assert later.embedded == ["Opening hours", "Opening hours. From 9 to 6."]
