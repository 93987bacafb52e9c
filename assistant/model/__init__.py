"""The language model: one LangChain chat model over three engines (llama.cpp, transformers, HTTP servers).

Which engine runs is read from the settings; heavy libraries are imported only once it is chosen.
"""

from pathlib import Path

from assistant.errors import SetupError
from assistant.model.chat_model import ChatModel
from assistant.model.measure import Generation
from assistant.model.request import Engine, GenerationRequest, Message, ModelIdentity
from assistant.model.weights import QWEN_CODER, Progress, packaged_gguf
from assistant.settings import Settings

GPU_MODEL = "Qwen/Qwen2.5-7B-Instruct"
FASTER = "AISLE_MODEL=packaged or another GGUF file is many times faster here"

__all__ = ["ChatModel", "Engine", "Generation", "GenerationRequest", "Message", "ModelIdentity", "load_model"]


def _silent(line: str) -> None:
    pass


def load_model(settings: Settings, *, progress: Progress = _silent) -> ChatModel:
    """Load the model that the settings name, fetching or quantising it on the first start.

    `progress` gets one line for each long step. Raises SetupError.
    """
    return ChatModel(engine=_engine(settings, progress), stall_timeout_s=settings.stall_timeout_s)


def choose(model: str, *, gpu: bool) -> str:
    """Return what `auto` stands for on this machine, or `model` itself."""
    if model != "auto":
        return model
    return GPU_MODEL if gpu else "packaged"


def _engine(settings: Settings, progress: Progress) -> Engine:
    if settings.model.startswith("openai:"):
        return _servers(settings, progress)
    if settings.fallback_model:
        raise SetupError("AISLE_FALLBACK_MODEL stands in for servers, and AISLE_MODEL names none: unset it")
    return _local(settings.model, settings, progress)


def _servers(settings: Settings, progress: Progress) -> Engine:
    from assistant.model.fallback import Fallback
    from assistant.model.pool import ServerPool
    from assistant.model.server import named_servers

    servers = named_servers(settings.model, key=settings.model_key)
    wanted = settings.fallback_model
    if wanted.startswith("openai:"):
        raise SetupError("AISLE_FALLBACK_MODEL is a model in this process: further servers go into AISLE_MODEL")
    return ServerPool(servers, Fallback(lambda: _local(wanted, settings, progress)) if wanted else None)


def _local(model: str, settings: Settings, progress: Progress) -> Engine:
    from assistant.model.nf4 import has_gpu, is_fast, load_nf4, nf4_of_gguf

    wanted = choose(model, gpu=model == "auto" and has_gpu())
    if wanted == "packaged" or wanted.lower().endswith(".gguf"):
        from assistant.model.llama import LlamaEngine

        path = Path(wanted).expanduser() if wanted != "packaged" else _packaged(settings, progress)
        return LlamaEngine(path, chats=settings.chats)
    from assistant.model.transformers_engine import TransformersEngine

    if not is_fast():
        progress(
            f"{wanted}: 4-bit NF4 takes seconds a token on this processor, which has no bfloat16 arithmetic: {FASTER}"
        )
    if wanted == "packaged-nf4":
        loaded = nf4_of_gguf(_packaged(settings, progress), settings.home, progress)
        return TransformersEngine(loaded, name=QWEN_CODER.file.removesuffix("-q4_k_m.gguf"), chats=settings.chats)
    loaded = load_nf4(wanted, settings.home, progress)
    return TransformersEngine(loaded, name=wanted, chats=settings.chats)


def _packaged(settings: Settings, progress: Progress) -> Path:
    return packaged_gguf(settings.home / "models", progress)
