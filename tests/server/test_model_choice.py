"""A model of the user's own, from the command line to the answer, by a service and without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.index.errors import ModelError
from funcseek.index.hub import check_published
from funcseek.index.models import HUB_MODELS, HubModel, PublishedFile
from funcseek.server.choice import Choice, choose, chosen
from funcseek.server.models import described
from funcseek.server.places import HOME_VARIABLE
from tests.doubles import lay_out
from tests.index.tiny_models import WIDTH, make

if TYPE_CHECKING:
    from pathlib import Path

TREE = """\
--- net.py
def fetch_with_retries(url):
    "Retry a request with exponential backoff."
    return url
"""


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("models") / "tiny-bert", "bert", pooling="mean")


class Funcseek:
    """Runs ``funcseek`` in a home, from a folder, with a hub that holds nothing."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.folder = folder
        self.hub = home / "hub" / "hub"
        self.environment = os.environ | {HOME_VARIABLE: str(home), "HF_HUB_OFFLINE": "1", "HF_HOME": str(home / "hub")}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "funcseek.server", *arguments],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def check(self, *arguments: str, says: str = "") -> str:
        done = self(*arguments)
        assert done.returncode == 0, done.stderr
        assert says in done.stdout
        return done.stdout

    def check_refused(self, *arguments: str, says: str) -> None:
        done = self(*arguments)
        assert done.returncode == 4
        assert says in done.stderr
        assert done.stderr.count("\n") == 1

    def search(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.check("search", "retry a request", "--json", *arguments))
        return found


@pytest.fixture
def funcseek(fresh_home: Path, tmp_path: Path) -> Funcseek:
    return Funcseek(fresh_home, lay_out(tmp_path / "tree", TREE))


def test_folder_that_is_chosen_answers_without_a_service(funcseek: Funcseek, model: Path) -> None:
    funcseek.check("model", "use", str(model), "--dimension", "16", says=f"{model} is used from now on.")
    funcseek.check("model", "list", says=f"Used: {model}.")
    funcseek.check("model", "bench", "--functions", "5", says="functions/s over 5 functions")
    funcseek.check("index", "--headless")
    answer = funcseek.search("--no-service")
    assert answer["model"] == "tiny-bert"
    assert answer["coverage"]["embedded"] == 1


def test_running_service_goes_over_to_the_model_that_is_chosen(funcseek: Funcseek, model: Path) -> None:
    assert funcseek.search()["model"] is None
    funcseek.check("model", "use", str(model), "--device", "cpu", "--precision", "int8")
    funcseek.check("index")
    assert funcseek.search()["model"] == "tiny-bert"
    funcseek.check("status", says="Model tiny-bert (chosen with `funcseek model use`, on cpu in int8)")
    funcseek.check("model", "use", "auto", says="What suits the machine")
    assert funcseek.search()["model"] is None


def test_choice_that_cannot_work_is_refused_and_changes_nothing(funcseek: Funcseek, model: Path) -> None:
    funcseek.check("model", "use", str(model))
    funcseek.check_refused("model", "use", str(model), "--dimension", "1000", says=f"has vectors of {WIDTH} numbers")
    funcseek.check_refused("model", "use", "nonesuch", says="There is no model 'nonesuch'")
    funcseek.check_refused("model", "use", str(funcseek.folder), says="holds no config.json")
    funcseek.check_refused(
        "model", "use", "minilm", says="minilm is not installed; run `funcseek model install minilm`"
    )
    funcseek.check_refused("model", "use", "minilm", "--pooling", "cls", says="minilm has no settings")
    funcseek.check_refused("model", "use", "owner/model", says="owner/model could not be fetched from the hub")
    funcseek.check_refused("model", "remove", "minilm", says="nothing to remove")
    funcseek.check("model", "list", says=f"Used: {model}.")


def test_model_that_is_gone_is_said_and_search_goes_on_by_words(funcseek: Funcseek, tmp_path: Path) -> None:
    model = make(tmp_path / "short-lived", "bert", pooling="mean")
    funcseek.check("model", "use", str(model))
    (model / "model.safetensors").unlink()
    answer = funcseek.search("--no-service")
    assert answer["model"] is None
    assert answer["results"][0]["name"] == "fetch_with_retries"


def test_choice_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "config" / "model.json"
    assert chosen(path) is None
    choice = Choice("qwen3", "/models/qwen3", "cuda", precision="bfloat16")
    choose(path, choice)
    assert chosen(path) == choice
    path.write_text("{")
    with pytest.raises(ModelError, match="choose a model again"):
        chosen(path)
    choose(path, None)
    assert chosen(path) is None


def test_known_model_has_its_prompt_by_whatever_way_it_comes(tmp_path: Path) -> None:
    folder = make(tmp_path / "Qwen3-Embedding-0.6B", "qwen3", pooling="lasttoken", prompts={"query": "web:"})
    prompts = {
        described(Choice(name, str(folder))).query_prompt
        for name in ("qwen3", "Qwen/Qwen3-Embedding-0.6B", str(folder))
    }
    (prompt,) = prompts
    assert prompt.startswith("Instruct: ")
    assert prompt.endswith("\nQuery:")


@pytest.mark.parametrize(
    ("key", "architecture"),
    [("bge-small-zh", "bert"), ("bge-m3", "xlm-roberta"), ("codebert", "roberta"), ("starencoder", "bert")],
)
def test_known_model_that_does_not_say_how_it_is_pooled_is_used_as_its_makers_do(
    tmp_path: Path, key: str, architecture: str
) -> None:
    known = HUB_MODELS[key]
    folder = make(tmp_path / known.repository.rpartition("/")[2], architecture)
    found = described(Choice(str(folder), str(folder)))
    assert (found.pooling, found.query_prompt) == (known.usage.pooling, known.usage.query_prompt or "")


def test_file_that_is_not_the_published_one_is_refused(tmp_path: Path) -> None:
    published = PublishedFile("model.safetensors", 4, sha256(b"good").hexdigest())
    model = HubModel("x", "X", "MIT", "owner/x", files=(published,))
    for content in (b"evil", b"longer"):
        (tmp_path / published.name).write_bytes(content)
        with pytest.raises(ModelError, match="is not the published file"):
            check_published(model, tmp_path)
    (tmp_path / published.name).write_bytes(b"good")
    check_published(model, tmp_path)
    (tmp_path / published.name).unlink()
    with pytest.raises(ModelError, match="is missing"):
        check_published(model, tmp_path)
