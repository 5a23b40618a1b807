"""A model on a server, from the command line to the answer; and code that may not go there, which stays here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funcseek.server.choice import Choice, choose
from funcseek.server.consents import Consents
from funcseek.server.model import Model
from funcseek.server.models import Loaded
from funcseek.server.places import Places
from tests.doubles import HashingEmbedder, lay_out
from tests.index.endpoint_program import EndpointProgram
from tests.server.test_model_choice import TREE, Funcseek

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REMOTE = "https://models.example/v1"


@pytest.fixture
def server() -> Iterator[EndpointProgram]:
    with EndpointProgram() as started:
        yield started


@pytest.fixture
def funcseek(fresh_home: Path, tmp_path: Path) -> Funcseek:
    return Funcseek(fresh_home, lay_out(tmp_path / "tree", TREE))


def test_endpoint_that_is_chosen_answers_without_a_service(funcseek: Funcseek, server: EndpointProgram) -> None:
    funcseek.check("model", "use", server.url, "--name", "hashing", says="is used from now on")
    funcseek.check("index", "--headless")
    answer = funcseek.search("--no-service")
    assert answer["model"] == "hashing"
    assert answer["coverage"]["embedded"] == 1


def test_search_goes_on_by_words_while_the_endpoint_is_away_and_is_resumed(
    funcseek: Funcseek, server: EndpointProgram
) -> None:
    funcseek.check("model", "use", server.url, "--name", "hashing")
    funcseek.check("index")
    funcseek.check("status", says=f"at 127.0.0.1:{server.port}")
    assert funcseek.search()["model"] == "hashing"
    server.kill()
    (funcseek.folder / "net.py").write_text("def retry_a_request():\n    return 2\n")
    answer = funcseek.search("--fresh")
    assert answer["model"] is None
    assert answer["results"][0]["name"] == "retry_a_request"
    assert "Searched by words only" in funcseek("search", "retry").stderr
    server.start_again()
    # The root asks again some seconds after it could not.
    while (answer := funcseek.search())["coverage"]["embedded"] < 1:
        pass
    assert answer["model"] == "hashing"


def test_endpoint_that_cannot_be_used_is_refused(funcseek: Funcseek) -> None:
    funcseek.check_refused("model", "use", "http://models.example", "--name", "x", says="unencrypted")
    funcseek.check_refused("model", "use", REMOTE, says="add --name MODEL")
    funcseek.check_refused(
        "model", "use", "https://me:word@models.example", "--name", "x", says="holds a name or password"
    )
    funcseek.check_refused("model", "allow", says="nothing to allow")


def test_code_that_leaves_the_machine_is_announced_with_its_host(funcseek: Funcseek) -> None:
    done = funcseek("model", "use", REMOTE, "--name", "big")
    assert "NOTICE: code of a folder goes to models.example once you allow that" in done.stderr
    funcseek.check("model", "allow", says="goes to models.example from now on")
    funcseek.check("model", "allow", "--withdraw", says="stays on this machine")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path, tmp_path / "run", tmp_path / "config")


def test_code_stays_here_until_it_is_allowed_for_the_root_and_the_host(places: Places, tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    consents = Consents(places.consents)
    model = Model(lambda: Loaded(embedder, "chosen", "models.example"), consents)
    here, there = tmp_path / "here", tmp_path / "there"
    assert model.get_for(here) is None
    assert "would go to models.example" in (model.withheld(here) or "")
    consents.set(here, "models.example", is_allowed=True)
    consents.set(there, "other.example", is_allowed=True)
    assert model.get_for(here) is embedder
    assert model.get_for(there) is None
    consents.set(here, "models.example", is_allowed=False)
    assert model.get_for(here) is None


def test_damaged_list_of_consents_allows_nothing(places: Places, tmp_path: Path) -> None:
    consents = Consents(places.consents)
    consents.set(tmp_path, "models.example", is_allowed=True)
    for damaged in ("{", "[]", '{"a": 1}'):
        places.consents.write_text(damaged)
        assert not consents.is_allowed(tmp_path, "models.example")


def test_nothing_in_a_folder_chooses_a_model(funcseek: Funcseek, server: EndpointProgram) -> None:
    for place in (funcseek.folder, funcseek.folder / ".funcseek", funcseek.folder / ".vscode"):
        choose(place / "model.json", Choice(server.url, served="hashing"))
    assert funcseek.search("--no-service")["model"] is None
    assert server.seen == []
