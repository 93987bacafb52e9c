"""One version of the catalogue as files that never change: columns, words, vectors and products of all its rows.

A snapshot is written beside the others and takes its name when it is whole; processes that read an older one are not
disturbed.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.index.columns import Columns, ColumnsWriter
from catalog.index.lexical import LexicalIndex, LexicalWriter
from catalog.index.listings import Listings, ListingsWriter
from catalog.index.vectors import Matrix, Vectors, VectorsWriter
from catalog.product import Product
from catalog.tables import digest_of

_FORMAT = 8  # of the files; another number, and they are written anew
_UNFINISHED = ".building-"


@dataclass(frozen=True, slots=True)
class Indexed:
    """One product as a snapshot takes it: its listing's digest and (language, digest of the text, vector) of each passage."""

    listing: str
    product: Product
    passages: Sequence[tuple[str, str, Matrix]]


class SnapshotWriter:
    """Writes a snapshot into `folder` as its products come, in the catalogue's order."""

    def __init__(self, folder: Path) -> None:
        self._target = folder
        self._folder = folder.with_name(f"{_UNFINISHED}{os.getpid()}-{folder.name}")
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self._columns = ColumnsWriter(self._folder / "columns")
        self._lexical = LexicalWriter(self._folder / "words")
        self._vectors = VectorsWriter(self._folder / "vectors")
        self._products = ListingsWriter(self._folder / "products")
        self._ids: list[str] = []
        self._listings: list[str] = []
        self._passages: list[tuple[str, str]] = []

    def add(self, indexed: Indexed) -> None:
        row = len(self._ids)
        self._ids.append(indexed.product.id)
        self._listings.append(indexed.listing)
        self._columns.add(row, indexed.product)
        self._lexical.add(row, indexed.product)
        self._products.add(indexed.product)
        self._vectors.add(row, [vector for _, _, vector in indexed.passages])
        self._passages += [(f"{indexed.product.id}@{locale}", text) for locale, text, _ in indexed.passages]

    def finish(self) -> str:
        """Give the snapshot its name and return the version of the catalogue that it holds."""
        self._columns.finish()
        self._lexical.finish()
        self._vectors.finish()
        self._products.finish()
        version = digest_of(zip(self._ids, self._listings, strict=True))
        told = {"version": version, "ids": self._ids, "listings": self._listings, "passages": self._passages}
        (self._folder / "rows.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        try:
            self._folder.rename(self._target)
        except OSError:  # another process was first
            shutil.rmtree(self._folder)
        return version


class Snapshot:
    """The files of a finished snapshot, opened for reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        told = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
        self.version: str = told["version"]
        self.ids: list[str] = told["ids"]
        self.listings: list[str] = told["listings"]
        self.row = {id: row for row, id in enumerate(self.ids)}
        self.columns = Columns(folder / "columns")
        self.lexical = LexicalIndex(folder / "words")
        self.vectors = Vectors(folder / "vectors")
        self.products = Listings(folder / "products")

    def __len__(self) -> int:
        return len(self.ids)

    def texts(self) -> dict[str, str]:
        """Every passage as Chroma names it, with the digest of its text."""
        told = json.loads((self.folder / "rows.json").read_text(encoding="utf-8"))
        return {key: text for key, text in told["passages"]}

    def passages(self) -> Iterator[tuple[str, Matrix]]:
        """Every passage with its vector."""
        return zip(self.texts(), self.vectors.matrix, strict=True)


def folder_of(home: Path, embedder: str, version: str) -> Path:
    """Where the snapshot of a version of the catalogue belongs."""
    name = "".join(c if c.isalnum() or c in ".-" else "-" for c in embedder)[-80:].strip("-.")
    return home / f"{name}-{_FORMAT}-{version}"


def snapshot(folder: Path, indexed: Callable[[], Iterable[Indexed]]) -> Snapshot:
    """The snapshot in `folder`, written from `indexed` where there is none."""
    if not (folder / "rows.json").exists():
        writer = SnapshotWriter(folder)
        for one in indexed():
            writer.add(one)
        writer.finish()
    return Snapshot(folder)


def sweep(folder: Path, *, keep: int = 2) -> None:
    """Remove all but the newest snapshots, `folder` among them, and what builders that died have left."""
    others = [other for other in folder.parent.glob("[!.]*") if other != folder]
    for old in sorted(others, key=lambda f: f.stat().st_mtime, reverse=True)[keep - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    for left in folder.parent.glob(f"{_UNFINISHED}*"):
        if not _alive(_builder(left)):
            shutil.rmtree(left, ignore_errors=True)


def being_written(home: Path) -> bool:
    """Whether another process is writing a snapshot into `home`."""
    builders = {_builder(folder) for folder in home.glob(f"{_UNFINISHED}*")}
    return any(process != os.getpid() and _alive(process) for process in builders)


def _builder(folder: Path) -> int:
    return int(folder.name.removeprefix(_UNFINISHED).partition("-")[0])


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
