"""A model and an embedder without weights, for the real seams."""

import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from assistant.model import ChatModel, GenerationRequest, Message, ModelIdentity
from assistant.model.request import Usage
from catalog import tokens, words

Script = Callable[[str], Iterable[str]]
"""From the last message of a prompt to the pieces of the answer; it may raise."""


class WordEmbedder:
    """Texts that share words are near, others are not: a hashed bag of words as a unit vector."""

    name = "words"

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> np.ndarray:
        vector = np.zeros(1024, dtype=np.float32)
        for token in tokens(text):
            vector[zlib.crc32(token.encode()) % 1024] += 1
        return vector / max(float(np.linalg.norm(vector)), 1e-9)


class ThemeEmbedder(WordEmbedder):
    """To which the words of one theme mean the same: "pan" and "cooking" are as near as twins."""

    name = "themes"

    def __init__(self, *themes: str) -> None:
        self._theme = {word: f"theme{number}" for number, theme in enumerate(themes) for word in words(theme)}

    def query(self, text: str) -> np.ndarray:
        return super().query(" ".join(self._theme.get(word, word) for word in words(text)))


class ScriptedEngine:
    """Answers by a script, each taking `usage` and a token a piece. `asked` are the prompts' last messages in order; `left` is set when an answer was left."""

    constrains = True
    identity = ModelIdentity("scripted", "none", "1")

    def __init__(self, script: Script, usage: Usage | None = None) -> None:
        self.script = script
        self.usage = usage
        self.asked: list[str] = []
        self.requests: list[GenerationRequest] = []
        self.left = threading.Event()
        self.warmed: tuple[str, ...] = ()

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        self.asked.append(messages[-1].content)
        self.requests.append(request)
        request.usage.add(self.usage or Usage())
        try:
            for piece in self.script(messages[-1].content):
                request.usage.output_tokens += 1
                yield piece
        finally:
            self.left.set()

    def warm(self, system_texts: Sequence[str]) -> None:
        self.warmed = tuple(system_texts)

    def close(self) -> None:
        pass


def scripted(script: Script | Sequence[str]) -> ChatModel:
    """A chat model over a script, or over whole answers given one after the other."""
    if callable(script):
        return ChatModel(engine=ScriptedEngine(script))
    answers = iter(script)
    return ChatModel(engine=ScriptedEngine(lambda _: [next(answers)]))


def honest(prompt: str) -> list[str]:
    """What a model that keeps to the facts would say; of offered lines it takes the first."""
    lines = dict(
        line.replace("：", ": ", 1).split(": ", 1) for line in prompt.splitlines() if ": " in line or "：" in line
    )
    title, facts = lines.get("Product") or lines.get("商品"), lines.get("Facts") or lines.get("事实")
    if title is None or facts is None:
        return ['{"line": 1}']
    end = "。" if "。" in facts else "."
    return [f"{title}", " – ", f"{facts.split(end)[0]}{end}"]


def silent(prompt: str) -> Iterator[str]:
    """Never says anything."""
    threading.Event().wait(30)
    yield ""


def broken(prompt: str) -> Iterable[str]:
    """Fails before its first word."""
    raise RuntimeError("out of memory")
