"""How does one 4-bit model serve many chats? Our engine on each local runtime beside the plain use of the same weights.

Plain use is `model.generate` for one prompt after the other in transformers, and llama.cpp's own server with its own
defaults. All ask the prompts of real turns: the shared system text, a wish, a product of the demo shop and its facts.
"""

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.model import GenerationRequest, Message, load_model
from assistant.model.request import Engine
from assistant.prompts import prompt
from assistant.settings import Settings
from catalog import Product, Progress
from catalog.feeds import read_jsonl
from evals.embedding import DEMO
from evals.metrics import quantile

Say = Callable[[Sequence[Message], int, Callable[[], None]], tuple[str, int]]
"""Answers a prompt in at most so many tokens and says how many they were; calls back at every piece of text."""

CHATS = (1, 2, 4, 8, 16)
JUDGED = (1, 8)  # chats of which an aim speaks: asked in several rounds
RUNTIMES = {"nf4": "packaged-nf4", "gguf": "packaged"}
_TOKENS = 40
_WORDS = ("well", "now", "so")  # of the wish, one for a round
_TAKEN = ("first_p50_s", "first_p95_s", "took_s", "tokens_per_s")
_WISHES = (
    "a gift for my sister who reads in bed", "something sturdy for every day", "it should be easy to clean", "for a small flat",
    "not too heavy, I carry it around", "a present under 60 dollars", "for my dad, he cooks a lot", "good for rainy days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with the seconds until its first piece and until its end, counted from when all were asked."""

    text: str
    first_s: float
    end_s: float


def run(home: Path, *, soak_minutes: float = 0, progress: Progress) -> dict[str, Any]:
    """Measure both runtimes with the packaged weights in `home`; with `soak_minutes`, 16 chats for so long as well."""
    started = time.time()
    asked = list(_prompts(max(CHATS)))
    report: dict[str, Any] = {"cpus": os.cpu_count(), "tokens": _TOKENS, "load_average": os.getloadavg()[0]}
    for runtime, model in RUNTIMES.items():
        settings = Settings(home=home, model=model, chats=max(CHATS))
        report[runtime] = _measured(runtime, settings, asked, soak_minutes, progress)
    return report | {"minutes": round((time.time() - started) / 60, 1)}


def _measured(runtime: str, settings: Settings, asked: list[list[Message]], soak: float, progress: Progress) -> Any:
    chat_model = load_model(settings)
    engine = chat_model.engine
    say = _through(engine)
    found: dict[str, Any] = {"first_token": _first_token(say, engine, asked[0])}
    found["first_use"] = _together(say, _new(asked, max(CHATS), "first"))  # then every slot has read the system text
    found["many"] = []
    for count in CHATS:
        progress(runtime, count, max(CHATS))
        found["many"].append(_rounds(say, asked, count))
    alone = [_together(say, [one], tokens=1) for one in _new(asked, 8, "read")]
    found["reading_8_s"] = sum(one["answers"][0].end_s for one in alone)
    found["cancel_ms"] = _cancelling(engine, asked, settings.chats)
    if soak:
        found["soak"] = _soak(engine, asked, soak, progress)
    found["peak_mb"] = _memory_mb("VmHWM")
    if runtime == "nf4":  # the same weights in memory
        found["plain"] = _plain_nf4(engine, asked)
    chat_model.close()
    del engine, say, chat_model
    gc.collect()
    if runtime == "gguf":
        found["plain"] = _plain_gguf(settings, asked)
    texts = {many["chats"]: [one.text for one in many["answers"]] for many in found["plain"]["many"]}
    for many in found["many"]:
        pairs = zip(texts.get(many["chats"], ()), (one.text for one in many["answers"]), strict=False)
        many["same"] = [plain == ours for plain, ours in pairs]
    return found


def _prompts(count: int) -> Iterator[list[Message]]:
    """Prompts of a turn over products of the demo shop, all with the same system text."""
    asked = prompt("recommend", "en")
    products = [row for row in read_jsonl(DEMO) if isinstance(row, Product)]
    for n, product in enumerate(products[:: len(products) // count][:count]):
        sentences = product.description.split(". ")[:2]
        facts = [*(f"{name}: {value}" for name, value in list(product.attributes.items())[:3]), *sentences]
        user = asked.fill(message=_WISHES[n % len(_WISHES)], title=product.title, facts=". ".join(facts))
        yield [Message("system", asked.system), Message("user", user)]


def _new(asked: Sequence[list[Message]], count: int, word: str = "well") -> list[list[Message]]:
    """The first `count` prompts with a wish of their own, so that only the system text has been read before."""
    said = f"Wish: {word} {count}, "
    return [[one[0], Message("user", one[1].content.replace("Wish: ", said, 1))] for one in asked[:count]]


def _through(engine: Engine) -> Say:
    def say(messages: Sequence[Message], tokens: int, seen: Callable[[], None]) -> tuple[str, int]:
        request = GenerationRequest(max_tokens=tokens)
        pieces = []
        for piece in filter(None, engine.generate(messages, request)):
            seen()
            pieces.append(piece)
        return "".join(pieces), request.usage.output_tokens

    return say


def _together(say: Say, asked: Sequence[list[Message]], *, tokens: int = _TOKENS, one_by_one: bool = False) -> Any:
    """Ask all at once (or, one by one, in a row) and say how long each waited and how many tokens came a second."""
    answers: list[Answer | None] = [None] * len(asked)
    counts = [0] * len(asked)
    started = time.perf_counter()

    def ask(n: int) -> None:
        first: list[float] = []

        def seen() -> None:
            first.append(time.perf_counter() - started)

        text, counts[n] = say(asked[n], tokens, seen)
        answers[n] = Answer(text, first[0] if first else float("nan"), time.perf_counter() - started)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(asked))]
    for thread in threads:
        thread.start()
        if one_by_one:
            thread.join()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    firsts = [one.first_s for one in answers if one]
    return {
        "chats": len(asked), "first_p50_s": quantile(firsts, 0.5), "first_p95_s": quantile(firsts, 0.95), "took_s": took,
        "tokens_per_s": sum(counts) / took, "answers": [one for one in answers if one],
    }  # fmt: skip


def _rounds(say: Say, asked: Sequence[list[Message]], count: int, *, one_by_one: bool = False) -> Any:
    """The answers of a first round with the medians of three where an aim is held against them: one alone may be luck."""
    words = _WORDS if count in JUDGED else _WORDS[:1]
    rounds = [_together(say, _new(asked, count, word), one_by_one=one_by_one) for word in words]
    medians = {name: quantile([one[name] for one in rounds], 0.5) for name in _TAKEN}
    return rounds[0] | medians | {"rounds": [one["tokens_per_s"] for one in rounds]}


def _first_token(say: Say, engine: Engine, asked: list[Message]) -> dict[str, float]:
    """The first token of a prompt whose system text was never read, then of one whose system text was; medians of three."""
    _together(say, [[Message("system", "Say one word."), Message("user", "Now.")]], tokens=2)  # the first pass of all
    cold, warm = [], []
    for n in range(3):
        system = Message("system", f"Shop {n}. {asked[0].content}")
        cold.append(_together(say, [[system, asked[1]]], tokens=1)["first_p50_s"])
    engine.warm([asked[0].content])
    for n in range(3):
        user = Message("user", asked[1].content.replace("Wish: ", f"Wish: {n} of ", 1))
        warm.append(_together(say, [[asked[0], user]], tokens=1)["first_p50_s"])
    return {"cold_s": quantile(cold, 0.5), "warm_s": quantile(warm, 0.5)}


def _cancelling(engine: Engine, asked: list[list[Message]], chats: int, times: int = 9) -> float:
    """Milliseconds from leaving one of `chats` running chats until the engine begins on one that waits; the median."""
    long = [[one[0], Message("user", "Count from 1 to 500 in words.")] for one in asked]
    waits = []
    running = [GenerationRequest(max_tokens=900) for _ in range(chats)]
    streams = [engine.generate(messages, request) for messages, request in zip(long, running, strict=False)]
    threads = [threading.Thread(target=lambda s=s: list(s), daemon=True) for s in streams]
    for thread in threads:
        thread.start()
    time.sleep(2)
    for n in range(times):
        late = GenerationRequest(max_tokens=900)
        stream = engine.generate(long[n % len(long)], late)
        thread = threading.Thread(target=lambda s=stream: list(s), daemon=True)
        thread.start()
        time.sleep(0.5)
        waited = not late.usage.queued_s  # else some other chat had ended by itself
        begun = time.perf_counter()
        running.pop(0).cancelled.set()
        while not late.usage.queued_s and time.perf_counter() - begun < 60:
            time.sleep(0.002)
        if waited:
            waits.append(1000 * (time.perf_counter() - begun))
        running.append(late)
        threads.append(thread)
    for request in running:
        request.cancelled.set()
    for thread in threads:
        thread.join(60)
    return quantile(waits, 0.5)


def _soak(engine: Engine, asked: list[list[Message]], minutes: float, progress: Progress) -> dict[str, float]:
    """16 chats at once again and again, four of them closing midway: is everybody answered, and does memory stay?"""
    until = time.time() + 60 * minutes
    memory, answered, lost, rounds = [], 0, 0, 0
    while time.time() < until:
        results: list[int] = []
        threads = [
            threading.Thread(target=_soaked, args=(engine, one, n % 4 == 3, results)) for n, one in enumerate(asked)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
        answered += sum(results)
        lost += sum(thread.is_alive() for thread in threads)
        memory.append(_memory_mb("VmRSS"))
        rounds += 1
        progress("soak", int(60 * minutes - (until - time.time())), int(60 * minutes))
    third = max(len(memory) // 3, 1)
    grown = quantile(memory[-third:], 0.5) / quantile(memory[third : 2 * third] or memory, 0.5) - 1
    return {"rounds": rounds, "answered": answered, "wanted": 12 * rounds, "stuck": lost, "memory_growth": grown}


def _soaked(engine: Engine, messages: list[Message], leaves: bool, results: list[int]) -> None:
    stream = engine.generate(messages, GenerationRequest(max_tokens=_TOKENS))
    for count, _ in enumerate(filter(None, stream)):
        if leaves and count == 5:
            stream.close()  # type: ignore[attr-defined]
            return
    results.append(not leaves)


def _plain_nf4(engine: Any, asked: list[list[Message]]) -> dict[str, Any]:
    """`model.generate`, one prompt after the other, with the attention that transformers takes by itself."""
    import torch

    model = engine.loaded.model
    model.set_attn_implementation("sdpa")

    class Streamer:
        def __init__(self, seen: Callable[[], None]) -> None:
            self.seen, self.prompt = seen, True

        def put(self, value: Any) -> None:
            if not self.prompt:
                self.seen()
            self.prompt = False

        def end(self) -> None:
            pass

    def say(messages: Sequence[Message], tokens: int, seen: Callable[[], None]) -> tuple[str, int]:
        ids = torch.tensor([engine.prompt(messages)])
        options: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        with torch.inference_mode():
            out = model.generate(ids, max_new_tokens=tokens, streamer=Streamer(seen), **options)
        said = out[0, ids.shape[1] :]
        return str(engine.loaded.tokenizer.decode(said, skip_special_tokens=True)), len(said)

    _together(say, asked[:1], tokens=2)
    return {"many": [_rounds(say, asked, count, one_by_one=True) for count in JUDGED]}


def _plain_gguf(settings: Settings, asked: list[list[Message]]) -> dict[str, Any]:
    """llama.cpp's own server as it comes, with a slot for each chat."""
    import xllamacpp

    from assistant.model.llama import physical_cores
    from assistant.model.weights import packaged_gguf

    params = xllamacpp.CommonParams()
    params.model.path = str(packaged_gguf(settings.home / "models", lambda line: None))
    params.n_parallel = settings.chats
    params.n_ctx = settings.chats * 4096
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = physical_cores()
    params.verbosity = 0
    server = xllamacpp.Server(params)

    def say(messages: Sequence[Message], tokens: int, seen: Callable[[], None]) -> tuple[str, int]:
        pieces: list[str] = []
        counts = [0]

        def receive(chunk: dict[str, Any]) -> bool:
            counts.append(chunk.get("timings", {}).get("predicted_n", 0))
            piece = (chunk.get("choices") or [{}])[0].get("delta", {}).get("content")
            if piece:
                seen()
                pieces.append(piece)
            return False

        chat = [{"role": message.role, "content": message.content} for message in messages]
        server.handle_chat_completions(
            {"messages": chat, "max_tokens": tokens, "temperature": 0, "stream": True}, receive
        )
        return "".join(pieces), max(counts)

    _together(say, _new(asked, max(CHATS), "first"))
    return {"many": [_rounds(say, asked, count) for count in CHATS]}


def _memory_mb(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) / 1000


def table(report: dict[str, Any]) -> str:
    """The report in Markdown, with what the numbers are held against."""
    lines = [
        "| runtime | chats | first p50 s | first p95 s | tokens/s | whole s | same as plain |",
        "|---|---|---|---|---|---|---|",
    ]
    for runtime in RUNTIMES:
        found = report[runtime]
        for many in found["many"]:
            same = f"{sum(many['same'])} of {len(many['same'])}" if many["same"] else ""
            lines.append(_row(runtime, many, same))
        lines += [_row(f"{runtime}, plain", many, "") for many in found["plain"]["many"]]
    for runtime in RUNTIMES:
        lines += ["", *_verdicts(runtime, report[runtime])]
    return "\n".join(lines)


def _row(name: str, many: dict[str, Any], same: str) -> str:
    return (
        f"| {name} | {many['chats']} | {many['first_p50_s']:.2f} | {many['first_p95_s']:.2f} | {many['tokens_per_s']:.1f}"
        f" | {many['took_s']:.1f} | {same} |"
    )


def _verdicts(runtime: str, found: dict[str, Any]) -> list[str]:
    ours = {many["chats"]: many for many in found["many"]}
    plain = {many["chats"]: many for many in found["plain"]["many"]}
    first = found["first_token"]
    told = [
        f"- {runtime}: first token {first['warm_s']:.2f} s warm, {first['cold_s']:.2f} s cold: {first['warm_s'] / first['cold_s']:.2f}",
        f"- {runtime}: eight chats {ours[8]['tokens_per_s'] / plain[8]['tokens_per_s']:.2f} times the plain tokens a second; one"
        f" chat {ours[1]['tokens_per_s'] / plain[1]['tokens_per_s']:.2f}",
        f"- {runtime}: p95 of eight first tokens {ours[8]['first_p95_s'] / found['reading_8_s']:.2f} of reading the eight one by one",
        f"- {runtime}: a place is free {found['cancel_ms']:.0f} ms after its chat left; peak memory {found['peak_mb']:.0f} MB",
    ]  # fmt: skip
    if soak := found.get("soak"):
        told.append(
            f"- {runtime}: {soak['rounds']} rounds of 16 chats, {soak['answered']} of {soak['wanted']} answered, {soak['stuck']}"
            f" stuck, memory {100 * soak['memory_growth']:+.1f} %"
        )
    return told
