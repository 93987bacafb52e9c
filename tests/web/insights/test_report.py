"""The weekly report with all that a shop knows beside its figures: on the page, and on its way by e-mail."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from assistant.insight.alerts.log import Raised
from assistant.insight.experiments.lab import Lab
from assistant.insight.experiments.ledger import Ledger
from assistant.insight.gaps import Gaps
from assistant.insight.report_text import WORDS
from assistant.lacking import not_carried, sold_out, unanswered
from assistant.record.experiments import Experiments
from assistant.settings import Settings
from assistant.web.guard import _policies
from tests.mailbox import mailbox, text_of
from tests.shop import GLASS, OAK
from tests.web.insights.houses import HOME, insighted
from tests.web.insights.test_experiments import meets, running
from tests.web.insights.test_gaps_and_drift import wants
from tests.web.insights.test_opinions_and_alerts import attach, raised

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
JUMP = {
    "about": "delivery", "by": "aspect", "span": "day", "hits": 9, "trials": 90, "usual": 0.02, "times": 5.0,
    "chance": 1e-9, "watched": 12, "until": "2026-11-19T00:00:00+00:00", "quotes": [],
}  # fmt: skip


@pytest.fixture
def house(tmp_path, catalog):
    with insighted(tmp_path, now=MONDAY) as made:
        engine = made.record.engine
        made.shop.insights.gaps = Gaps(engine, lambda: catalog)
        ledger = Ledger(Experiments(engine, made.clock), lambda: {"ranker": ("standard", "meaning")})
        made.shop.insights.experiments = Lab(ledger, made.clock, lambda: catalog)
        attach(made)
        yield made


def a_full_week(house, monday=MONDAY):
    """A week in which something of everything happened, and the Monday after it."""
    house.clock.now = monday - timedelta(days=5)
    for _ in range(3):
        wants(house, not_carried("hats"))
    wants(house, sold_out(GLASS), unanswered("What voltage is it?", OAK))
    for words in ("The delivery was bad.", "bad delivery again.", "The delivery was good.", "A good price."):
        house.talk(words=words)
    raised(house, Raised("jump", "complaints_by_aspect", "warning", JUMP))
    id = running(house)
    house.clock.now += timedelta(days=1)
    raised(house, Raised("fire", "safety", "critical", {"words": "caught fire", "source": "chat", "quotes": []}))
    house.clock.now = monday
    house.opinions.catch_up()
    return id


def page_of(house, **params):
    house.shop.insights.keeper.catch_up()
    answer = house.client().get(f"{HOME}/report", params=params)
    assert answer.status_code == 200, answer.text
    return answer.text


def part(page, key, locale="en"):
    """The cells of a section, row by row."""
    (section,) = re.findall(rf"<section><h2>{WORDS[key][locale == 'zh']}</h2>(.*?)</section>", page)
    rows = re.findall(r"<tr>(.*?)</tr>", section)
    return [[re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_the_report_tells_what_was_wanted_and_not_got(house):
    a_full_week(house)
    head, *rows = part(page_of(house), "wanted")
    assert head == ["What", "Why not", "Conversations", "Week before"]
    assert rows[0] == ["hat", "not sold here", "3", "0"]
    assert ["Marlow Glass Lamp", "sold out", "1", "0"] in rows
    assert ["Voltage · Alder Desk Lamp", "the listing does not say", "1", "0"] in rows


def test_the_report_tells_what_is_praised_and_complained_of_with_the_change(house):
    house.clock.now = MONDAY - timedelta(days=12)
    house.talk(words="The delivery was good.")
    a_full_week(house)
    page = page_of(house)
    assert "4 opinions: 50% (2/4) praise, 50% (2/4) complain." in page
    _, delivery, price = part(page, "opinions")
    assert delivery == [
        "delivery", "67% (2/3)", "+66.7 points · may be chance", "33% (1/3)", "−66.7 points · may be chance",
    ]  # fmt: skip
    assert price == ["the price", "0% (0/1)", "–", "100% (1/1)", "–"]


def test_the_report_lists_the_alerts_of_its_week_the_gravest_first(house):
    house.clock.now = MONDAY - timedelta(days=8)
    raised(house, Raised("old", "safety", "critical", {"words": "an old one", "source": "chat", "quotes": []}))
    a_full_week(house)
    house.shop.insights.alerts.log.acknowledge(
        house.shop.insights.alerts.log.page().alerts[0].id, house.record.agents.all()[0].id
    )
    _, fire, jump = part(page_of(house), "alerts")
    assert fire == ["“caught fire” in a shopper’s message", "Critical", "Thu 19", "seen to"]
    assert jump[0].startswith("More complaints about delivery") and jump[3] == "open"


def test_the_report_tells_how_experiments_of_its_week_stand(house):
    id = a_full_week(house)
    meets(house, id, 60, (0.5, 0.5))
    page = page_of(house)
    assert f"item={id}" in page and "More variety" in page and "Not decided yet" in page
    assert "<h2>Experiments</h2>" not in page_of(house, week="2026-W45")  # it had not begun


def test_every_part_leads_into_the_page_on_the_report_s_week(house):
    a_full_week(house)
    page = page_of(house)
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', page)]
    assert {re.search(r"view=(\w+)", link)[1] for link in links} == {
        "overview", "gaps", "opinions", "alerts", "experiments",
    }  # fmt: skip
    assert all(link.startswith("/insights?") and "from=2026-11-16&to=2026-11-22" in link for link in links)


def test_the_report_speaks_chinese_throughout(house):
    a_full_week(house)
    page = page_of(house, lang="zh")
    assert part(page, "wanted", "zh")[1] == ["帽子", "本店不售", "3", "0"]
    assert part(page, "opinions", "zh")[1][0] == "配送"
    assert part(page, "alerts", "zh")[1][1] == "紧急"
    body = re.sub(r"<[^>]*>", " ", page[page.index("<body>") : page.index("<script>")])
    assert not [words for words, _ in WORDS.values() if len(words) > 12 and "{" not in words and words in body]


def test_a_quiet_week_says_so_and_a_shop_without_the_parts_has_no_empty_headings(house, tmp_path):
    house.clock.now = MONDAY - timedelta(days=5)
    house.talk(words="a lamp")
    house.clock.now = MONDAY
    page = page_of(house)
    assert "There were no alerts." in page and "Nobody said what they think." in page
    assert "Nothing was asked for" in page and "<h2>Experiments</h2>" not in page
    (tmp_path / "bare").mkdir()
    with insighted(tmp_path / "bare", now=MONDAY) as bare:
        bare.clock.now = MONDAY - timedelta(days=5)
        bare.talk()
        bare.clock.now = MONDAY
        page = page_of(bare)
        assert "<h2>The week in figures</h2>" in page and "<h2>Alerts of the week</h2>" not in page


def test_alerts_are_told_of_a_week_in_which_nobody_came(house):
    house.clock.now = MONDAY - timedelta(days=5)
    raised(house, Raised("jump", "complaints_by_aspect", "warning", JUMP))
    house.clock.now = MONDAY
    page = page_of(house)
    assert "Nobody talked with the shop" in page and "More complaints about delivery" in page


def test_one_script_runs_and_the_header_names_it(house):
    answer = house.client().get(f"{HOME}/report")
    assert answer.text.count("<script>") == 1 and "<button id='pdf'" in answer.text
    policy = _policies("")["/api/v1/insights/report"]
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", policy) and "unsafe-inline" not in policy.split(";")[1]


# ---- By e-mail


@pytest.fixture
def box():
    with mailbox() as box:
        yield box


def mailed(house, box, **more):
    """The shop as one that sends reports, put together anew as after a restart."""
    attach(house, Settings(smtp_url=box.url, report_to="owner@shop.example, two@shop.example", **more))
    return house.shop.insights.alerts


def ticks(house, alarm, hours=1):
    """The jobs of so many hours."""
    for _ in range(hours * 12):
        alarm.check()
        alarm.deliver()
        house.clock.now += timedelta(minutes=5)


def test_the_report_goes_out_once_a_week_on_monday_whatever_is_restarted(house, box):
    a_full_week(house)
    house.shop.insights.keeper.catch_up()
    house.clock.now = MONDAY - timedelta(hours=1)
    ticks(house, mailed(house, box))
    assert box.mails == []  # it was not yet six
    for _ in range(3):
        ticks(house, mailed(house, box))
    assert len(box.mails) == 1 and box.to == [["owner@shop.example", "two@shop.example"]]
    house.clock.now = MONDAY + timedelta(days=7, hours=9)  # the shop was down in the morning
    ticks(house, mailed(house, box))
    ticks(house, mailed(house, box))
    assert len(box.mails) == 2
    assert [mail["Subject"].split(": ")[1] for mail in box.mails] == ["week 47, 2026", "week 48, 2026"]


def test_the_mail_tells_the_week_in_words_and_brings_the_page(house, box):
    a_full_week(house)
    house.shop.insights.keeper.catch_up()
    ticks(house, mailed(house, box, public_url="https://shop.example/"))
    (mail,) = box.mails
    assert "8 conversations." in text_of(mail) and "https://shop.example/insights" in text_of(mail)
    (page,) = mail.iter_attachments()
    assert (page.get_content_type(), page.get_filename()) == ("text/html", "2026-W47.html")
    html = page.get_content()
    assert "<h2>Wanted most and not got</h2>" in html and "hat" in html
    assert "<script" not in html and "<button" not in html
    assert set(re.findall(r'href="([^?]*)', html)) == {"https://shop.example/insights"}


def test_a_report_that_does_not_arrive_is_tried_again_and_the_page_says_so(house, box):
    box.fails = ["451 later", "451 later"]
    alarm = mailed(house, box)
    alarm.check()
    assert alarm.deliver() == 0
    (alert,) = alarm.log.page().alerts
    assert [(one.channel, one.state) for one in alert.deliveries] == [("report", "waiting")]
    assert "451" in alert.deliveries[0].error
    told = house.get("/alerts")
    assert told["alerts"][0]["title"] == "The report of week 2026-W47" and told["channels"] == []
    ticks(house, alarm)
    assert len(box.mails) == 1
    assert alarm.log.page().alerts[0].deliveries[0].attempts == 3


def test_a_muted_report_is_not_sent(house, box):
    alarm = mailed(house, box)
    assert {"name": "weekly_report", "severity": "notice", "kind": "report", "muted_until": None} in house.get(
        "/alerts"
    )["rules"]
    alarm.log.mute("weekly_report", house.record.agents.all()[0].id, timedelta(days=1))
    ticks(house, alarm)
    assert box.mails == []


def test_without_addresses_no_report_is_made(house, box):
    attach(house, Settings(smtp_url=box.url, alert_email="owner@shop.example"))
    ticks(house, house.shop.insights.alerts)
    assert box.mails == [] and house.shop.insights.alerts.log.page().total == 0


def test_alerts_do_not_go_to_the_addresses_of_reports(house, box):
    alarm = mailed(house, box)
    raised(house, Raised("fire", "safety", "critical", {"words": "caught fire", "source": "chat", "quotes": []}))
    ticks(house, alarm)
    assert len(box.mails) == 1 and "week 47" in box.mails[0]["Subject"]


def test_the_report_is_in_the_language_of_alerts(house, box, tmp_path):
    from assistant.insight.alerts.rules import PACKAGED

    own = tmp_path / "alerts.yaml"
    own.write_text(PACKAGED.read_text("utf-8").replace("language: en", "language: zh"), "utf-8")
    ticks(house, mailed(house, box, alerts=own))
    assert "2026 年第 47 周" in box.mails[0]["Subject"] and "本周没有顾客" in text_of(box.mails[0])
