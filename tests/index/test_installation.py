"""A model is installed whole or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from funcseek.index.errors import ModelError
from funcseek.index.installation import MODEL, TOKENIZER, Installed, install, installed, remove, verify
from funcseek.index.models import MINILM
from funcseek.index.onnx_encoder import load
from funcseek.index.weights import Source, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.index.models import Preset


def broken_source(error: BaseException) -> Source:
    """Return a source that fails when one file is there."""

    def fetch(preset: Preset, folder: Path) -> None:
        (folder / preset.weights.name).write_bytes(b"half of it")
        raise error

    return Source("nowhere", fetch)


def quietly(_: str) -> None: ...


@pytest.fixture(autouse=True)
def emptied(tmp_path: Path) -> Iterator[None]:
    """Leave no copies of the model behind: pytest keeps the folders of three runs, which would be gigabytes."""
    yield
    for path in tmp_path.iterdir():
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def models_dir(minilm: Installed, tmp_path: Path) -> Path:
    """A models folder with a copy of the installed model."""
    shutil.copytree(minilm.folder, tmp_path / "models" / minilm.folder.name)
    return tmp_path / "models"


def found(models_dir: Path) -> Installed:
    model = installed(models_dir)
    assert model
    return model


def names(models_dir: Path) -> set[str]:
    return {path.name for path in models_dir.iterdir()} - {"install.lock"}


def test_install_reports_and_leaves_one_verified_folder(published: Path, tmp_path: Path) -> None:
    said: list[str] = []
    model = install(tmp_path, source=local(published), report=said.append)
    verify(model)
    assert model == installed(tmp_path)
    assert names(tmp_path) == {MINILM.folder_name}
    assert {path.name for path in model.folder.iterdir()} == {MODEL, TOKENIZER, "manifest.json"}
    assert len(said) == 2
    assert load(model).embed_query("open a file").shape == (384,)


def test_install_takes_what_is_there_when_it_is_intact(models_dir: Path) -> None:
    before = found(models_dir)
    assert install(models_dir, source=broken_source(ModelError("unused")), report=quietly) == before


@pytest.mark.parametrize("error", [ModelError("cut off."), OSError(28, "no space"), KeyboardInterrupt()])
def test_interrupted_install_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises((ModelError, KeyboardInterrupt)):
        install(tmp_path, source=broken_source(error), report=quietly)
    assert names(tmp_path) == set()
    assert installed(tmp_path) is None


def test_killed_install_is_swept_away_by_the_next(models_dir: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from funcseek.index.installation import install; from funcseek.index.weights import Source\n"
        "install(Path(sys.argv[1]), source=Source('x', lambda *_: os._exit(9)), report=print)"
    )
    (models_dir / MINILM.folder_name / TOKENIZER).unlink()
    subprocess.run([sys.executable, "-c", code, str(models_dir)], check=False, capture_output=True)
    assert len(names(models_dir)) == 2
    with pytest.raises(ModelError):
        install(models_dir, source=broken_source(ModelError("stop.")), report=quietly)
    assert names(models_dir) == {MINILM.folder_name}


def test_installs_at_the_same_time_agree(published: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: install(tmp_path, source=local(published), report=quietly), range(2))
    assert first == second
    verify(first)
    assert names(tmp_path) == {MINILM.folder_name}


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_verify_names_the_tampered_file(models_dir: Path, name: str) -> None:
    model = found(models_dir)
    with (model.folder / name).open("r+b") as file:
        file.seek(1000)
        file.write(b"\xff")
    with pytest.raises(ModelError, match=name):
        verify(model)


def test_install_replaces_a_tampered_model(models_dir: Path, published: Path) -> None:
    (found(models_dir).folder / TOKENIZER).write_bytes(b"?" * MINILM.tokenizer.size)
    verify(install(models_dir, source=local(published), report=quietly))
    assert names(models_dir) == {MINILM.folder_name}


def test_truncated_model_is_an_error_and_not_absence(models_dir: Path) -> None:
    (found(models_dir).folder / MODEL).write_bytes(b"short")
    with pytest.raises(ModelError, match=MODEL):
        installed(models_dir)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": []}', '{"files": [{"name": 1}]}'])
def test_damaged_manifest_is_an_error(models_dir: Path, text: str) -> None:
    (models_dir / MINILM.folder_name / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match=r"manifest\.json is missing or damaged"):
        installed(models_dir)


@pytest.mark.parametrize("version", ["format", "builder"])
def test_model_of_another_builder_counts_as_absent(models_dir: Path, version: str) -> None:
    manifest = models_dir / MINILM.folder_name / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {version: 0}))
    assert installed(models_dir) is None


def test_nothing_is_installed_in_a_folder_that_is_missing(tmp_path: Path) -> None:
    assert installed(tmp_path / "missing") is None


def test_install_into_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be written"):
        install(tmp_path / "file", source=broken_source(ModelError("unused")), report=quietly)


def test_removed_model_is_gone(models_dir: Path) -> None:
    model = found(models_dir)
    remove(model)
    assert names(models_dir) == set()
    with pytest.raises(ModelError, match="cannot be removed"):
        remove(model)
