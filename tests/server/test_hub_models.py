"""Models of the hub that are known by name: held against what the hub said of them, and deleted from its cache."""

from __future__ import annotations

from hashlib import sha1, sha256
from typing import TYPE_CHECKING

import pytest

from funcseek.index.hub import check_arrived
from tests.doubles import lay_out
from tests.index.tiny_models import make
from tests.server.test_model_choice import TREE, Funcseek

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "97b0c614be4d77ee51c0cef4e5f07c00f9eb65b3"


@pytest.fixture
def funcseek(fresh_home: Path, tmp_path: Path) -> Funcseek:
    return Funcseek(fresh_home, lay_out(tmp_path / "tree", TREE))


@pytest.fixture
def starencoder(funcseek: Funcseek, tmp_path: Path) -> Path:
    """The folder of a model in a cache as the hub's own library lays it out."""
    cache = funcseek.hub / "models--bigcode--starencoder"
    snapshot = cache / "snapshots" / COMMIT
    for folder in (snapshot, cache / "blobs", cache / "refs"):
        folder.mkdir(parents=True)
    (cache / "refs" / "main").write_text(COMMIT)
    for path in make(tmp_path / "made", "bert").iterdir():
        content = path.read_bytes()
        is_large = path.suffix == ".safetensors"
        name = sha256(content) if is_large else sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        blob = cache / "blobs" / name.hexdigest()
        blob.write_bytes(content)
        (snapshot / path.name).symlink_to(blob)
    return snapshot


def test_cached_model_is_listed_verified_chosen_and_removed(funcseek: Funcseek, starencoder: Path) -> None:
    funcseek.check("model", "list", says=f"starencoder  starencoder, BigCode OpenRAIL-M, in {starencoder}")
    funcseek.check("model", "install", "starencoder", says=f"starencoder is in {starencoder}")
    funcseek.check("model", "verify", "starencoder", says="starencoder is intact, as the hub sent it")
    funcseek.check("model", "use", "starencoder", says="starencoder is used from now on")
    funcseek.check("model", "remove", "starencoder", says="starencoder is removed from the hub's cache")
    assert not starencoder.exists()
    funcseek.check_refused("model", "remove", "starencoder", says="there is nothing to remove")
    funcseek.check_refused("model", "verify", "starencoder", says="run `funcseek model install starencoder`")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_file_that_did_not_arrive_whole_is_named(funcseek: Funcseek, starencoder: Path, name: str) -> None:
    blob = (starencoder / name).resolve()
    blob.write_bytes(blob.read_bytes()[:-1])
    for action in ("verify", "use", "install"):
        funcseek.check_refused("model", action, "starencoder", says=f"{blob} did not arrive whole")


def test_files_whose_names_tell_nothing_are_left_alone(tmp_path: Path) -> None:
    check_arrived(make(tmp_path / "plain", "bert"))


def test_model_that_cannot_be_had_is_said(funcseek: Funcseek) -> None:
    funcseek.check_refused("model", "install", "qwen3", says="could not be fetched from the hub")
    funcseek.check_refused("model", "install", "qwen3", "--from", "folder", says="qwen3 comes from the hub")
    funcseek.check_refused("model", "remove", "qwen3", says="there is nothing to remove")
    funcseek.check_refused("model", "verify", "nonesuch", says="known are minilm, qwen3, ")


def test_other_files_under_the_name_of_a_published_model_are_refused(funcseek: Funcseek, starencoder: Path) -> None:
    qwen3 = funcseek.hub / "models--Qwen--Qwen3-Embedding-0.6B"
    cache = starencoder.parent.parent
    for link in starencoder.iterdir():
        content = link.read_bytes()
        link.unlink()
        link.write_bytes(content)
    cache.rename(qwen3)
    for action in ("verify", "use", "install"):
        funcseek.check_refused("model", action, "qwen3", says="is not the published file")
