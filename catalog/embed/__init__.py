"""Embedders: texts to unit vectors, for passages of the catalogue and for queries.

Each loads its model on first use.
"""

from catalog.embed.embedder import Embedder, Vectors
from catalog.embed.packaged import PackagedEmbedder
from catalog.embed.sentence import SentenceTransformerEmbedder

__all__ = ["Embedder", "PackagedEmbedder", "SentenceTransformerEmbedder", "Vectors", "load_embedder"]


def load_embedder(name: str) -> Embedder:
    """The embedder that the setting names: 'packaged', or a sentence-transformers hub id or folder."""
    return PackagedEmbedder() if name == "packaged" else SentenceTransformerEmbedder(name)
