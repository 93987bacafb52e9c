import pytest

from catalog.feeds.amounts import Mark, amount, decimal_mark


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("15.00 USD", "15.00", "USD"), ("1.299,00 €", "1299.00", "EUR"), ("$1,299.00", "1299.00", "EUR"), ("1 299,00", "1299.00", "EUR"),
        ("1\u202f299,00", "1299.00", "EUR"), ("1\u00a0299", "1299", "EUR"), ("CHF 1’299.50", "1299.50", "CHF"), ("1'299'000", "1299000", "EUR"),
        ("49,-", "49", "EUR"), ("49.–", "49", "EUR"), ("12,5", "12.5", "EUR"), ("R$ 1.299,90", "1299.90", "BRL"), ("1,23,456.50", "123456.50", "EUR"),
        ("1.234.567", "1234567", "EUR"), ("0.999", "0.999", "EUR"), (".99", "0.99", "EUR"), ("usd 5", "5", "USD"), ("¥1980", "1980", "EUR"),
        ("1299 Kč", "1299", "CZK"), ("0", "0", "EUR"),
    ],
)  # fmt: skip
def test_a_price_is_read_however_it_is_written(text: str, value: str, currency: str) -> None:
    found = amount(text, "EUR")
    assert (float(found.value), found.currency) == (float(value), currency)


@pytest.mark.parametrize(
    ("text", "currency", "mark", "value"),
    [
        ("1.299", "EUR", ",", 1299),
        ("1,299", "EUR", ".", 1299),
        ("1.299", "JPY", None, 1299),
        ("1,299", "JPY", ",", 1299),
    ],
)
def test_what_one_sign_means_is_told_by_the_column_or_the_currency(
    text: str, currency: str, mark: Mark | None, value: int
) -> None:
    assert amount(text, currency, mark).value == value


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [("1.299", ".", "1.299"), ("1,299", ",", "1.299"), ("1.299", ",", "1299"), ("0.750", None, "0.75"), ("1,299.500", None, "1299.5"), ("12.5", None, "12.5")],
)  # fmt: skip
def test_a_currency_of_three_decimals_is_written_with_three(text: str, mark: Mark | None, value: str) -> None:
    assert float(amount(text, "KWD", mark).value) == float(value)


def test_which_of_two_prices_is_meant_is_not_guessed_in_a_currency_of_three_decimals_either() -> None:
    with pytest.raises(ValueError, match=r"'12.500' can be 12500 or 12.500: a mapping can say"):
        amount("12.500", "KWD")


@pytest.mark.parametrize(("text", "mark"), [("1.299", None), ("1,299", None), ("1.299", "."), ("1,299", ",")])
def test_a_price_that_could_be_two_is_refused_with_both(text: str, mark: Mark | None) -> None:
    with pytest.raises(ValueError, match=r"can be 1299 or 1\.299"):
        amount(text, "USD", mark)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is expected"), ("free", "is expected"), ("1e5", "is expected"), ("5 - 9", "is expected"), ("9" * 41, "is expected"), ("٣", "is expected"),
        ("from 5", "no currency"), ("5 apples", "no currency"), ("-5", "below zero"), ("-€5", "below zero"), ("£5 EUR", "two currencies"),
        ("1,2,3", "thousands"), ("10 20", "thousands"), ("12.5.0", "thousands"), ("1.29,900.0", "thousands"),
    ],
)  # fmt: skip
def test_what_is_no_price_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        amount(text, "EUR")


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1.299", "12,50"], ","), (["1.299", "$12.50"], "."), (["1.299,00"], ","), (["1,299.00"], "."), (["1.234.567"], ","),
        (["1.299", "5", "", "free"], None), ([], None), (["1,5", "1.5"], None),
    ],
)  # fmt: skip
def test_a_column_tells_its_decimal_sign_where_nothing_speaks_against_it(column: list[str], mark: Mark | None) -> None:
    assert decimal_mark(column) == mark
