"""How much memory is free, asked before weights are loaded so that a machine too small says so in one line."""

from pathlib import Path

from assistant.errors import SetupError

GB = 1_000_000_000


def free_ram_bytes(meminfo: Path = Path("/proc/meminfo"), cgroup: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Return the memory this process may still take, or None where the system does not say."""
    try:
        lines = meminfo.read_text().splitlines()
    except OSError:
        return None
    free = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)
    try:
        limit = int((cgroup / "memory.max").read_text())
        used = int((cgroup / "memory.current").read_text())
    except (OSError, ValueError):
        return free
    return limit - used if free is None else min(free, limit - used)


def free_gpu_bytes() -> int:
    """Return the memory of the GPU that nobody has taken."""
    import torch

    free: int = torch.cuda.mem_get_info()[0]
    return free


def require_memory(needed: int, free: int | None, what: str, where: str = "memory") -> None:
    """Raise SetupError when `free` bytes are known and fewer than `needed`."""
    if free is not None and free < needed:
        raise SetupError(
            f"{what} needs about {needed / GB:.1f} GB of {where} and {free / GB:.1f} GB are free: "
            "free some, or set AISLE_MODEL to a smaller model or to openai:NAME@URL"
        )
