"""What is answered alike three times becomes a suggestion, without anything private."""

from datetime import timedelta

from assistant.service.faq import suggested
from assistant.service.past import Case
from tests.service.beside import NOW, embedded


def asked(
    id: str, question: str = "Do you engrave names?", answer: str = "We do not engrave.", locale="en", days=0
) -> Case:
    return Case(id, question, answer, locale, NOW + timedelta(days=days), ("Mara",))


def test_three_alike_are_suggested_and_two_are_not():
    assert suggested([asked("a"), asked("b")], embedded) == ()
    (one,) = suggested([asked("a"), asked("b"), asked("c")], embedded)
    assert (one.question, one.answer, one.count, one.cases) == (
        "Do you engrave names?",
        "We do not engrave.",
        3,
        ("a", "b", "c"),
    )


def test_the_newest_answer_that_is_for_anybody_is_taken():
    newer = [asked("a", days=1), asked("b", days=2), asked("c", answer="Hi Mara! We do not engrave.", days=3)]
    (one,) = suggested(newer, embedded)
    assert one.answer == "We do not engrave."
    private = [asked(id, answer="Mara, we do not engrave.") for id in "abc"]
    assert suggested(private, embedded) == ()


def test_other_answers_other_questions_and_other_languages_are_apart():
    cases = [asked(id) for id in "ab"] + [asked("c", answer="Yes, for five dollars each.")]
    assert suggested(cases, embedded) == ()
    assert suggested([asked("a"), asked("b"), asked("c", locale="zh")], embedded) == ()
    assert suggested([], embedded) == ()


def test_what_the_rules_answer_already_is_not_suggested_and_the_frequent_comes_first():
    cases = [asked(id) for id in "abc"] + [asked(id, "Are you hiring?", "We hire nobody.") for id in "defg"]
    assert [one.count for one in suggested(cases, embedded)] == [4, 3]
    assert [one.count for one in suggested(cases, embedded, lambda question, locale: "hiring" in question)] == [3]
