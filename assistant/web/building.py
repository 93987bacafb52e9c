"""The shop's desk, its surveys and its owner's page, built over the shop's parts, and what keeps them up to date.

Imported when the shop is built and not before: it loads the pages.
"""

import math
import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from assistant.insight.alerts import making
from assistant.insight.alerts.making import Alarm
from assistant.insight.drift import Drift
from assistant.insight.figures import Figures
from assistant.insight.gaps import Gaps
from assistant.insight.keeper import Keeper
from assistant.insight.opinions.figures import OpinionFigures
from assistant.insight.opinions.keeper import Opinions
from assistant.insight.opinions.reading import Reader
from assistant.insight.opinions.sentiment import load_sentiment
from assistant.insight.worker import Job, Worker
from assistant.parts import Parts, announce, make_says, now, policies_folder
from assistant.record.faq import FaqChoices
from assistant.record.surveys import Surveys
from assistant.service.closed import closed_of
from assistant.service.draft import Drafts
from assistant.service.facts import OrderFacts
from assistant.service.learnt import load_learnt
from assistant.service.mailing import Question, make_mailer, sender_of
from assistant.service.often import Often
from assistant.service.past import Case, PastAnswers
from assistant.service.private import Masker
from assistant.service.summary import summarise
from assistant.service.translate import translate
from assistant.settings import Settings
from assistant.surveys import Words, load_rules, rules_file
from assistant.web import rate_page
from assistant.web.desk.parts import DeskParts
from assistant.web.insights.parts import InsightParts
from assistant.web.insights.report import report_of
from assistant.web.mail_page import link_to
from assistant.web.tokens import LINK_DAYS, Links
from catalog import Locale


def make_desk(parts: Parts, settings: Settings) -> DeskParts:
    """The desk of the shop's people; the first of them gets in by a key that only this start's output shows."""
    record, service = parts.record, parts.service
    key = secrets.token_urlsafe(12) if record.agents.nobody() else ""
    if key:
        announce(f"the desk has nobody yet: become its owner at http://{settings.host}:{settings.port}/desk?key={key}")
    past = _past_answers(parts, settings)
    drafts = Drafts(
        past,
        lambda: parts.shelf.catalog,
        proposals=service.proposals if service else lambda _: (),
        facts=OrderFacts(service) if service else lambda *_: (),
        says=make_says(parts.stock, settings.home),
    )
    hours = service.rules.hours if service else None
    opens_at = (lambda: None if hours.open_at(now()) else hours.next_opening(now())) if hours else None
    words = partial(translate, writer=parts.writer)
    mailed, often = sender_of(settings) is not None, _often(parts, settings)
    return DeskParts(record.desk, record.agents, key, service, summarise, past, drafts, words, opens_at, mailed, often)


def _often(parts: Parts, settings: Settings) -> Often:
    """What people of the shop answer often, for its FAQ."""
    return Often(
        partial(_closed, parts), parts.stock.kept_vectors(), FaqChoices(parts.record.engine, now),
        lambda: parts.shelf.catalog.policies, policies_folder(settings),
    )  # fmt: skip


def _closed(parts: Parts) -> Callable[[], Iterable[Case]]:
    """Gives each conversation once that was closed as resolved."""
    return closed_of(parts.record.desk, parts.service.proved if parts.service else lambda _: None)


def _past_answers(parts: Parts, settings: Settings) -> PastAnswers:
    """The shop's rules and what its people answered, found for the next question."""
    embedder, known = parts.stock.index.embedder, parts.stock.kept_vectors()
    topics = load_learnt("topics", embedder.name, known, settings.home)
    return PastAnswers(
        parts.catalog.policies, embedder.passages, known, topics,
        ours=parts.shelf.lists, news=_closed(parts), rules=lambda: parts.shelf.catalog.policies,
    )  # fmt: skip


def make_surveys(parts: Parts, settings: Settings) -> Surveys:
    """What shoppers are asked about how it went, as the owner's file has it."""
    record = parts.record
    rules = load_rules(rules_file(settings))
    return Surveys(record.engine, rules, clock=now, told=record.desk.signal.tell, arm_of=parts.arms.survey)


def make_opinions(parts: Parts, settings: Settings) -> Opinions:
    """The reading of what shoppers think; for another embedder than the packaged one it is learnt on the first start."""
    embedder = parts.stock.index.embedder
    sentiment = load_sentiment(embedder.name, embedder.passages, parts.stock.kept_vectors(), settings.home)
    return Opinions(parts.record.engine, Reader(sentiment, _masker(parts).mask), lambda: parts.shelf.catalog, now)


def make_insights(parts: Parts, settings: Settings, opinions: Opinions) -> InsightParts:
    """The owner's page: what the record says of the shop."""
    engine = parts.record.engine
    insights = InsightParts(
        parts.record, Figures(engine, now), Keeper(engine, now), now,
        gaps=Gaps(engine, lambda: parts.shelf.catalog), drift=Drift(engine),
        opinions=OpinionFigures(engine), experiments=parts.lab,
    )  # fmt: skip
    insights.alerts = make_alarm(parts, settings, opinions, insights)
    return insights


def make_alarm(parts: Parts, settings: Settings, opinions: Opinions, insights: InsightParts) -> Alarm:
    """What the owner is told at once or soon, and the report that tells of all that `insights` know."""

    def title(product_id: str, locale: Locale) -> str:
        return parts.shelf.title(product_id, locale) or product_id

    def currency() -> str:
        return next((product.currency for product in parts.shelf.catalog.sample(1)), "USD")

    return making.make_alarm(
        parts.record.engine, settings, policies_folder(settings), lambda: parts.shelf.catalog, title,
        _masker(parts).mask, now, opinions.behind,
        report_of(insights, settings, title, currency),
    )  # fmt: skip


def _masker(parts: Parts) -> Masker:
    """Takes what is private out of what is quoted; words of the shop's listings are no names."""
    return Masker((), parts.shelf.lists)


def mail_answers(parts: Parts, settings: Settings, links: Links, surveys: Surveys) -> Worker | None:
    """Mail what people of the shop wrote to shoppers who have left, while the shop is served; None where that is not set up.

    Once what they asked is closed, they are asked how it went.
    """
    mailer = make_mailer(
        settings, parts.record.desk.mails, parts.service, now, LINK_DAYS,
        link_to(settings, "continue", links.opening), link_to(settings, "no-mail", links.stopping),
        partial(question_of, surveys, settings.public_url),
    )  # fmt: skip
    if mailer is None:
        return None
    announce(f"answers to shoppers who have left are mailed from {sender_of(settings)}")
    worker = Worker([Job("mailing answers", 5, mailer.deliver)])
    worker.start()
    return worker


def question_of(surveys: Surveys, base: str, session_id: str) -> Question | None:
    """How it went, as a mail asks it of a conversation that people of the shop have closed; None where it is not to."""
    offer = surveys.by_mail(session_id)
    if offer is None:
        return None
    asked = offer.form.question
    words = Words(asked.en.replace("{name}", offer.agent), asked.zh.replace("{name}", offer.agent))
    return Question(words, rate_page.link_to(offer, base), math.ceil((offer.expires_at - now()) / timedelta(days=1)))


def learn(insights: InsightParts, opinions: Opinions) -> None:
    """Keep what is learnt from the record up to date while the shop is served."""
    Worker([Job("counting the figures", 1, insights.keeper.catch_up)]).start()
    Worker([Job("reading opinions", 5, opinions.catch_up)]).start()
    if (alarm := insights.alerts) is not None:
        Worker([Job("watching for danger", 5, alarm.watch), Job("looking for jumps", 60, alarm.check)]).start()
        Worker([Job("sending alerts", 5, alarm.deliver)]).start()
