"""Alerts on their way: by e-mail and signed webhook to servers that are really there, tried again, in the end given up."""

import hashlib
import hmac
import json
import random
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy.orm import Session

from assistant.errors import SetupError
from assistant.insight.alerts.log import AlertLog, Raised
from assistant.insight.alerts.making import alert_rules, alert_senders, worded
from assistant.insight.alerts.outbox import GIVEN_UP_AFTER, Outbox
from assistant.insight.alerts.rules import PACKAGED, load_alert_rules
from assistant.insight.alerts.senders import EmailSender, WebhookSender
from assistant.record.database import writing
from assistant.record.insight_tables import DeliveryRow
from assistant.settings import Settings

DATA = {
    "words": "caught fire",
    "source": "chat",
    "quotes": [{"words": "It caught fire, [email]", "session_id": "s", "product_id": None}],
}


class Receiver:
    """A web server that fails as often as it is told to, and keeps what it got."""

    def __init__(self, fail=0):
        self.got, self.fail = [], fail
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.fail > 0:
                    receiver.fail -= 1
                    self.send_response(503)
                else:
                    receiver.got.append((self.path, dict(self.headers), body))
                    self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/alerts?shop=1"


class Mailbox:
    """Keeps the mails it gets."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def mail():
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def outbox(shop, **senders):
    shop.log = AlertLog(shop.engine, shop.clock, tuple(senders))
    message = lambda alert: worded(alert, load_alert_rules(), lambda id, _: id, "https://shop.example")  # noqa: E731
    return Outbox(shop.engine, senders, message, shop.clock, random.Random(1))


def raised(shop, key="safety:1", data=DATA):
    with Session(writing(shop.engine)) as session, session.begin():
        shop.log.raise_all(session, [Raised(key, "safety", "critical", data)])


def deliveries(shop):
    return [(one.channel, one.state, one.attempts) for one in shop.log.page().alerts[0].deliveries]


def test_an_alert_goes_out_by_both_ways_once(shop, receiver, mail):
    box = outbox(
        shop,
        email=EmailSender(mail.url, ["owner@shop.example", "two@shop.example"], "Linden & Lark"),
        webhook=WebhookSender(receiver.url, "hush", shop.clock),
    )
    raised(shop)
    assert box.deliver() == 2 and box.deliver() == 0
    ((recipients, letter),) = mail.mails
    assert recipients == ["owner@shop.example", "two@shop.example"]
    assert "Subject: [Linden & Lark] Critical:" in letter and "caught fire" in letter
    assert f"alert-{shop.log.page().alerts[0].id}" in letter
    ((path, headers, body),) = receiver.got
    told = json.loads(body)
    assert path == "/alerts?shop=1"
    assert (told["rule"], told["severity"], told["id"]) == ("safety", "critical", shop.log.page().alerts[0].id)
    assert told["url"] == "https://shop.example/insights?view=alerts"
    parts = dict(part.split("=") for part in headers["Aisle-Signature"].split(","))
    expected = hmac.new(b"hush", f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()
    assert parts["v1"] == expected and int(parts["t"]) == int(shop.clock.now.timestamp())
    assert deliveries(shop) == [("email", "sent", 1), ("webhook", "sent", 1)]


def test_what_fails_is_tried_again_later_and_then_arrives_once(shop, receiver):
    receiver.fail = 2
    box = outbox(shop, webhook=WebhookSender(receiver.url, "hush", shop.clock))
    raised(shop)
    assert box.deliver() == 0
    assert deliveries(shop) == [("webhook", "waiting", 1)]
    assert "503" in shop.log.page().alerts[0].deliveries[0].error
    assert box.deliver() == 0  # not yet
    assert deliveries(shop) == [("webhook", "waiting", 1)]
    shop.clock.pass_(seconds=16)
    assert box.deliver() == 0
    shop.clock.pass_(seconds=31)
    assert box.deliver() == 1
    assert len(receiver.got) == 1 and deliveries(shop) == [("webhook", "sent", 3)]


def test_after_a_day_it_is_given_up_and_said_so(shop, receiver):
    receiver.fail = 1_000
    box = outbox(shop, webhook=WebhookSender(receiver.url, "hush", shop.clock))
    raised(shop)
    waited, attempts = timedelta(0), 0
    while deliveries(shop) in ([], [("webhook", "waiting", attempts)]):
        box.deliver()
        shop.clock.pass_(minutes=30)
        waited += timedelta(minutes=30)
        attempts = deliveries(shop)[0][2]
        assert waited < timedelta(days=2)
    assert deliveries(shop)[0][:2] == ("webhook", "given_up")
    assert timedelta(hours=20) < waited <= GIVEN_UP_AFTER + timedelta(hours=1)
    assert "503" in shop.log.page().alerts[0].deliveries[0].error
    with Session(shop.engine) as session:
        assert session.query(DeliveryRow).count() == 0


def test_one_that_died_while_sending_leaves_it_to_the_next(shop, receiver):
    class Dies:
        def send(self, message):
            raise KeyboardInterrupt

    raised_by = outbox(shop, webhook=Dies())
    raised(shop)
    with pytest.raises(KeyboardInterrupt):
        raised_by.deliver()
    box = outbox(shop, webhook=WebhookSender(receiver.url, "hush", shop.clock))
    assert box.deliver() == 0  # perhaps it is being sent
    shop.clock.pass_(minutes=6)
    assert box.deliver() == 1


def test_a_server_that_is_not_there_only_waits(shop):
    box = outbox(shop, email=EmailSender("smtp://127.0.0.1:1", ["o@shop.example"], "Shop"))
    raised(shop)
    assert box.deliver() == 0
    assert deliveries(shop) == [("email", "waiting", 1)]


def test_a_password_is_not_sent_without_tls(shop, mail):
    url = mail.url.replace("smtp://", "smtp://me%40shop.example:secret@")
    box = outbox(shop, email=EmailSender(url, ["o@shop.example"], "Shop"))
    raised(shop)
    assert box.deliver() == 0 and mail.mails == []
    assert "TLS" in shop.log.page().alerts[0].deliveries[0].error


def test_a_title_cannot_add_headers(shop, mail):
    box = outbox(shop, email=EmailSender(mail.url, ["o@shop.example"], "Shop"))
    raised(shop, data=DATA | {"words": "fire\r\nBcc: spy@example.com"})
    assert box.deliver() == 1
    assert mail.mails[0][0] == ["o@shop.example"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"alert_email": "o@shop.example"}, "AISLE_SMTP_URL"),
        ({"alert_email": "nobody", "smtp_url": "smtp://mail"}, "AISLE_ALERT_EMAIL"),
        ({"alert_webhook": "https://shop.example"}, "AISLE_ALERT_SECRET"),
        ({"alert_webhook": "ftp://shop.example", "alert_secret": "x"}, "AISLE_ALERT_WEBHOOK"),
    ],
)
def test_half_a_setting_is_said_so(settings, said):
    with pytest.raises(SetupError, match=said):
        alert_senders(Settings(**settings), lambda: None)


def test_without_settings_nothing_goes_out_and_the_shop_s_own_rules_hold(tmp_path):
    assert alert_senders(Settings(), lambda: None) == {}
    assert alert_rules(Settings(), tmp_path).false_alarms_a_year == 4
    own = tmp_path / "alerts.yaml"
    own.write_text(PACKAGED.read_text("utf-8").replace("false_alarms_a_year: 4", "false_alarms_a_year: 9"), "utf-8")
    assert alert_rules(Settings(), tmp_path).false_alarms_a_year == 9
