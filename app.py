"""The composition root: settings → catalogue, record, model → assistant → pages and REST → a served shop."""

import argparse
import os
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.errors import AssistantError, SetupError
from assistant.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.insight.alerts.making import Alarm
    from assistant.insight.experiments.arms import LiveArms
    from assistant.insight.experiments.lab import Lab
    from assistant.insight.opinions.keeper import Opinions
    from assistant.model import ChatModel
    from assistant.pipeline import Assistant
    from assistant.record import Record
    from assistant.record.surveys import Surveys
    from assistant.sense import Matrix, Sense
    from assistant.service import Service
    from assistant.service.past import PastAnswers
    from assistant.service.replies import ServiceReplies
    from assistant.web import Shop
    from assistant.web.desk.parts import DeskParts
    from assistant.web.insights.parts import InsightParts
    from assistant.writer import Writer
    from catalog import Catalog, CatalogIndex, CatalogTables, Locale, Watch

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("LANGSMITH_TRACING", "false")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # chats run side by side: threads of one search would wait for others

DEMO = Path(__file__).parent / "catalog" / "demo"


def main(argv: list[str] | None = None) -> int:
    """Serve the shop until interrupted; a failure to set up is one line and exit status 1."""
    _parser().parse_args(argv)
    try:
        serve(read_settings())
    except (AssistantError, OSError) as error:
        print(f"aisle: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\naisle: stopped")
    return 0


def read_settings() -> Settings:
    """The settings that the environment gives. Raises SetupError, which names what makes no sense."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        faults = [f"AISLE_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise SetupError("; ".join(faults)) from error


def _parser() -> argparse.ArgumentParser:
    width = max(len(name) for name in Settings.model_fields) + 8
    lines = [
        f"  {'AISLE_' + name.upper():{width}} {field.description} [{field.get_default()}]"
        for name, field in Settings.model_fields.items()
    ]
    return argparse.ArgumentParser(
        prog="python app.py",
        description="Serve the shop: the shopper's page, the REST routes and their documentation.",
        epilog="environment variables:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def serve(settings: Settings) -> None:
    """Build everything in order, saying what is done, then listen."""
    import uvicorn

    started = time.monotonic()
    _check_port(settings)
    _check_disk(settings)
    app = build(settings)
    address = f"http://{settings.host}:{settings.port}/"
    _say(f"ready after {time.monotonic() - started:.0f} s: open {address} (stop with Ctrl+C)")
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=3)


@dataclass(frozen=True)
class Stock:
    """The catalogue as it is now, and where a newer one would come from."""

    catalog: "Catalog"
    tables: "CatalogTables"
    index: "CatalogIndex"
    reopen: "Callable[[], Catalog]"


@dataclass
class Shelf:
    """The catalogue that holds now, for those who look products up while newer ones come in."""

    catalog: "Catalog"


@dataclass(frozen=True)
class Parts:
    """One shop's working parts, built from settings. Without `service` people of the shop look after orders themselves."""

    assistant: "Assistant"
    catalog: "Catalog"
    stock: Stock
    shelf: Shelf
    record: "Record"
    model: "ChatModel"
    writer: "Writer"
    service: "Service | None"
    lab: "Lab"
    arms: "LiveArms"


def assemble(settings: Settings, model: "ChatModel | None" = None) -> Parts:
    """All parts below the pages; with `model` that one is used instead of loading what the settings name."""
    from assistant import prompts
    from assistant.insight.experiments.arms import LiveArms
    from assistant.model import load_model
    from assistant.pipeline import Assistant
    from assistant.record import Record
    from assistant.writer import Writer

    record = Record(settings.record_database)
    stock = open_shop(settings)
    catalog, shelf = stock.catalog, Shelf(stock.catalog)
    service = open_service(settings, shelf)
    if model is None:
        model = load_model(settings, progress=_say)
        _say("warming up")
        model.warm(prompts.systems())
    writer = Writer(model, stall_timeout_s=settings.stall_timeout_s)
    name, quantisation = str(model.identity), model.identity.quantisation
    sense = make_sense(stock, settings.home)
    lab = make_lab(record, shelf, settings)
    arms = LiveArms(lab.ledger, _now)
    assistant = Assistant(
        catalog, record, writer, settings, model=name, quantisation=quantisation, sense=sense,
        service=make_replies(service, stock, shelf, record, settings.home), arms=arms,
    )  # fmt: skip
    return Parts(assistant, catalog, stock, shelf, record, model, writer, service, lab, arms)


def make_lab(record: "Record", shelf: Shelf, settings: Settings) -> "Lab":
    """The experiments of the shop, and what can be tried in them."""
    from assistant import prompts
    from assistant.insight.experiments.lab import Lab
    from assistant.insight.experiments.ledger import Ledger
    from assistant.insight.experiments.plan import USUAL
    from assistant.rank import RANKERS
    from assistant.record.experiments import Experiments
    from assistant.surveys import load_rules, rules_file

    choices = {
        "ranker": tuple(RANKERS),
        "prompt": (USUAL, *prompts.variants()),
        "survey": (USUAL, *load_rules(rules_file(settings)).variants),
    }
    return Lab(Ledger(Experiments(record.engine, _now), lambda: choices), _now, lambda: shelf.catalog)


def open_service(settings: Settings, shelf: Shelf) -> "Service | None":
    """The shop's customers and orders under its rules of service; None where it has no such rules.

    Beside the demo shop's rules books that are empty are filled with the demo shop's customers and orders.
    """
    from assistant.service import DEMO_RULES, CatalogOffers, Service, SqlStore, load_folder, load_rules
    from assistant.service.loading import DEMO_FOLDER

    file = settings.service_rules or _policies(settings) / DEMO_RULES.name
    if settings.service_rules is None and not file.exists():
        return None
    rules, store = load_rules(file), SqlStore(settings.orders_database)
    if file.read_bytes() == DEMO_RULES.read_bytes() and store.is_empty():
        load_folder(store, DEMO_FOLDER, _now())
        _say("the books are empty: bringing in the demo shop's customers and orders")
    return Service(store, rules, CatalogOffers(lambda id: shelf.catalog.get(id)), _now)


def make_replies(
    service: "Service | None", stock: Stock, shelf: Shelf, record: "Record", home: Path
) -> "ServiceReplies":
    """What answers messages about orders, or calls people of the shop."""
    from assistant.sense import KINDS, load_sense
    from assistant.service.flow import ServiceFlow
    from assistant.service.hours import Hours
    from assistant.service.replies import ServiceReplies
    from assistant.service.summary import summary_data

    embedder = stock.index.embedder
    kinds = load_sense(embedder.name, embedder.passages, _kept_vectors(stock), home, KINDS)

    def title(product_id: str, locale: "Locale") -> str | None:
        product = shelf.catalog.get(product_id)
        return product.localised(locale).title if product else None

    flow = ServiceFlow(service, kinds.of, title) if service else None
    hours = service.rules.hours if service else Hours()
    return ServiceReplies(flow, service, hours, lambda: len(record.desk.queue()), summary_data, _now, kinds.of)


def _policies(settings: Settings) -> Path:
    return settings.policies or settings.home / "policies"


def _now() -> datetime:
    return datetime.now(UTC)


def make_sense(stock: Stock, home: Path) -> "Sense":
    """The sense of what messages do; for another embedder than the packaged one it is learnt on the first start."""
    from assistant.sense import load_sense

    embedder = stock.index.embedder
    return load_sense(embedder.name, embedder.passages, _kept_vectors(stock), home)


def build(settings: Settings, model: "ChatModel | None" = None) -> "FastAPI":
    """The application with all its real parts; with `model` that one is used."""
    from assistant.web import Shop, create_app
    from assistant.web.tokens import Tokens, read_secret

    parts = assemble(settings, model)
    tokens = Tokens(read_secret(settings))
    opinions = make_opinions(parts, settings)
    desk, insights = make_desk(parts, settings), make_insights(parts, settings, opinions)
    shop = Shop(
        parts.assistant, parts.catalog, parts.record, settings,
        ready=lambda: True, desk=desk, insights=insights, surveys=make_surveys(parts, settings), tokens=tokens,
    )  # fmt: skip
    watch(parts, shop)
    learn(insights, opinions)
    return create_app(shop)


def make_desk(parts: Parts, settings: Settings) -> "DeskParts":
    """The desk of the shop's people; the first of them gets in by a key that only this start's output shows."""
    from assistant.service.draft import Drafts
    from assistant.service.facts import OrderFacts
    from assistant.service.learnt import load_learnt
    from assistant.service.promises import sensed
    from assistant.service.summary import summarise
    from assistant.service.translate import translate
    from assistant.web.desk.parts import DeskParts

    record, service, embedder = parts.record, parts.service, parts.stock.index.embedder
    key = secrets.token_urlsafe(12) if record.agents.nobody() else ""
    if key:
        _say(f"the desk has nobody yet: become its owner at http://{settings.host}:{settings.port}/desk?key={key}")
    past = _past_answers(parts, settings.home)
    claims = load_learnt("claims", embedder.name, _kept_vectors(parts.stock), settings.home)
    drafts = Drafts(
        past,
        lambda: parts.shelf.catalog,
        proposals=service.proposals if service else lambda _: (),
        facts=OrderFacts(service) if service else lambda *_: (),
        says=sensed(claims, embedder.passages),
    )
    hours = service.rules.hours if service else None
    opens_at = (lambda: None if hours.open_at(_now()) else hours.next_opening(_now())) if hours else None
    words = partial(translate, writer=parts.writer)
    return DeskParts(record.desk, record.agents, key, service, summarise, past, drafts, words, opens_at)


def make_surveys(parts: Parts, settings: Settings) -> "Surveys":
    """What shoppers are asked about how it went, as the owner's file has it."""
    from assistant.record.surveys import Surveys
    from assistant.surveys import load_rules, rules_file

    record = parts.record
    return Surveys(record.engine, load_rules(rules_file(settings)), clock=_now, told=record.desk.signal.tell, arm_of=parts.arms.survey)


def make_opinions(parts: Parts, settings: Settings) -> "Opinions":
    """The reading of what shoppers think; for another embedder than the packaged one it is learnt on the first start."""
    from assistant.insight.opinions.keeper import Opinions
    from assistant.insight.opinions.reading import Reader
    from assistant.insight.opinions.sentiment import load_sentiment

    embedder = parts.stock.index.embedder
    sentiment = load_sentiment(embedder.name, embedder.passages, _kept_vectors(parts.stock), settings.home)
    reader = Reader(sentiment, _masks(parts))
    return Opinions(parts.record.engine, reader, lambda: parts.shelf.catalog, _now)


def make_alarm(parts: Parts, settings: Settings, opinions: "Opinions") -> "Alarm":
    """What the owner is told at once or soon."""
    from assistant.insight.alerts import making

    def title(product_id: str, locale: "Locale") -> str:
        product = parts.shelf.catalog.get(product_id)
        return product.localised(locale).title if product else product_id

    return making.make_alarm(
        parts.record.engine, settings, _policies(settings), lambda: parts.shelf.catalog, title, _masks(parts), _now,
        opinions.behind,
    )  # fmt: skip


def _masks(parts: Parts) -> "Callable[[str], str]":
    """Takes what is private out of what is quoted; words of the shop's listings are no names."""
    from assistant.service.private import Masker

    return Masker((), lambda word: bool(parts.shelf.catalog.search(word, (), 1, by="lexical"))).mask


def make_insights(parts: Parts, settings: Settings, opinions: "Opinions") -> "InsightParts":
    """The owner's page: what the record says of the shop."""
    from assistant.insight.drift import Drift
    from assistant.insight.figures import Figures
    from assistant.insight.gaps import Gaps
    from assistant.insight.keeper import Keeper
    from assistant.insight.opinions.figures import OpinionFigures
    from assistant.web.insights.parts import InsightParts

    engine = parts.record.engine
    return InsightParts(
        parts.record, Figures(engine, _now), Keeper(engine, _now), _now,
        gaps=Gaps(engine, lambda: parts.shelf.catalog), drift=Drift(engine),
        opinions=OpinionFigures(engine), alerts=make_alarm(parts, settings, opinions), experiments=parts.lab,
    )  # fmt: skip


def learn(insights: "InsightParts", opinions: "Opinions") -> None:
    """Keep what is learnt from the record up to date while the shop is served."""
    from assistant.insight.worker import Job, Worker

    Worker([Job("counting the figures", 1, insights.keeper.catch_up)]).start()
    Worker([Job("reading opinions", 5, opinions.catch_up)]).start()
    if (alarm := insights.alerts) is not None:
        Worker([Job("watching for danger", 5, alarm.watch), Job("looking for jumps", 60, alarm.check)]).start()
        Worker([Job("sending alerts", 5, alarm.deliver)]).start()


def _past_answers(parts: Parts, home: Path) -> "PastAnswers":
    """The shop's rules and what its people answered, found for the next question."""
    from assistant.service.closed import closed_of
    from assistant.service.learnt import load_learnt
    from assistant.service.past import PastAnswers

    desk, service, embedder = parts.record.desk, parts.service, parts.stock.index.embedder
    known = _kept_vectors(parts.stock)
    closed = closed_of(desk, service.proved if service else lambda _: None)
    topics = load_learnt("topics", embedder.name, known, home)

    def ours(word: str) -> bool:
        return bool(parts.shelf.catalog.search(word, (), 1, by="lexical"))

    return PastAnswers(parts.catalog.policies, embedder.passages, known, topics, ours=ours, news=closed)


def _kept_vectors(stock: Stock) -> "Callable[[Sequence[str]], Matrix]":
    """Vectors of texts that are the same at every start, kept in the catalogue's database."""
    from catalog import VectorTable

    return VectorTable(stock.tables, stock.index.embedder).of_texts


def watch(parts: Parts, shop: "Shop") -> "Watch":
    """Take over each new catalogue that is imported while the shop is served; turns under way keep the old one."""
    from catalog import Watch

    def take(catalog: "Catalog") -> None:
        parts.shelf.catalog = catalog
        shop.renew(parts.assistant.over(catalog), catalog)
        _say(f"a new catalogue: {len(catalog)} products")

    stock = parts.stock
    watching = Watch(stock.tables, stock.index, stock.reopen, take)
    watching.start()
    return watching


def open_shop(settings: Settings) -> Stock:
    """The shop's catalogue, indexed; on the very first start the demo shop is brought in."""
    from assistant.service import DEMO_RULES
    from catalog import (
        CatalogError,
        CatalogIndex,
        CatalogTables,
        import_feed,
        load_embedder,
        load_policies,
        load_reranker,
        open_catalog,
        shown_progress,
        take_over,
    )

    policies = _policies(settings)
    try:
        tables = CatalogTables(settings.catalog_database)
        embedder = load_embedder(settings.embedder)
        index = CatalogIndex(embedder, settings.home, url=settings.chroma_url)
        with shown_progress("aisle") as show:
            take_over(tables)
            if len(tables) == 0:
                _say("the catalogue is empty: bringing in the demo shop")
                if settings.policies is None:
                    shutil.copytree(DEMO / "policies", policies, dirs_exist_ok=True)
                    shutil.copy(DEMO_RULES, policies)
                import_feed(DEMO / "products", tables, index, progress=show)
            options = {"policies": load_policies(policies), "reranker": load_reranker(settings.reranker)}
            catalog = open_catalog(tables, index, **options, progress=show)
    except CatalogError as error:
        raise SetupError(str(error)) from error
    _say(f"{len(catalog)} products, {len(catalog.policies)} policy sections")
    return Stock(catalog, tables, index, partial(open_catalog, tables, index, **options))


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SetupError(
                f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): set AISLE_PORT to a free port"
            ) from error


def _check_disk(settings: Settings) -> None:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.home).free
    except OSError as error:
        raise SetupError(f"cannot write to AISLE_HOME={settings.home}: {error.strerror}") from error
    if free < 200_000_000:
        raise SetupError(
            f"only {free // 1_000_000} MB free at {settings.home}: free some space or set AISLE_HOME elsewhere"
        )


def _say(line: str) -> None:
    print(f"aisle: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
