"""Which roots are paused: nothing is embedded there until they are resumed, also by the next service.

A mark is an empty file of ours, so that it can be read and set while a root is not open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..index.errors import StorageFailure

if TYPE_CHECKING:
    from pathlib import Path

    from ..index.code_index import Home

_MARK = "paused"


class Pauses:
    """The marks of one user. Any thread may ask; setting is for one at a time."""

    def __init__(self, home: Home) -> None:
        """Read nothing yet."""
        self._home = home

    def is_paused(self, root: Path) -> bool:
        """Say whether a root is paused, by itself or with all."""
        return self._mark(root).exists() or self._mark(None).exists()

    def set(self, root: Path | None, *, is_paused: bool) -> None:
        """Pause or resume one root, or with None all; raises StorageFailure where the disk refuses."""
        mark = self._mark(root)
        try:
            if is_paused:
                mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                mark.touch(mode=0o600)
            else:
                mark.unlink(missing_ok=True)
        except OSError as error:
            raise StorageFailure(f"Cannot write {mark}: {error.strerror}; make its folder writable for you.") from error

    def _mark(self, root: Path | None) -> Path:
        return (self._home.folder if root is None else self._home.index_of(root)) / _MARK
