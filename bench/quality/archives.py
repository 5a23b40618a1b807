"""Archives of packages: fetched by the registry's own client, unpacked with care. Runs no code of theirs."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from .sdists import download

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .packages import Package

_CLIENT_SECONDS = 300
# Not what Debian unpacks beside the archive proper, `NAME.orig-PART.tar.xz`.
_ARCHIVE = re.compile(r"^(?!.*\.orig-).*\.(?:tgz|tar\.(?:gz|xz|bz2|zst))$")
# More than any of the packages has; a bomb has more.
MAX_UNPACKED_BYTES = 500_000_000
_SOURCE_LISTS = Path("/etc/apt/sources.list.d")
_SOURCE_LIST = Path("/etc/apt/sources.list")


class Unavailable(Exception):
    """A package that cannot be had. Its text is one sentence."""


def fetch(package: Package, folder: Path, *, apt_lists: Path) -> Path:
    """Bring a package's archive to an empty folder and return it. Raises Unavailable.

    Debian's lists of sources are kept in ``apt_lists``, because they take a while to come.
    """
    wanted = f"{package.package} {package.version}"
    try:
        if package.registry == "debian":
            _from_debian(package, folder, apt_lists)
        else:
            _FETCHERS[package.registry](package, folder)
    except subprocess.TimeoutExpired as late:
        raise Unavailable(f"{package.registry} took more than {_CLIENT_SECONDS} s over {wanted}.") from late
    except (ImportError, AttributeError, LookupError, OSError, subprocess.CalledProcessError) as failed:
        said = (getattr(failed, "stderr", "") or str(failed)).strip().rpartition("\n")[2]
        raise Unavailable(f"{package.registry} did not give {wanted}: {said}.") from failed
    archives = [one for one in folder.iterdir() if _ARCHIVE.search(one.name)]
    if len(archives) != 1:
        raise Unavailable(f"{package.registry} gave {len(archives)} archives for {wanted}, not one.")
    return archives[0]


def _run(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_CLIENT_SECONDS)


def _from_pypi(package: Package, folder: Path) -> None:
    download(package.package, package.version, folder)


def _from_npm(package: Package, folder: Path) -> None:
    _run("npm", "pack", "--silent", "--ignore-scripts", f"{package.package}@{package.version}", folder=folder)


def _from_debian(package: Package, folder: Path, lists: Path) -> None:
    if not (lists / "ready").exists():
        _prepare_apt(lists)
    # Whichever revision Debian has: it is the upstream archive that counts, and its hash is known.
    _run(*_apt(lists), "source", "--download-only", "--tar-only", package.package, folder=folder)


def _prepare_apt(lists: Path) -> None:
    """Ask the mirrors that this machine takes packages from for their lists of sources."""
    (lists / "parts").mkdir(parents=True, exist_ok=True)
    (lists / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    for part in _SOURCE_LISTS.glob("*.sources"):
        lines = part.read_text(encoding="utf-8").splitlines()
        asked = ["Types: deb-src" if line.startswith("Types:") else line for line in lines]
        (lists / "parts" / part.name).write_text("\n".join(asked) + "\n", encoding="utf-8")
    one_liners = _SOURCE_LIST.read_text(encoding="utf-8").splitlines() if _SOURCE_LIST.exists() else []
    asked = [line.replace("deb ", "deb-src ", 1) for line in one_liners if line.startswith("deb ")]
    (lists / "sources.list").write_text("\n".join(asked) + "\n", encoding="utf-8")
    _run(*_apt(lists), "update", folder=lists)
    (lists / "ready").touch()


def _apt(lists: Path) -> tuple[str, ...]:
    places = {
        "APT::Sandbox::User": "root",
        "Dir::Etc::SourceList": lists / "sources.list",
        "Dir::Etc::SourceParts": lists / "parts",
        "Dir::State::Lists": lists / "lists",
    }
    return ("apt-get", "-qq", *(word for key, value in places.items() for word in ("-o", f"{key}={value}")))


_FETCHERS = {"pypi": _from_pypi, "npm": _from_npm}


def unpack(archive: Path, target: Path, folders: tuple[str, ...] = ()) -> None:
    """Unpack an archive into a new folder without its top folder, or of it only some ``folders``, see `packages`.

    Only plain files are kept. Raises Unavailable for a path that leaves the archive, or for too many bytes.
    """
    target.mkdir()
    left = MAX_UNPACKED_BYTES
    for name, content in _files(archive, folders):
        left -= len(content)
        if left < 0:
            raise Unavailable(f"{archive.name} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes.")
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _files(archive: Path, folders: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as tar:
        for member in tar:
            if not member.isfile():
                continue
            try:
                safe = tarfile.data_filter(member, os.fspath(archive.parent))
            except tarfile.FilterError as unsafe:
                raise Unavailable(f"{archive.name} is unsafe: {unsafe}.") from unsafe
            name = _below_top(archive, safe.name)
            if _is_kept(name, folders) and (content := tar.extractfile(member)):
                yield name, content.read(MAX_UNPACKED_BYTES + 1)


def _below_top(archive: Path, name: str) -> str:
    # Some archives begin each path with "./".
    parts = PurePosixPath(_inside(archive, name)).parts
    return "/".join(parts[1:]) if len(parts) > 1 else name


def _inside(archive: Path, name: str) -> str:
    if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts:
        raise Unavailable(f"{archive.name} is unsafe: {name!r} lies outside of it.")
    return name


def _is_kept(name: str, folders: tuple[str, ...]) -> bool:
    path = PurePosixPath(name)
    # A pattern is held against the end of a path.
    matches = (len(PurePosixPath(one).parts) == len(path.parts) and path.match(one) for one in folders if "." in one)
    return not folders or name.startswith(tuple(f"{one}/" for one in folders)) or any(matches)
