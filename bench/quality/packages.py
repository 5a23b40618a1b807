"""The table of packages whose source the questions are about: ``packages.toml``. Reads it and nothing else."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from .questions import SPLITS

TABLE = Path(__file__).with_name("packages.toml")
REGISTRIES = ("pypi", "npm", "debian")


@dataclass(frozen=True, slots=True)
class Package:
    """One row. ``name`` is the corpus's; ``package`` and ``version`` the registry's, for Debian without its revision.

    ``sha256`` is that of the archive. Of it only what lies in one of ``folders`` is kept, paths below its top folder or
    patterns of files; all of it where there are none. ``languages`` are those that questions are taken from.
    """

    name: str
    registry: str
    package: str
    version: str
    sha256: str
    languages: tuple[str, ...]
    folders: tuple[str, ...]
    split: str

    @property
    def key(self) -> str:
        """What names the source in a cache: another archive or other folders, another key."""
        chosen = "\n".join((self.sha256, *self.folders)).encode()
        return f"{self.name}-{blake2b(chosen, digest_size=6).hexdigest()}"


def packages(table: Path = TABLE) -> dict[str, Package]:
    """Return the rows by name, in the order of the table. ValueError says which row is wrong."""
    rows = tomllib.loads(table.read_text(encoding="utf-8"))["package"]
    found: dict[str, Package] = {}
    for row in rows:
        lists = {key: tuple(row.get(key, ())) for key in ("languages", "folders")}
        package = Package(**{**row, **lists})
        if package.registry not in REGISTRIES or package.split not in SPLITS or package.name in found:
            raise ValueError(
                f"{table.name}: the row {package.name!r} is there twice, or has an unknown registry or split."
            )
        found[package.name] = package
    return found
