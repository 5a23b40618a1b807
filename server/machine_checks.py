"""Checks of `funcseek doctor` on the machine: versions, grammars, disk, watch limits, a GPU. Changes nothing."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.catalogue import FORMAT_VERSION
from ..index.store import SQLITE_VERSION
from ..parsers import LANGUAGES, extract
from .findings import note, ok, problem
from .models import has_torch
from .protocol import PROTOCOL, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .findings import Finding

# An index of 100,000 functions takes 200 MB, and a database copies itself to become smaller.
LEAST_FREE_BYTES = 500 << 20
INOTIFY = Path("/proc/sys/fs/inotify")
GPU_DEVICES = (Path("/dev/nvidia0"), Path("/dev/kfd"))
# Whose version decides what is found, read and kept.
LIBRARIES = ("tree-sitter", "hnswlib", "onnxruntime", "tokenizers", "watchdog")


def versions() -> Iterator[Finding]:
    """Say what runs."""
    yield ok(
        "version",
        f"funcseek {VERSION}, protocol {PROTOCOL}, index format {FORMAT_VERSION}, Python {platform.python_version()},"
        f" SQLite {SQLITE_VERSION}, {', '.join(f'{name} {_version(name)}' for name in LIBRARIES)}",
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def grammars() -> Iterator[Finding]:
    """Load every grammar."""
    broken = []
    for language in LANGUAGES:
        try:
            extract(b"", language)
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            broken.append(f"{language.name} ({error})")
    if broken:
        yield problem("grammars", f"Some cannot be loaded: {', '.join(broken)}; install funcseek again.")
    else:
        yield ok("grammars", f"{len(LANGUAGES)} languages can be parsed")


def disk(folder: Path) -> Iterator[Finding]:
    """Say what is free where the indexes lie."""
    free = shutil.disk_usage(_there(folder)).free
    told = f"{free / 1e9:.1f} GB are free for {folder}"
    yield ok("disk", told) if free >= LEAST_FREE_BYTES else problem("disk", f"Only {told}; free some space.")


def _there(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def watch_limits(roots: int, folders: int, *, limits: Path = INOTIFY) -> Iterator[Finding]:
    """Compare what the kernel lets a user watch with the roots that are indexed and the folders in them.

    ``limits`` is a folder as in ``inotify(7)``; without it, as on other systems, nothing is known and nothing told.
    """
    for name, need, what in (("max_user_instances", roots, "indexed roots"), ("max_user_watches", folders, "folders")):
        most = _number(limits / name)
        if most is None:
            continue
        told = f"fs.inotify.{name} is {most}; {what} take {need}"
        if need < most:
            yield ok("watch limits", told)
        else:
            yield problem(
                "watch limits", f"{told}; raise it with `sudo sysctl fs.inotify.{name}={max(2 * need, 512)}`."
            )


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return None


def gpu(devices: Sequence[Path] = GPU_DEVICES) -> Iterator[Finding]:
    """Say whether a GPU is there that nothing here can use."""
    device = next((path for path in devices if path.exists()), None)
    if device and not has_torch():
        yield note("gpu", f'There is a GPU ({device}) that no model can use; pip install "funcseek[gpu]" brings torch.')
    elif device:
        yield ok("gpu", f"there is a GPU ({device}), and torch to use it")
    else:
        yield ok("gpu", "there is none; models run on the processor")
