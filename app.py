"""The composition root: settings → catalogue, record, model → assistant → pages and REST → a served shop."""

import argparse
import os
import shutil
import socket
import sys
import time
from typing import TYPE_CHECKING

from pydantic import ValidationError

# Read when numpy, Gradio and the others are imported, so before what imports them.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("LANGSMITH_TRACING", "false")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # chats run side by side: a search's threads would wait for others

from assistant.errors import AssistantError, SetupError  # noqa: E402
from assistant.parts import announce, assemble, watch  # noqa: E402
from assistant.settings import Settings  # noqa: E402

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.model import ChatModel


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
        return Settings()
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
    announce(f"ready after {time.monotonic() - started:.0f} s: open {address} (stop with Ctrl+C)")
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=3)


def build(settings: Settings, model: "ChatModel | None" = None) -> "FastAPI":
    """The application with all its real parts; with `model` that one is used."""
    from assistant.web import Shop, create_app
    from assistant.web.building import learn, mail_answers, make_desk, make_insights, make_opinions, make_surveys
    from assistant.web.tokens import Links, Tokens, read_secret

    parts = assemble(settings, model)
    secret = read_secret(settings)
    tokens, links = Tokens(secret), Links(secret)
    opinions = make_opinions(parts, settings)
    desk, insights = make_desk(parts, settings), make_insights(parts, settings, opinions)
    surveys = make_surveys(parts, settings)
    shop = Shop(
        parts.assistant, parts.catalog, parts.record, settings,
        ready=lambda: True, desk=desk, insights=insights, surveys=surveys, tokens=tokens, links=links,
        service=parts.service,
    )  # fmt: skip
    watch(parts, shop.renew)
    learn(insights, opinions)
    mail_answers(parts, settings, links, surveys)
    return create_app(shop)


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


if __name__ == "__main__":
    sys.exit(main())
