"""A search that asks for it is reranked, from the command line to the answer; no other search knows of it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.index.catalogue import Coverage
from funcseek.index.drafts import NO_ROOT
from funcseek.index.errors import ModelError
from funcseek.index.hits import Answer, Hit, Query
from funcseek.parsers import extract, language_named
from funcseek.server.choice import Choice, choose
from funcseek.server.consents import Consents
from funcseek.server.rerankers import LoadedReranker
from funcseek.server.reranking import Reranking, reranked
from tests.doubles import KeywordReranker, lay_out
from tests.index.endpoint_program import EndpointProgram
from tests.index.tiny_rerankers import make_reranker
from tests.server.editor import Refused, editing
from tests.server.test_model_choice import Funcseek

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TREE = "".join(
    f"--- {name}.py\ndef {name}_request(url):\n    '''{'Retry a request. ' * (9 - number)}'''\n    return url\n"
    for number, name in enumerate(("fetch", "send", "post", "delete"))
)
REMOTE = "https://models.example/v1"
LIKED = {"def delete_request": 0.95, "def post_request": 0.6}


@pytest.fixture
def server() -> Iterator[EndpointProgram]:
    with EndpointProgram() as started:
        started.plan(liked=LIKED)
        yield started


@pytest.fixture
def funcseek(fresh_home: Path, tmp_path: Path) -> Funcseek:
    return Funcseek(fresh_home, lay_out(tmp_path / "tree", TREE))


def names(answer: dict[str, Any]) -> list[str]:
    return [result["name"].removesuffix("_request") for result in answer["results"]]


def check_stands(funcseek: Funcseek, says: str, *options: str) -> None:
    """Check that the first answer stands, and that one sentence says why."""
    done = funcseek("search", "retry a request", "--rerank", "--vimgrep", *options)
    assert [line.partition(".py")[0] for line in done.stdout.splitlines()] == ["fetch", "send", "post", "delete"]
    told = [line for line in done.stderr.splitlines() if "Not reranked" in line]
    assert len(told) == 1
    assert says in told[0]


@pytest.mark.parametrize("way", [(), ("--no-service",)], ids=["service", "no service"])
def test_search_that_asks_for_it_is_reranked_and_no_other(
    funcseek: Funcseek, server: EndpointProgram, way: tuple[str, ...]
) -> None:
    funcseek.check("model", "rerank", server.url, "--name", "judge", says="reranks searches that ask for it")
    plain = funcseek.search(*way)
    assert (names(plain), plain["reranker"]) == (["fetch", "send", "post", "delete"], None)
    assert server.seen == []
    found = funcseek.search("--rerank", "--explain", *way)
    assert (names(found), found["reranker"]) == (["delete", "post", "fetch", "send"], "judge")
    (asked,) = server.seen
    assert asked["query"] == "retry a request"
    assert all("def " in document for document in asked["documents"])
    assert found["results"][0]["parts"]["reranker"] > found["results"][1]["parts"]["reranker"]
    assert "reranker +" in funcseek.check("search", "retry a request", "--rerank", "--explain", *way)
    assert funcseek.search("--rerank", "--limit", "2", *way)["results"] == [
        {name: value for name, value in result.items() if name != "parts"} for result in found["results"][:2]
    ]


def test_reranker_is_taken_up_shown_and_put_away_by_a_running_service(
    funcseek: Funcseek, server: EndpointProgram
) -> None:
    check_stands(funcseek, "no reranker is chosen; run `funcseek model rerank`")
    funcseek.check("model", "rerank", server.url, "--name", "judge")
    assert funcseek.search("--rerank")["reranker"] == "judge"
    funcseek.check("status", says="Reranker judge, for searches that ask for it")
    funcseek.check("model", "list", says=f"Reranking: {server.url}.")
    assert "reranker: judge is served on this machine" in funcseek("doctor").stdout
    funcseek.check("model", "rerank", "off", says="Nothing is reranked")
    check_stands(funcseek, "no reranker is chosen")
    assert "Reranker" not in funcseek.check("status")
    funcseek.check("model", "list", says="Reranking: off.")


def test_first_answer_stands_while_the_reranker_is_away_and_it_is_found_again(
    funcseek: Funcseek, server: EndpointProgram
) -> None:
    funcseek.check("model", "rerank", server.url, "--name", "judge")
    server.plan(always="404")
    check_stands(funcseek, "has no such model or page")
    server.kill()
    check_stands(funcseek, "cannot be reached; start its server")
    check_stands(funcseek, "cannot be reached; start its server", "--no-service")
    server.start_again()
    server.plan(liked=LIKED)
    assert names(funcseek.search("--rerank"))[0] == "delete"


def test_damaged_choice_is_said_and_search_goes_on(funcseek: Funcseek, fresh_home: Path) -> None:
    (fresh_home / "reranker.json").write_text("{")
    check_stands(funcseek, "run `funcseek model rerank` to choose a model again")


def test_language_model_in_a_folder_reranks(funcseek: Funcseek, tmp_path: Path) -> None:
    folder = make_reranker(tmp_path / "tiny-reranker")
    funcseek.check("model", "rerank", str(folder), "--device", "cpu")
    # On a busy machine torch takes longer to load than an answer waits.
    while (found := funcseek.search("--rerank", "--explain"))["reranker"] is None:
        pass
    assert found["reranker"] == "tiny-reranker"
    parts = {result["name"]: result["parts"]["reranker"] for result in found["results"]}
    assert len(set(parts.values())) == len(parts) == 4
    assert names(found) == names(funcseek.search("--rerank", "--no-service"))
    assert f"reranker: tiny-reranker lies in {folder}" in funcseek("doctor").stdout
    (folder / "model.safetensors").unlink()
    check_stands(funcseek, "holds no model.safetensors", "--no-service")


def test_reranker_that_cannot_be_used_is_refused_and_changes_nothing(
    funcseek: Funcseek, server: EndpointProgram
) -> None:
    funcseek.check("model", "rerank", server.url, "--name", "judge")
    funcseek.check_refused("model", "rerank", "nonesuch", says="There is no model 'nonesuch'; name one of qwen3")
    funcseek.check_refused("model", "rerank", "minilm", says="There is no model 'minilm'")
    funcseek.check_refused("model", "rerank", str(funcseek.folder), says="holds no config.json")
    funcseek.check_refused("model", "rerank", "qwen3", says="Qwen3-Reranker-0.6B could not be fetched from the hub")
    funcseek.check_refused("model", "rerank", server.url, says="add --name MODEL")
    funcseek.check_refused("model", "rerank", "http://models.example", "--name", "x", says="unencrypted")
    funcseek.check("model", "list", says=f"Reranking: {server.url}.")


def test_nothing_in_a_folder_chooses_a_reranker(funcseek: Funcseek, server: EndpointProgram) -> None:
    for place in (funcseek.folder, funcseek.folder / ".funcseek", funcseek.folder / ".vscode"):
        choose(place / "reranker.json", Choice(server.url, served="judge"))
    check_stands(funcseek, "no reranker is chosen", "--no-service")
    assert server.seen == []


def test_code_goes_to_a_reranker_elsewhere_once_that_is_allowed(funcseek: Funcseek) -> None:
    done = funcseek("model", "rerank", REMOTE, "--name", "big")
    assert "NOTICE: code of a folder goes to models.example once you allow that" in done.stderr
    check_stands(funcseek, f"Code of {funcseek.folder} would go to models.example to be reranked", "--no-service")
    funcseek("model", "use", "https://vectors.example", "--name", "other")
    funcseek.check("model", "allow", says="goes to vectors.example and models.example from now on")
    funcseek.check("model", "allow", "--withdraw", says="stays on this machine")


def test_editor_is_answered_at_once_while_another_question_is_reranked(
    fresh_home: Path, funcseek: Funcseek, server: EndpointProgram
) -> None:
    funcseek.check("model", "rerank", server.url, "--name", "judge")
    asked = {"query": "retry a request", "rerank": True}
    with editing(fresh_home, funcseek.folder) as editor:
        server.plan(always="held")
        kept, dropped = (editor.request("funcseek/search", asked) for _ in range(2))
        while not server.seen:
            pass
        plain = editor.search("retry a request")
        assert (plain["items"][0]["name"], plain["reranker"]) == ("fetch_request", None)
        editor.cancel(dropped)
        with pytest.raises(Refused) as refused:
            editor.answer(dropped)
        assert refused.value.code == -32800
        server.plan(liked=LIKED)
        found = editor.answer(kept)
    assert (found["items"][0]["name"], found["reranker"]) == ("delete_request", "judge")


# The service's part alone: what no server on this machine can show.

HIT = Hit(
    Path("/root"),
    "a.py",
    extract(b"def f():\n    pass\n", language_named("python")).functions[0],  # type: ignore[arg-type]
    1.0,
    parts={"words": 1.0},
)
ASKED = Query("close it", is_reranked=True)


def answer(*roots: Path) -> Answer:
    hits = tuple(Hit(root, HIT.path, HIT.function, HIT.score, parts=HIT.parts) for root in roots)
    return Answer(hits, Coverage(1, 0, 1, 0), None, documents=("def f(): pass",) * len(hits))


@pytest.fixture
def consents(tmp_path: Path) -> Consents:
    return Consents(tmp_path / "consents.json")


def test_no_code_reaches_a_reranker_before_every_root_of_an_answer_allows_it(consents: Consents) -> None:
    reranker = KeywordReranker()
    loaded = LoadedReranker(reranker, "models.example")
    here, there = Path("/here"), Path("/there")
    consents.set(here, "models.example", is_allowed=True)
    consents.set(there, "other.example", is_allowed=True)
    assert "Code of /there" in (reranked(answer(here, there), ASKED, loaded, consents=consents).unranked or "")
    assert "stays on this machine" in (reranked(answer(here, NO_ROOT), ASKED, loaded, consents=consents).unranked or "")
    assert reranker.asked == []
    assert reranked(answer(here), ASKED, loaded, consents=consents).reranker == "keywords"
    at_home = LoadedReranker(reranker)
    assert reranked(answer(there, NO_ROOT), ASKED, at_home, consents=consents).reranker == "keywords"


class Stuck(KeywordReranker):
    """Answers once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.is_free = threading.Event()

    def relevances(self, query: str, documents: Sequence[str]) -> list[float]:
        self.is_free.wait()
        return super().relevances(query, documents)


def test_reranker_that_takes_too_long_is_said_and_the_next_one_goes_on(consents: Consents) -> None:
    stuck = Stuck()
    reranking = Reranking(lambda: LoadedReranker(stuck), consents, most_seconds=0.05)

    async def ask() -> str:
        given = await reranking.rerank(answer(HIT.root), ASKED)
        return given.unranked or given.reranker or ""

    async def asked() -> list[str]:
        slow = [await ask(), await ask(), await ask()]
        stuck.is_free.set()
        while not (given := await ask()).startswith("keywords"):
            slow.append(given)
        return slow

    slow = asyncio.run(asked())
    reranking.close()
    assert all("took longer than" in one or "busy" in one for one in slow)


def test_reranker_that_fails_on_an_error_of_its_own_is_said_and_loaded_anew(consents: Consents) -> None:
    faults: list[Exception] = [ModelError("it is damaged; choose another."), ValueError("nobody expected it")]

    def load() -> LoadedReranker:
        if faults:
            raise faults.pop(0)
        return LoadedReranker(KeywordReranker())

    reranking = Reranking(load, consents)

    async def asked() -> list[Answer]:
        return [await reranking.rerank(answer(HIT.root), ASKED) for _ in range(3)]

    damaged, failed, fine = asyncio.run(asked())
    reranking.close()
    assert damaged.unranked == "it is damaged; choose another."
    assert "an error of its own" in (failed.unranked or "")
    assert (fine.unranked, fine.reranker) == (None, "keywords")
