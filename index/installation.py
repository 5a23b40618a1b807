"""Models on disk: installed whole or not at all, and known by the hashes in their manifest.

An install works in a folder beside its target and renames it into place as its last act. Fetches through ``weights``,
builds through ``minilm_graph``; loads no model, and imports onnx only while it builds.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from .errors import ModelError
from .models import MINILM, Preset

if TYPE_CHECKING:
    from collections.abc import Callable

    from .weights import Source

FORMAT_VERSION = 1
# Raise it whenever the built graph changes: vectors of two builders are never mixed, and older builds are made anew.
# 1: int8 weights per channel, fixed activation ranges, mean over tokens, unit length. 2: operators that take less time.
BUILDER_VERSION = 2

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
_MANIFEST = "manifest.json"
_UNFINISHED = ".unfinished-"
_REPAIR = "run `funcseek model install` to install it again"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One installed file as the install wrote it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What ``manifest.json`` holds."""

    name: str
    format: int
    builder: int
    source: str
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class Installed:
    """One installed model, ready to be loaded."""

    preset: Preset
    folder: Path
    source: str
    files: tuple[StoredFile, ...]


def install(models_dir: Path, *, source: Source, report: Callable[[str], None], preset: Preset = MINILM) -> Installed:
    """Install a model from ``source`` unless an intact one is there; raises ModelError and then leaves nothing behind.

    A second install at the same time waits for the first and takes what it made.
    """
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(models_dir / "install.lock", mode=0o600):
            _remove_leftovers(models_dir)
            return _intact(models_dir, preset) or _install(models_dir, preset, source, report)
    except OSError as error:
        raise ModelError(f"{models_dir} cannot be written ({error.strerror}); free space or choose another.") from error


def installed(models_dir: Path, preset: Preset = MINILM) -> Installed | None:
    """Return the installed model if there is one that this version built.

    Compares the files' sizes, which finds what an interrupted copy or a full disk leaves. Hashing 58 MB at every start
    (0.05 to 0.1 s, and all of the file) would guard only against a writer who could change the manifest as well;
    ``verify`` does it. Raises ModelError for a damaged model.
    """
    folder = models_dir / preset.folder_name
    if not folder.is_dir():
        return None
    manifest = _read_manifest(folder)
    if (manifest.format, manifest.builder) != (FORMAT_VERSION, BUILDER_VERSION):
        return None
    found = Installed(preset, folder, manifest.source, manifest.files)
    for file in found.files:
        if not (folder / file.name).is_file() or (folder / file.name).stat().st_size != file.size:
            raise ModelError(f"{folder / file.name} is missing or cut short; {_REPAIR}.")
    return found


def verify(model: Installed) -> None:
    """Hash every installed file; raises ModelError that names the damaged one."""
    for file in model.files:
        path = model.folder / file.name
        if not path.is_file() or _sha256(path) != file.sha256:
            raise ModelError(f"{path} is not what was installed; {_REPAIR}.")


def remove(model: Installed) -> None:
    """Remove an installed model; a kill midway leaves a folder that the next install sweeps away."""
    doomed = model.folder.with_name(f"{_UNFINISHED}{model.folder.name}-{os.getpid()}")
    try:
        model.folder.rename(doomed)
    except OSError as error:
        raise ModelError(f"{model.folder} cannot be removed ({error.strerror}); stop what uses it first.") from error
    shutil.rmtree(doomed, ignore_errors=True)


def _intact(models_dir: Path, preset: Preset) -> Installed | None:
    with contextlib.suppress(ModelError):
        if found := installed(models_dir, preset):
            verify(found)
            return found
    return None


def _install(models_dir: Path, preset: Preset, source: Source, report: Callable[[str], None]) -> Installed:
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=models_dir, ignore_cleanup_errors=True) as scratch:
        fetched, finished = Path(scratch, "fetched"), Path(scratch, "finished")
        fetched.mkdir()
        finished.mkdir()
        report(f"Fetching {preset.name} ({preset.weights.size // 1_000_000} MB) from {source.text}")
        source.fetch(preset, fetched)
        report(f"Preparing {preset.name} for this machine")
        _build(preset, fetched, finished)
        _write_manifest(finished, preset, source)
        _publish(finished, models_dir / preset.folder_name, Path(scratch, "replaced"))
    model = installed(models_dir, preset)
    if not model:
        raise ModelError(f"{models_dir} changed while {preset.name} was installed; {_REPAIR}.")
    return model


def _build(preset: Preset, fetched: Path, finished: Path) -> None:
    # Imported here: onnx and safetensors are needed at install time only and cost 0.1 s and 30 MB.
    from .minilm_graph import build

    build(fetched / preset.weights.name, finished / MODEL)
    shutil.copyfile(fetched / preset.tokenizer.name, finished / TOKENIZER)


def _write_manifest(folder: Path, preset: Preset, source: Source) -> None:
    files = [StoredFile(path.name, path.stat().st_size, _sha256(path)) for path in sorted(folder.iterdir())]
    manifest = _Manifest(preset.name, FORMAT_VERSION, BUILDER_VERSION, source.text, tuple(files))
    (folder / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), "utf-8")


def _read_manifest(folder: Path) -> _Manifest:
    try:
        fields = json.loads((folder / _MANIFEST).read_text("utf-8"))
        files = tuple(StoredFile(**file) for file in fields.pop("files"))
        manifest = _Manifest(**fields, files=files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / _MANIFEST} is missing or damaged; {_REPAIR}.") from error
    if {file.name for file in files} != {MODEL, TOKENIZER}:
        raise ModelError(f"{folder / _MANIFEST} does not list the model's files; {_REPAIR}.")
    return manifest


def _publish(finished: Path, target: Path, replaced: Path) -> None:
    """Rename ``finished`` to ``target`` once its bytes are on the disk; what was there goes with the scratch."""
    for path in finished.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    if target.exists():
        target.rename(replaced)
    finished.rename(target)


def _remove_leftovers(models_dir: Path) -> None:
    for path in models_dir.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(path, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
