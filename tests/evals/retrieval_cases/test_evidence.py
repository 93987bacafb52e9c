"""Lines that may answer a question become listings, and the question may bring back its own lines alone."""

import random

import pytest

from catalog import CatalogIndex, CatalogTables, open_catalog, store, to_product
from evals.retrieval_cases.evidence import questions
from tests.fakes import WordEmbedder

HEAD = "qid\tqa_pair_id\tquestion\tcandidate\tlabel\n"
LINES = (
    '1\t10\thow heavy is it?\t"item_weight:  { unit:pounds, value:13 }"\t1\n'
    "1\t11\thow heavy is it?\tbatteries_included:  { value:false }\t0\n"
    "2\t12\tis it blue?\tIt is blue.\t0\n"  # no line answers
    "3\t13\tis it wet?\tIt is wet.\t1\n3\t14\tis it wet?\tIt is dry.\t0\n"
)


@pytest.fixture
def found(tmp_path):
    (tmp_path / "q.csv").write_text(HEAD + LINES, encoding="utf-8")
    return questions(tmp_path / "q.csv", "pqa", 10, random.Random(1))


def test_questions_that_no_line_answers_are_left_out(found):
    assert {case.id for case in found.cases} == {"pqa-1", "pqa-3"}
    assert {row["id"] for row in found.rows} == {"pqa-10", "pqa-11", "pqa-13", "pqa-14"}


def test_attributes_are_read_without_their_syntax(found):
    titles = {row["id"]: row["title"] for row in found.rows}
    assert titles["pqa-11"] == "batteries included: false"
    assert titles["pqa-13"] == "It is wet."


def test_a_question_ranks_its_own_lines(found, tmp_path):
    case = next(case for case in found.cases if case.id == "pqa-1")
    assert case.gains == {"pqa-10": 1.0}
    products = [to_product(row) for row in found.rows]
    tables = CatalogTables(f"sqlite:///{tmp_path / 'catalog.db'}")
    store(tables, products, replace=True)
    catalog = open_catalog(tables, CatalogIndex(WordEmbedder(), tmp_path, alone=False))
    assert {hit.product.id for hit in catalog.search(case.text, case.constraints)} <= {"pqa-10", "pqa-11"}
