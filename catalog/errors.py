"""The catalogue's errors: each message names what is wrong and the way out."""


class CatalogError(Exception):
    """Base of all errors of this package."""


class FeedError(CatalogError):
    """A feed as a whole cannot be read (a single bad row is a `Reject`, not an error)."""


class StaleIndexError(CatalogError):
    """The index cannot serve: missing, of another embedder, or out of step with the tables."""


class FolderTaken(CatalogError):
    """Another process works in the folder."""
