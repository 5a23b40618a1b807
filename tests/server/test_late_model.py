"""A model that takes long to load keeps nobody waiting: words answer at once, and meaning joins in by itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

import pytest

from funcseek.index.home import Home
from funcseek.server.consents import Consents
from funcseek.server.model import Model
from funcseek.server.models import Loaded
from funcseek.server.pauses import Pauses
from funcseek.server.throttle import Questions
from funcseek.server.worker import Worker
from tests.doubles import HashingEmbedder, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from funcseek.server.state import State

TREE = "--- a.py\ndef one():\n    return 1\n--- b.py\ndef two():\n    return 2\n"
PATIENCE_SECONDS = 30.0


class Late:
    """A root whose model is loaded when ``arrives`` is called."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._there = threading.Event()
        self._changes = threading.Condition()
        self.model = Model(self._load, Consents(folder / "consents"))
        home = Home(folder)
        self.worker = Worker(root, home, self.model, changed=self._changed, questions=Questions(), pauses=Pauses(home))

    def _load(self) -> Loaded:
        assert self._there.wait(PATIENCE_SECONDS)
        return Loaded(HashingEmbedder(), "chosen")

    def _changed(self) -> None:
        with self._changes:
            self._changes.notify_all()

    def arrives(self) -> None:
        self._there.set()

    def check(self, is_meant: Callable[[State], bool]) -> None:
        """The root comes to a state."""
        with self._changes:
            assert self._changes.wait_for(lambda: is_meant(self.worker.state), PATIENCE_SECONDS), self.worker.state

    def __enter__(self) -> Self:
        self.worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.arrives()
        self.worker.stop(timeout_seconds=PATIENCE_SECONDS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "root", TREE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home"


def is_read(state: State) -> bool:
    return state.is_searchable and state.functions == 2


def is_whole(state: State) -> bool:
    return state.phase == "ready" and state.embedded == state.functions > 0


def test_words_wait_for_no_model_which_is_taken_up_when_it_is_there(root: Path, folder: Path) -> None:
    with Late(root, folder) as late:
        late.check(is_read)
        assert late.worker.state.phase == "embedding"
        assert late.model.lacking == "the model is still being loaded."
        late.arrives()
        late.check(is_whole)
        assert late.model.lacking is None


def test_file_saved_while_the_model_loads_is_found_by_words(root: Path, folder: Path) -> None:
    with Late(root, folder) as late:
        late.check(is_read)
        (root / "c.py").write_text("def three():\n    return 3\n")
        late.check(lambda state: state.functions == 3)
        late.arrives()
        late.check(lambda state: is_whole(state) and state.functions == 3)


def test_index_that_has_vectors_answers_by_words_until_the_model_is_loaded(root: Path, folder: Path) -> None:
    with Late(root, folder) as late:
        late.arrives()
        late.check(is_whole)
    with Late(root, folder) as late:
        late.check(is_read)
        late.arrives()
        late.check(is_whole)


def test_another_model_is_loaded_while_files_are_followed(root: Path, folder: Path) -> None:
    with Late(root, folder) as late:
        late.arrives()
        late.check(is_whole)
        late._there.clear()  # noqa: SLF001
        late.model.forget()
        late.worker.reload_model()
        (root / "c.py").write_text("def three():\n    return 3\n")
        late.check(lambda state: state.functions == 3)
        late.arrives()
        late.check(lambda state: is_whole(state) and state.functions == 3)


def test_model_that_breaks_while_it_is_loaded_is_said(folder: Path) -> None:
    def load() -> Loaded:
        raise RuntimeError("no such luck")

    model = Model(load, Consents(folder / "consents"))
    with pytest.raises(RuntimeError):
        model.get()
    assert model.is_settled
    assert "see the log" in (model.lacking or "")
