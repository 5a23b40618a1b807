"""Where a user's indexes lie: names of files and folders, nothing opened."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """One folder, private to the user, never inside a repository."""

    folder: Path

    @property
    def vector_cache(self) -> Path:
        """The database of vectors that all roots share."""
        return self.folder / "vectors.db"

    @property
    def extraction_cache(self) -> Path:
        """The database of extractions that all roots share."""
        return self.folder / "extractions.db"

    @property
    def key(self) -> Path:
        """The secret that tells our graphs from planted ones."""
        return self.folder / "key"

    def index_of(self, root: Path) -> Path:
        """Return the folder of a root's index."""
        return self.folder / "indexes" / blake2b(bytes(root), digest_size=8).hexdigest()

    def catalogue_of(self, root: Path) -> Path:
        """Return the catalogue of a root."""
        return self.index_of(root) / "catalogue.db"

    def graphs_of(self, root: Path) -> Path:
        """Return the folder of a root's saved graphs."""
        return self.index_of(root) / "graph"
