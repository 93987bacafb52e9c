"""Answers on their way to a real mail server: what a shopper finds in the mailbox, and what becomes of what does not arrive."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path

import pytest
import yaml

from assistant.errors import SetupError
from assistant.record import Record
from assistant.record.desk.mails import SOON
from assistant.sending import GIVEN_UP_AFTER, TAKEN_FOR, MailServer
from assistant.service import Claimed
from assistant.service.mailing import Mailer, Question, letter, make_mailer, sender_of
from assistant.service.mailing.letter import Letters
from assistant.service.mailing.mailer import leave
from assistant.settings import Settings
from assistant.surveys import Words
from assistant.types import TicketDraft
from tests.mailbox import mailbox, text_of
from tests.record.test_agents import Clock
from tests.record.test_desk import asked
from tests.service.shop import ANN

ASKS = TicketDraft("person", "Is the lamp\nback soon?", email="maya@example.org", summary={"mood": 0.0})
OPENING, STOPPING = "https://chat.shop.example/continue/", "https://chat.shop.example/no-mail/"
LONG = "x" * 90  # longer than a line of a mail may be


@pytest.fixture
def box():
    with mailbox() as box:
        yield box


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def record(tmp_path, clock):
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", clock=clock)
    record.desk.mails.gather()
    yield record
    record.close()


@pytest.fixture
def write(record):
    """Somebody of the shop writes to the shopper of a ticket."""
    agents = {name: record.agents.add(f"{name}@shop.example", name, "lead", "a long secret") for name in ("Mira", "Bo")}
    numbers = count()

    def write(ticket_id, text, name="Mira"):
        record.desk.say(agents[name], ticket_id, text, f"key-{next(numbers):05}", 1_000_000, anyway=True)

    return write


HOW_IT_WAS = Question(
    Words("How was it with <Mira>?", "<Mira> 的服务怎么样？"), "https://chat.shop.example/rate/t0", 30
)


@pytest.fixture
def close(record):
    """Mira closes a ticket."""

    def close(ticket_id):
        mira = next(one for one in record.agents.all() if one.name == "Mira")
        record.desk.hands.close(mira, ticket_id, record.desk.ticket(ticket_id).version, "resolved")

    return close


def mailer(record, clock, url, shop="Linden & Lark", server=None, asks=lambda _: None):
    letters = Letters(shop, "service@shop.example", lambda id: OPENING + LONG + id, lambda id: STOPPING + LONG + id, 30)
    return Mailer(record.desk.mails, server or MailServer(url), letters, clock, random.Random(1), asks=asks)


def told(record):
    return [(one.kind, one.data.get("error")) for one in record.desk.events(0) if one.kind.startswith("mail")]


def test_the_mail_says_who_wrote_what_about_what_and_how_to_answer(record, clock, box, write):
    id = asked(record, ASKS).ticket_id
    write(id, "Hello!\nYes, on Friday.")
    write(id, "We keep one for you.")
    write(id, "I wrap it.", "Bo")
    clock.now += SOON
    assert mailer(record, clock, box.url).deliver() == 1
    (mail,) = box.mails
    assert box.to == [["maya@example.org"]]
    assert (mail["Subject"], mail["To"]) == ("Linden & Lark has answered you", "maya@example.org")
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Linden & Lark", "service@shop.example")
    assert mail["Reply-To"] == "service@shop.example"
    assert parsedate_to_datetime(mail["Date"]) == clock.now
    assert (
        text_of(mail)
        == f"""\
Linden & Lark has answered you.

It is about: “Is the lamp back soon?”

Mira, Linden & Lark:

Hello!
Yes, on Friday.

We keep one for you.

Bo, Linden & Lark:

I wrap it.

To answer, open the conversation:
{OPENING}{LONG}{id}

A reply to this e-mail is read only if the shop looks into this mailbox. The link works for 30 days, on any device. \
Whoever has it can read the conversation: please keep it to yourself.

{"-- "}
You get this e-mail because this address was left in a conversation with Linden & Lark.
No more e-mails about this conversation:
{STOPPING}{LONG}{id}
"""
    )


def test_the_mail_is_in_the_language_of_the_conversation(record, clock, box, write):
    id = asked(record, replace(ASKS, question="台灯什么时候有货？"), locale="zh").ticket_id
    write(id, "您好，周五到货。")
    clock.now += SOON
    mailer(record, clock, box.url).deliver()
    (mail,) = box.mails
    assert mail["Subject"] == "Linden & Lark：您有新的回复"
    assert "关于：“台灯什么时候有货？”" in text_of(mail)
    assert "Mira（Linden & Lark）：\n\n您好，周五到货。" in text_of(mail)
    assert "如需回复，请打开对话：\n" + OPENING in text_of(mail)
    assert '<html lang="zh-CN">' in text_of(mail, "html")


def test_a_closing_after_the_shopper_has_left_is_asked_about_by_one_letter(record, clock, box, write, close):
    sends = mailer(record, clock, box.url, asks=lambda _: HOW_IT_WAS)
    id = asked(record, ASKS).ticket_id
    write(id, "Yes, on Friday.")
    clock.now += SOON
    sends.deliver()
    close(id)
    clock.now += SOON
    assert (sends.deliver(), sends.deliver()) == (1, 0)
    _, mail = box.mails
    assert mail["Subject"] == "Linden & Lark: how was it?"
    assert mail["References"] == box.mails[0]["References"]
    assert mail["List-Unsubscribe"] == f"<{STOPPING}{LONG}{id}>"
    assert (
        text_of(mail)
        == f"""\
Linden & Lark has closed what you asked. Would you say how it went? One tap is enough.

It is about: “Is the lamp back soon?”

How was it with <Mira>?
https://chat.shop.example/rate/t0

It can be answered for 30 days, and we do not ask about it again.

{"-- "}
You get this e-mail because this address was left in a conversation with Linden & Lark.
No more e-mails about this conversation:
{STOPPING}{LONG}{id}
"""
    )
    html = text_of(mail, "html")
    assert '<a href="https://chat.shop.example/rate/t0"><b>How was it with &lt;Mira&gt;?</b></a>' in html
    assert OPENING not in html and OPENING not in text_of(mail)


def test_what_was_written_last_and_the_question_are_one_letter(record, clock, box, write, close):
    id = asked(record, replace(ASKS, question="台灯什么时候有货？"), locale="zh").ticket_id
    write(id, "您好，周五到货。")
    close(id)
    clock.now += SOON
    sends = mailer(record, clock, box.url, asks=lambda _: HOW_IT_WAS)
    assert (sends.deliver(), sends.deliver()) == (1, 0)
    (mail,) = box.mails
    assert mail["Subject"] == "Linden & Lark：您有新的回复"
    assert "您好，周五到货。" in text_of(mail) and OPENING in text_of(mail)
    assert "<Mira> 的服务怎么样？\nhttps://chat.shop.example/rate/t0\n\n30 天内都可以评价" in text_of(mail)


def test_where_there_is_nothing_to_ask_a_closing_is_not_mailed(record, clock, box, write, close):
    of = []
    sends = mailer(record, clock, box.url, asks=of.append)
    id = asked(record, ASKS).ticket_id
    write(id, "Hello")
    clock.now += SOON
    sends.deliver()
    close(id)
    clock.now += SOON
    assert (sends.deliver(), sends.deliver()) == (0, 0)
    assert of == [record.desk.ticket(id).session_id]
    assert [kind for kind, _ in told(record)] == ["mailed"]


def test_a_question_that_is_answered_while_its_letter_is_late_is_not_sent(record, clock, box, write, close):
    of = [HOW_IT_WAS]
    sends = mailer(record, clock, box.url, asks=lambda _: of[0])
    id = asked(record, ASKS).ticket_id
    write(id, "Hello")
    clock.now += SOON
    sends.deliver()
    box.fails = ["451 try later"]
    close(id)
    clock.now += SOON
    assert sends.deliver() == 0
    of[0] = None
    clock.on(minutes=5)
    assert sends.deliver() == 0
    assert len(box.mails) == 1


def test_what_people_write_is_text_in_the_html_too(record, clock, box, write):
    id = asked(record, replace(ASKS, question='<img src=x onerror="a()">')).ticket_id
    write(id, "<script>alert(1)</script>\n& more")
    clock.now += SOON
    mailer(record, clock, box.url, shop='<b>"L&L"</b>').deliver()
    html = text_of(box.mails[0], "html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>&amp; more" in html
    assert "&lt;img src=x onerror=&quot;a()&quot;&gt;" in html
    assert "<script" not in html and "<img" not in html and "<b>&quot;" not in html
    assert f'<a href="{OPENING}{LONG}{id}">' in html and f'<a href="{STOPPING}{LONG}{id}">' in html


def test_a_mail_program_can_stop_them_and_does_not_answer_by_itself(record, clock, box, write):
    id = asked(record, ASKS).ticket_id
    write(id, "Hello")
    clock.now += SOON
    mailer(record, clock, box.url).deliver()
    (mail,) = box.mails
    assert mail["List-Unsubscribe"] == f"<{STOPPING}{LONG}{id}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_mails_about_a_ticket_are_one_thread_and_those_about_another_are_not(record, clock, box, write):
    sends = mailer(record, clock, box.url)
    first, other = asked(record, ASKS).ticket_id, asked(record, ASKS).ticket_id
    for id in (first, first, other):
        write(id, "Hello")
        clock.now += SOON
        sends.deliver()
    threads = [(mail["References"], mail["In-Reply-To"]) for mail in box.mails]
    assert threads[0] == threads[1] == (f"<{first}@shop.example>",) * 2 != threads[2]
    assert len({mail["Message-ID"] for mail in box.mails}) == 3


def test_what_fails_is_tried_again_and_arrives_once(record, clock, box, write):
    sends = mailer(record, clock, box.url)
    box.fails = ["451 try later"]
    write(asked(record, ASKS).ticket_id, "Hello")
    clock.now += SOON
    assert (sends.deliver(), sends.deliver()) == (0, 0)
    assert told(record) == [("mail_late", "451 try later")]
    clock.on(seconds=16)
    assert (sends.deliver(), sends.deliver()) == (1, 0)
    assert len(box.mails) == 1
    assert [kind for kind, _ in told(record)] == ["mail_late", "mailed"]


def test_after_a_day_it_is_given_up_and_said_at_the_ticket(record, clock, write):
    sends = mailer(record, clock, "smtp://127.0.0.1:1")
    write(asked(record, ASKS).ticket_id, "Hello")
    clock.now += SOON
    waited = timedelta(0)
    while [kind for kind, _ in told(record)] != ["mail_late", "mail_failed"]:
        assert sends.deliver() == 0 and waited < timedelta(days=2)
        clock.on(minutes=30)
        waited += timedelta(minutes=30)
    assert timedelta(hours=22) < waited <= GIVEN_UP_AFTER + timedelta(minutes=30)
    assert "refused" in told(record)[1][1]


@pytest.mark.parametrize(("answer", "kind"), [("550 nobody here", "mail_failed"), ("450 greylisted", "mail_late")])
def test_an_address_that_is_nobodys_is_not_tried_again(record, clock, box, write, answer, kind):
    box.refuses = [answer]
    sends = mailer(record, clock, box.url)
    write(asked(record, ASKS).ticket_id, "Hello")
    clock.now += SOON
    assert sends.deliver() == 0
    assert told(record) == [(kind, answer)]


@pytest.mark.parametrize(
    "email", ["a@b.example,spy@example.com", "a b@c.example", "a@b.example\r\nBcc: spy@example.com", "@", "a@"]
)
def test_what_is_no_address_or_several_is_written_to_by_nobody(record, clock, box, write, email):
    write(asked(record, replace(ASKS, email=email)).ticket_id, "Hello")
    write(asked(record, ASKS).ticket_id, "Hello")
    clock.now += SOON
    assert mailer(record, clock, box.url).deliver() == 1
    assert box.to == [["maya@example.org"]]
    assert sorted(kind for kind, _ in told(record)) == ["mail_failed", "mailed"]


def test_one_that_dies_while_sending_sends_the_same_mail_later(record, clock, box, write):
    class Dies:
        def send(self, mail):
            MailServer(box.url).send(mail)
            raise KeyboardInterrupt

    write(asked(record, ASKS).ticket_id, "Hello")
    clock.now += SOON
    with pytest.raises(KeyboardInterrupt):
        mailer(record, clock, box.url, server=Dies()).deliver()
    sends = mailer(record, clock, box.url)
    assert sends.deliver() == 0
    clock.now += TAKEN_FOR
    assert sends.deliver() == 1
    assert len(box.mails) == 2 and len({mail["Message-ID"] for mail in box.mails}) == 1


def test_two_processes_send_each_mail_once(tmp_path, record, clock, box, write):
    for _ in range(6):
        write(asked(record, ASKS).ticket_id, "Hello")
    clock.now += SOON
    other = Record(f"sqlite:///{tmp_path / 'record.db'}", clock=clock)
    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(lambda one: mailer(one, clock, box.url).deliver(), (record, other)))
    assert sum(sent) == len(box.mails) == 6
    other.close()


def test_a_link_to_a_strangers_mailbox_opens_a_conversation_in_which_nobody_is_known(service, record):
    ticket = record.desk.ticket(asked(record, ASKS).ticket_id)
    assert service.identify(ticket.session_id, Claimed(email=ANN.email, order_id="LL-1")) == ANN
    leave(service, replace(ticket, email="ann.LEE@example.com"))
    assert service.customer(ticket.session_id) == ANN
    leave(service, ticket)
    assert service.customer(ticket.session_id) is None
    assert service.proved(ticket.session_id) == ANN  # for the people of the shop
    leave(service, ticket)


SET_UP = {"smtp_url": "smtp://shop%40shop.example:pass@mail.shop.example", "public_url": "https://chat.shop.example"}


@pytest.mark.parametrize(
    ("settings", "sender"),
    [
        ({}, None),
        (SET_UP, "shop@shop.example"),
        (SET_UP | {"mail_from": "hello@shop.example"}, "hello@shop.example"),
        (SET_UP | {"public_url": ""}, None),
        (SET_UP | {"smtp_url": ""}, None),
        (SET_UP | {"smtp_url": "smtp://apikey:pass@mail.shop.example"}, None),
        (SET_UP | {"smtp_url": "smtp://mail.shop.example"}, None),
    ],
)
def test_mails_go_out_where_server_links_and_sender_are_known(record, clock, settings, sender):
    settings = Settings(**settings)
    assert sender_of(settings) == sender
    made = make_mailer(settings, record.desk.mails, None, clock, 30, str, str)
    assert (made is not None) == (sender is not None)


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"mail_from": "hello@shop.example"}, "AISLE_MAIL_FROM needs AISLE_SMTP_URL, and AISLE_PUBLIC_URL"),
        (SET_UP | {"mail_from": "the shop"}, "AISLE_MAIL_FROM: 'the shop' is no e-mail address"),
        (SET_UP | {"smtp_url": "mail.shop.example"}, "AISLE_SMTP_URL must be"),
        (SET_UP | {"smtp_url": "smtp://mail.shop.example:x"}, "AISLE_SMTP_URL must be"),
    ],
)
def test_half_a_setting_is_said_so(settings, wrong):
    with pytest.raises(SetupError, match=wrong):
        sender_of(Settings(**settings))


def test_every_sentence_of_a_mail_exists_in_both_languages():
    table = yaml.safe_load(Path(letter.__file__).with_suffix(".yaml").read_text("utf-8"))
    assert all(set(forms) == {"en", "zh"} and all(forms.values()) for forms in table.values())
