"""What a shop works with below its pages: catalogue, record, model, service and experiments, built from settings.

Knows nothing of the pages and of what stands behind them. What is heavy is imported only where it is built.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SetupError
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.insight.experiments.arms import LiveArms
    from assistant.insight.experiments.lab import Lab
    from assistant.model import ChatModel
    from assistant.pipeline import Assistant
    from assistant.record import Record
    from assistant.sense import Embed, Lessons, Matrix, Sense
    from assistant.service import Service
    from assistant.service.agent import Planner
    from assistant.service.promises import Says
    from assistant.service.replies import ServiceReplies
    from assistant.trials import Trial
    from assistant.writer import Writer
    from catalog import Catalog, CatalogIndex, CatalogTables, Locale, Progress, Watch

DEMO = Path(__file__).parents[1] / "catalog" / "demo"


@dataclass(frozen=True)
class Stock:
    """The catalogue as it is now, and where a newer one would come from."""

    catalog: "Catalog"
    tables: "CatalogTables"
    index: "CatalogIndex"
    reopen: "Callable[[], Catalog]"
    policies: Path

    def kept_vectors(self) -> "Callable[[Sequence[str]], Matrix]":
        """Vectors of texts that are the same at every start, kept in the catalogue's database."""
        from catalog import VectorTable

        return VectorTable(self.tables, self.index.embedder).of_texts

    @cached_property
    def meaning(self) -> "Embed":
        """Vectors of messages, each of which is embedded once however many senses look at it."""
        import numpy as np

        embed = lru_cache(maxsize=256)(lambda text: self.index.embedder.passages([text])[0])
        return lambda texts: np.stack([embed(text) for text in texts])


@dataclass
class Shelf:
    """The catalogue that holds now, for those who look products up while newer ones come in."""

    catalog: "Catalog"

    def title(self, product_id: str, locale: "Locale") -> str | None:
        """What a product is called; None where it is no longer sold."""
        product = self.catalog.get(product_id)
        return product.localised(locale).title if product else None

    def lists(self, word: str) -> bool:
        """Whether a listing of the shop has this word."""
        return bool(self.catalog.search(word, (), 1, by="lexical"))


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
    from assistant.sense import ACTS, COMMANDS
    from assistant.writer import Writer

    record = Record(settings.record_database)
    stock = open_shop(settings)
    catalog, shelf = stock.catalog, Shelf(stock.catalog)
    service = open_service(settings, shelf)
    if model is None:
        model = load_model(settings, progress=announce)
        announce("warming up")
        model.warm(prompts.systems())
    writer = Writer(model, stall_timeout_s=settings.stall_timeout_s)
    name, quantisation = str(model.identity), model.identity.quantisation
    sense = make_sense(stock, settings.home, ACTS)
    commands = make_sense(stock, settings.home, COMMANDS)
    trials = make_trials(settings, name)
    lab = make_lab(record, shelf, settings, list(trials))
    arms = LiveArms(lab.ledger, now)
    assistant = Assistant(
        catalog, record, writer, settings, model=name, quantisation=quantisation, sense=sense,
        ordering=lambda text: commands.likelihood(text, "orders"),
        service=make_replies(service, stock, shelf, record, settings, model), arms=arms, trials=trials,
    )  # fmt: skip
    return Parts(assistant, catalog, stock, shelf, record, model, writer, service, lab, arms)


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

    policies = policies_folder(settings)
    try:
        tables = CatalogTables(settings.catalog_database)
        embedder = load_embedder(settings.embedder)
        index = CatalogIndex(embedder, settings.home, url=settings.chroma_url)
        with shown_progress("aisle") as show:
            take_over(tables)
            if len(tables) == 0:
                announce("the catalogue is empty: bringing in the demo shop")
                if settings.policies is None:
                    shutil.copytree(DEMO / "policies", policies, dirs_exist_ok=True)
                    shutil.copy(DEMO_RULES, policies)
                import_feed(DEMO / "products", tables, index, progress=show)
            reranker = load_reranker(settings.reranker)

            def reopen(progress: "Progress | None" = None) -> "Catalog":
                policies_now = load_policies(policies)
                opened = open_catalog(tables, index, policies=policies_now, reranker=reranker, progress=progress)
                opened.warm()
                return opened

            catalog = reopen(show)
    except CatalogError as error:
        raise SetupError(str(error)) from error
    announce(f"{len(catalog)} products, {len(catalog.policies)} policy sections")
    return Stock(catalog, tables, index, reopen, policies)


def open_service(settings: Settings, shelf: Shelf) -> "Service | None":
    """The shop's customers and orders under its rules of service; None where it has no such rules.

    Beside the demo shop's rules books that are empty are filled with the demo shop's customers and orders.
    """
    from assistant.service import DEMO_RULES, CatalogOffers, Service, SqlStore, load_folder, load_rules
    from assistant.service.loading import DEMO_FOLDER

    file = settings.service_rules or policies_folder(settings) / DEMO_RULES.name
    if settings.service_rules is None and not file.exists():
        return None
    rules, store = load_rules(file), SqlStore(settings.orders_database)
    if file.read_bytes() == DEMO_RULES.read_bytes() and store.is_empty():
        load_folder(store, DEMO_FOLDER, now())
        announce("the books are empty: bringing in the demo shop's customers and orders")
    return Service(store, rules, CatalogOffers(lambda id: shelf.catalog.get(id)), now)


def make_sense(stock: Stock, home: Path, lessons: "Lessons") -> "Sense":
    """What tells messages apart by these lessons; for another embedder than the packaged one it is learnt on the first start."""
    from assistant.sense import load_sense

    embedder = stock.index.embedder
    return load_sense(embedder.name, stock.meaning, stock.kept_vectors(), home, lessons)


def make_replies(
    service: "Service | None", stock: Stock, shelf: Shelf, record: "Record", settings: Settings, model: "ChatModel"
) -> "ServiceReplies":
    """What answers messages about orders, or calls people of the shop."""
    from assistant.sense import KINDS
    from assistant.service.flow import ServiceFlow
    from assistant.service.hours import Hours
    from assistant.service.replies import ServiceReplies
    from assistant.service.summary import summary_data

    kinds = make_sense(stock, settings.home, KINDS)
    flow = ServiceFlow(service, kinds.of, shelf.title) if service else None
    if service and settings.service_agent:
        from assistant.service.agent import AgentFlow

        flow = AgentFlow(service, make_planner(stock, shelf, settings, model), kinds.of, shelf.title)
    hours = service.rules.hours if service else Hours()
    return ServiceReplies(flow, service, hours, lambda: len(record.desk.queue()), summary_data, now, kinds.of)


def make_planner(stock: Stock, shelf: Shelf, settings: Settings, model: "ChatModel") -> "Planner":
    """The agent that plans what is done for customers."""
    from assistant.service.agent import Planner

    def policy(question: str, locale: "Locale") -> list[str]:
        return [hit.policy.text for hit in shelf.catalog.rules(question, locale)]

    return Planner(model, policy, make_says(stock, settings.home))


def make_says(stock: Stock, home: Path) -> "Says":
    """What senses that a sentence says something was or will be done for the shopper."""
    from assistant.service.learnt import load_learnt
    from assistant.service.promises import sensed

    embedder = stock.index.embedder
    return sensed(load_learnt("claims", embedder.name, stock.kept_vectors(), home), embedder.passages)


def make_trials(settings: Settings, usual: str) -> "dict[str, Trial]":
    """The model that experiments may try beside the `usual` one, by its name; nothing where none is set."""
    from assistant import prompts
    from assistant.model import load_model
    from assistant.trials import Trial
    from assistant.writer import Writer

    if not settings.trial_model:
        return {}
    tried = settings.model_copy(update={"model": settings.trial_model, "fallback_model": ""})
    announce(f"loading the model to be tried: {settings.trial_model}")
    model = load_model(tried, progress=announce)
    identity = model.identity
    if str(identity) == usual:
        raise SetupError(f"AISLE_TRIAL_MODEL: {identity.name} is the model that AISLE_MODEL names")
    model.warm(prompts.systems())
    writer = Writer(model, stall_timeout_s=settings.stall_timeout_s)
    return {identity.name: Trial(writer, str(identity), identity.quantisation)}


def make_lab(record: "Record", shelf: Shelf, settings: Settings, models: Sequence[str]) -> "Lab":
    """The experiments of the shop, and what can be tried in them."""
    from assistant import prompts
    from assistant.insight.experiments.lab import Lab
    from assistant.insight.experiments.ledger import Ledger
    from assistant.insight.experiments.plan import USUAL
    from assistant.rankers import RANKERS
    from assistant.record.experiments import Experiments
    from assistant.surveys import load_rules, rules_file

    choices = {
        "ranker": tuple(RANKERS),
        "prompt": (USUAL, *prompts.variants()),
        "model": (USUAL, *models),
        "survey": (USUAL, *load_rules(rules_file(settings)).variants),
    }
    return Lab(Ledger(Experiments(record.engine, now), lambda: choices), now, lambda: shelf.catalog)


def watch(parts: Parts, renew: "Callable[[Assistant, Catalog], None]") -> "Watch":
    """Take over each new catalogue that is imported while the shop is served, and policies that are written anew.

    `renew` is told who answers from it. Turns under way keep the old one.
    """
    from catalog import Watch

    def take(catalog: "Catalog") -> None:
        parts.shelf.catalog = catalog
        renew(parts.assistant.over(catalog), catalog)
        announce(f"a new catalogue: {len(catalog)} products, {len(catalog.policies)} policy sections")

    stock = parts.stock
    rewritten = _rewritten(stock.policies, parts.shelf)
    watching = Watch(stock.tables, stock.index, stock.reopen, take, rewritten=rewritten)
    watching.start()
    return watching


def _rewritten(folder: Path, shelf: Shelf) -> "Callable[[], Catalog | None]":
    """Gives the catalogue of now under the owner's policies whenever their files say something else than it does."""
    from catalog import load_policies, written_at

    seen: tuple[object, ...] | None = None

    def look() -> "Catalog | None":
        nonlocal seen
        now = written_at(folder)
        if now == seen:
            return None
        seen = now  # a file that cannot be read is told of once, and read when it is written again
        written = load_policies(folder)
        return shelf.catalog.ruled(written) if written != shelf.catalog.policies else None

    return look


def policies_folder(settings: Settings) -> Path:
    """Where the owner's policies are, and the files of rules beside them."""
    return settings.policies or settings.home / "policies"


def now() -> datetime:
    """The shop's clock."""
    return datetime.now(UTC)


def announce(line: str) -> None:
    """Tell whoever started the shop."""
    print(f"aisle: {line}", flush=True)
