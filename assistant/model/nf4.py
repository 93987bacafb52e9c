"""Loads weights in 4-bit NF4 (bitsandbytes): quantises a checkpoint once and keeps the copy under AISLE_HOME.

Also turns the packaged GGUF into such a copy. Knows nothing of prompts.
"""

import gc
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import SetupError
from assistant.model.memory import GB, free_gpu_bytes, free_ram_bytes, require_memory
from assistant.model.weights import ALTERNATIVES, Progress

CHECKPOINT_FILES = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that is ready to generate, with its tokenizer and the folder both came from."""

    model: Any
    tokenizer: Any
    folder: Path


def load_nf4(name: str, home: Path, progress: Progress) -> Loaded:
    """Load a checkpoint folder or hub id in 4-bit; the quantised copy of an earlier start is taken if there is one.

    Only a hub id goes online, and only until its copy exists. Raises SetupError.
    """
    local = Path(name).expanduser()
    copy = home / "models" / f"{local.resolve().name if local.is_dir() else name.replace('/', '--')}-nf4"
    if not copy.is_dir():
        folder = local if local.is_dir() else _fetch(name, progress)
        if _is_quantised(folder):
            return _load(folder, quantise=False)
        progress(f"{name}: quantising to 4-bit, once")
        _quantise(folder, copy)
    return _load(copy, quantise=False)


def nf4_of_gguf(gguf: Path, home: Path, progress: Progress) -> Loaded:
    """Load the NF4 copy of a GGUF file, made on the first start by way of a bf16 checkpoint. Raises SetupError."""
    copy = home / "models" / f"{gguf.stem}-nf4"
    if not copy.is_dir():
        plain = home / "models" / f"{gguf.stem}-bf16"
        if not plain.is_dir():
            progress(f"{gguf.name}: unpacking to bf16, once")
            _keep(plain, lambda unfinished: _unpack(gguf, unfinished))
        progress(f"{gguf.name}: quantising to 4-bit, once")
        _quantise(plain, copy)
        shutil.rmtree(plain)
    return _load(copy, quantise=False)


def has_gpu() -> bool:
    """Say whether a CUDA GPU can be used; torch is imported only where a driver is installed."""
    if not (Path("/dev/nvidia0").exists() or shutil.which("nvidia-smi")):
        return False
    import torch

    return bool(torch.cuda.is_available())


def is_fast() -> bool:
    """Say whether 4-bit products are fast here: on a GPU, or a processor with bfloat16 arithmetic of its own.

    bitsandbytes falls back to unpacking the weights for every pass elsewhere: seconds a token (AVX2, a 1.5B).
    """
    import torch

    arithmetic = torch.cpu.get_capabilities()
    return has_gpu() or bool(arithmetic.get("avx512_bf16") or arithmetic.get("amx_bf16"))


def _fetch(name: str, progress: Progress) -> Path:
    from huggingface_hub import snapshot_download

    progress(f"{name}: fetching from the hub")
    try:
        return Path(snapshot_download(name, allow_patterns=CHECKPOINT_FILES))
    except Exception as error:
        first = str(error).strip().splitlines()[0]
        raise SetupError(f"AISLE_MODEL={name} is no folder and cannot be fetched ({first}): {ALTERNATIVES}") from error


def _is_quantised(folder: Path) -> bool:
    config = folder / "config.json"
    if not config.is_file():
        raise SetupError(f"{folder} holds no config.json, so it is no model: {ALTERNATIVES}")
    return "quantization_config" in json.loads(config.read_text())


def _require_room(folder: Path, *, quantise: bool) -> None:
    size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    if not size:
        raise SetupError(f"{folder} holds no safetensors weights: {ALTERNATIVES}")
    if has_gpu():
        needed = (size * 35 // 100 if quantise else size * 12 // 10) + 2 * GB
        require_memory(needed, free_gpu_bytes(), folder.name, "GPU memory")
    else:
        # Measured on a 1.5B: 5.3 GB while quantising 3.1 GB, 3.0 GB with the 1.7 GB copy loaded.
        needed = size * 14 // 10 + (GB if quantise else GB * 7 // 10)
        require_memory(needed, free_ram_bytes(), folder.name)


def _load(folder: Path, *, quantise: bool) -> Loaded:
    _require_room(folder, quantise=quantise)
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

    options: dict[str, Any] = {"dtype": torch.bfloat16, "device_map": "auto" if has_gpu() else {"": "cpu"}}
    if quantise:
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    try:
        model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, use_safetensors=True, **options)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as error:
        raise SetupError(f"{folder} cannot be loaded as a model: {error}") from error
    return Loaded(model.eval(), tokenizer, folder)


def _quantise(folder: Path, copy: Path) -> None:
    _keep(copy, lambda unfinished: _save(_load(folder, quantise=True), unfinished))
    gc.collect()


def _unpack(gguf: Path, folder: Path) -> None:
    require_memory(5 * gguf.stat().st_size, free_ram_bytes(), f"unpacking {gguf.name}")
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    source = {"gguf_file": gguf.name, "local_files_only": True}
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent, quantization_config=GgufConfig(dequantize=True), dtype=torch.bfloat16, **source
    )
    model.hf_quantizer = None  # else the plain weights would be saved as quantised ones
    vars(model.config).pop("quantization_config", None)
    _save(Loaded(model, AutoTokenizer.from_pretrained(gguf.parent, **source), gguf.parent), folder)


def _save(loaded: Loaded, folder: Path) -> None:
    loaded.model.save_pretrained(folder)
    loaded.tokenizer.save_pretrained(folder)


def _keep(folder: Path, fill: Callable[[Path], None]) -> None:
    unfinished = folder.with_name(folder.name + ".tmp")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        fill(unfinished)
        os.replace(unfinished, folder)
    except OSError as error:
        raise SetupError(f"{folder} cannot be written: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
