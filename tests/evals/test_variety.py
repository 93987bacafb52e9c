"""What the evaluation of variety tells of results that are known."""

from evals.variety import Result, summary, table


def result(degree: float, case: str, ndcg: float, unlike: float | None, violations: int = 0) -> Result:
    return Result(degree, case, case, "dev", ("a", "b"), ndcg, unlike, unlike, degree, violations)


RESULTS = [
    result(0.0, "x", 1.0, 0.1),
    result(0.0, "y", 0.5, None),
    result(0.6, "x", 0.8, 0.3),
    result(0.6, "y", 0.4, None),
]


def test_every_degree_has_its_means_and_a_shelf_of_one_is_unscored_not_zero() -> None:
    found = summary(RESULTS)["all"]
    assert (found["0.0"]["ndcg"].mean, found["0.6"]["ndcg"].mean) == (0.75, 0.6000000000000001)
    assert (found["0.0"]["unlike"].n, found["0.0"]["unlike"].unscored, found["0.6"]["unlike"].mean) == (1, 1, 0.3)


def test_violations_are_counted_and_the_table_has_a_row_for_every_degree() -> None:
    found = {"summary": summary([*RESULTS, result(0.6, "z", 0.1, 0.2, 2)])}
    assert found["summary"]["all"]["0.6"]["violations"] == 2
    assert [line.split(" | ")[0] for line in table(found).splitlines()[2:]] == ["| 0.0", "| 0.6"]
