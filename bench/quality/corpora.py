"""The corpora: the unpacked source of the packages of the table, brought once to a folder of the user's cache.

Nothing is changed in them here, and no code of theirs runs. What cannot be had is said, and the rest goes on.
"""

from __future__ import annotations

import tempfile
from hashlib import file_digest
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from funcseek.index.files import Content, read, scan
from funcseek.parsers import extract, language_named
from funcseek.server.places import places

from .archives import Unavailable, fetch, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from funcseek.parsers import Function

    from .packages import Package

__all__ = ["Unavailable", "bring", "bring_all", "cache_folder", "functions_in"]


def cache_folder() -> Path:
    """Return where corpora are kept: ``bench`` in the folder of the user's indexes."""
    return places().cache / "bench"


def bring(package: Package, cache: Path) -> Path:
    """Return the root folder of a package's source, fetched and unpacked if it is not there yet.

    Raises Unavailable, with one sentence. A process that is killed leaves no half corpus.
    """
    root = cache / "corpora" / package.key
    if root.is_dir():
        return root
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="bringing-") as scratch:
        downloads = Path(scratch, "archive")
        downloads.mkdir()
        archive = fetch(package, downloads, apt_lists=cache / "apt")
        if (found := digest_of(archive)) != package.sha256:
            raise Unavailable(f"{archive.name} has the SHA-256 {found}, not {package.sha256} as in the table.")
        whole = Path(scratch, "whole")
        unpack(archive, whole, package.folders)
        _publish(whole, root)
    return root


def digest_of(archive: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with archive.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _publish(whole: Path, root: Path) -> None:
    try:
        whole.rename(root)
    except OSError:
        # Another process was first: what it brought has the same hash.
        if not root.is_dir():
            raise
        rmtree(whole)


def bring_all(wanted: Iterable[Package], cache: Path) -> tuple[dict[str, Path], list[str]]:
    """Return the root folders by the packages' names, and a sentence for each package that cannot be had."""
    roots: dict[str, Path] = {}
    missing: list[str] = []
    for package in wanted:
        try:
            roots[package.name] = bring(package, cache)
        except Unavailable as reason:
            missing.append(f"{package.name} is left out: {reason}")
    return roots, missing


def functions_in(root: Path) -> Iterator[tuple[str, Function]]:
    """Yield every function below a root that an index would hold, with its file's path."""
    for file in scan(root):
        content, language = read(root, file.path), language_named(file.language)
        if isinstance(content, Content) and language:
            yield from ((file.path, function) for function in extract(content.data, language).functions)
