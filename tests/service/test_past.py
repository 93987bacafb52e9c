"""Past answers are found in either language, learnt while serving, and hold nothing private."""

import threading

import pytest

from assistant.service.past import PastAnswers
from catalog import Policy
from tests.service.beside import NOTHING, WORDS, case, embedded, past_answers
from tests.shop import POLICIES

ENGRAVE = case(
    "t1", "Can you engrave my name on a mug?", "Hi Mara, we do not engrave mugs. Best regards, Tom", known=("Mara",)
)
LOGIN = case("t2", "密码忘了怎么登录？", "请在登录页点击忘记密码。", "zh")


def test_the_rule_or_the_conversation_that_is_nearest_comes_first():
    past = past_answers(ENGRAVE, LOGIN)
    assert past.best("engrave a name on mugs", "en", 1)[0].ticket_id == "t1"
    assert past.best("how long may I send anything back", "en", 1)[0].source == "policy:returns.en.1"
    assert past.best("登录密码", "zh", 1)[0].source == "ticket:t2"


def test_they_come_best_first_with_scores_that_fall():
    scores = [one.score for one in past_answers(ENGRAVE).best("delivery takes how many days", "en", 3)]
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)
    assert (
        len(past_answers(ENGRAVE).best("delivery", "en", 99)) == 3
    )  # two rules in two languages each, one conversation


def test_of_a_section_in_both_languages_the_one_in_the_shoppers_is_given():
    shared = (
        Policy("care.en.1", "en", "Care", "wash vinegar linen"), Policy("care.en.2", "en", "Cord", "cable plug lamp"),
        Policy("care.zh.1", "zh", "Care", "linen vinegar wash"), Policy("care.zh.2", "zh", "Cord", "lamp plug cable"),
    )  # fmt: skip
    past = past_answers(policies=shared)
    found = past.best("vinegar linen", "zh", 4)
    assert [one.source for one in found] == ["policy:care.zh.1", "policy:care.zh.2"]
    assert past.best("vinegar linen", "en", 1)[0].locale == "en"


def test_what_no_section_says_in_the_language_is_found_in_the_other():
    only = past_answers(policies=(Policy("care.en.1", "en", "Care", "Wash linen with vinegar."),))
    assert only.best("linen 怎么洗 vinegar", "zh", 1)[0].locale == "en"


def test_a_closed_conversation_is_found_from_then_on_and_the_same_again_replaces_it():
    past = past_answers()
    past.learn(ENGRAVE)
    assert past.best("engrave a name", "en", 1)[0].ticket_id == "t1"
    past.learn(case("t1", ENGRAVE.question, "We engrave mugs for nobody."))
    found = [one for one in past.best("engrave a name", "en", 9) if one.ticket_id == "t1"]
    assert [one.answer for one in found] == ["We engrave mugs for nobody."]
    assert len(past) == 5


def test_with_nothing_to_go_by_nothing_is_found_and_what_comes_later_is():
    past = past_answers(policies=())
    assert past.best("anything", "en", 3) == ()
    past.learn(ENGRAVE)
    assert past.best("engrave", "en", 3)[0].ticket_id == "t1"
    assert past.best("  ", "en", 3) == ()


def test_nothing_private_is_kept():
    told = case(
        "t9", "I'm Mara Lindqvist, where is LL-10447? Write to mara@example.com", "Dear Ms Lindqvist, it goes to 418 Alder Street.",
        known=("Mara Lindqvist", "Lindqvist", "418 Alder Street"),
    )  # fmt: skip
    past = past_answers(told)
    found = next(one for one in past.best("where is it", "en", 9) if one.ticket_id == "t9")
    assert not any(word in found.question + found.answer for word in ("Mara", "Lindqvist", "10447", "@", "Alder"))


def test_of_a_long_answer_the_first_and_the_nearest_sentences_are_told_in_order():
    long = case(
        "t3",
        "How do I descale?",
        "Use vinegar. Fill the tank. Wait an hour. Rinse the kettle twice with water. Dry it.",
    )
    past = past_answers(long)
    (found,) = [one for one in past.best("rinse kettle water", "en", 9) if one.ticket_id == "t3"]
    assert past.telling("rinse the kettle with water", found, 2) == (
        "Use vinegar.",
        "Rinse the kettle twice with water.",
    )
    assert len(past.telling("x", found, 9)) == 5


def test_many_may_ask_while_one_learns():
    past, failures = past_answers(), []

    def ask():
        try:
            for _ in range(20):
                assert past.best("delivery days", "en", 3)
        except Exception as error:
            failures.append(error)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for number in range(20):
        past.learn(case(f"n{number}", f"question {number}", "An answer."))
    for asker in askers:
        asker.join()
    assert not failures and len(past) == 24


@pytest.mark.parametrize("question", ["'; DROP TABLE", "🙂🙂", "a" * 5000])
def test_any_question_may_be_asked(question):
    assert len(past_answers(ENGRAVE).best(question, "en", 3)) == 3


def test_policies_that_were_written_anew_answer_from_then_on_beside_what_was_learnt():
    now = list(POLICIES)
    past = PastAnswers(
        POLICIES, WORDS.passages, embedded, NOTHING, [case("t1", "Do you mend zips?", "We do.")], rules=lambda: now
    )
    assert past.best("engraving of names", "en", 1)[0].source != "policy:faq.en.1"
    now.append(Policy("faq.en.1", "en", "Engraving of names", "We engrave names on glass."))
    assert past.best("engraving of names", "en", 1)[0].source == "policy:faq.en.1"
    assert past.best("mend zips", "en", 1)[0].source == "ticket:t1"
    del now[-1]
    assert past.best("engraving of names", "en", 1)[0].source != "policy:faq.en.1"
