"""Which roots' code may leave the machine, and for which host: asked for once, and kept by us, not in the root."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..index.cache_folder import make_private
from ..index.errors import StorageFailure

if TYPE_CHECKING:
    from pathlib import Path


class Consents:
    """The consents of one user. Any thread may ask; setting is for one at a time."""

    def __init__(self, path: Path) -> None:
        """Read nothing yet."""
        self._path = path

    def is_allowed(self, root: Path, host: str) -> bool:
        """Say whether code of a root may go to a host; a file that cannot be read allows nothing."""
        return host in self._known().get(str(root), [])

    def withheld(self, root: Path, host: str, *, purpose: str = "embedded") -> str | None:
        """Return what a person is asked before code of a root goes to a host; None where it may, or where none does."""
        if not host or self.is_allowed(root, host):
            return None
        return f"Code of {root} would go to {host} to be {purpose}; run `funcseek model allow` there to let it."

    def set(self, root: Path, host: str, *, is_allowed: bool) -> None:
        """Allow it or no more; raises StorageFailure where that cannot be kept."""
        known = self._known()
        hosts = {*known.get(str(root), []), host} if is_allowed else {*known.get(str(root), [])} - {host}
        known[str(root)] = sorted(hosts)
        make_private(self._path.parent)
        unfinished = self._path.with_suffix(".new")
        try:
            unfinished.write_text(json.dumps(known, indent=1), "utf-8")
            unfinished.replace(self._path)
        except OSError as error:
            raise StorageFailure(f"Cannot write {self._path}: {error.strerror}; make it writable for you.") from error

    def _known(self) -> dict[str, list[str]]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {root: hosts for root, hosts in found.items() if isinstance(hosts, list)}
