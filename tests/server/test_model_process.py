"""A model in a process of its own answers as it would in this one, and takes nobody with it when it ends."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from funcseek.index.errors import ModelError, ModelMissing
from funcseek.index.model_folder import read_folder
from funcseek.index.transformer import load
from funcseek.server import model_process
from funcseek.server.model_process import ModelProcess, log
from funcseek.server.model_serving import Telling, Wanted
from tests.index.model_texts import TEXTS
from tests.index.tiny_models import make

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from pathlib import Path

# What a program does that has a model apart, told by its output.
PARENT = """\
import multiprocessing, sys
from pathlib import Path
from funcseek.index.model_folder import read_folder
from funcseek.server.model_process import ModelProcess
from funcseek.server.model_serving import Wanted

if __name__ == "__main__":
    model = ModelProcess(Wanted(read_folder(Path(sys.argv[1])), "cpu"))
    model.embed_query("a question")
    print("torch" in sys.modules, multiprocessing.active_children()[0].pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tiny") / "qwen3", "qwen3", pooling="lasttoken")


@pytest.fixture(scope="module")
def model(folder: Path) -> ModelProcess:
    return ModelProcess(Wanted(read_folder(folder), "cpu"))


def processes() -> list[BaseProcess]:
    return [process for process in multiprocessing.active_children() if process.name == "funcseek-model"]


def test_vectors_and_identity_are_those_of_the_model_in_this_process(folder: Path, model: ModelProcess) -> None:
    here = load(read_folder(folder), device="cpu")
    assert (model.name, model.identity, model.dimension) == (here.name, here.identity, here.dimension)
    assert (model.device, model.precision) == ("cpu", "float32")
    np.testing.assert_array_equal(model.embed_passages(TEXTS), here.embed_passages(TEXTS))
    for text in TEXTS:
        np.testing.assert_array_equal(model.embed_query(text), here.embed_query(text))


def test_question_waits_for_no_passages(model: ModelProcess) -> None:
    texts = [f"{text} {number}" for number in range(200) for text in TEXTS]
    passages = threading.Thread(target=model.embed_passages, args=(texts,))
    passages.start()
    model.embed_query(TEXTS[0])
    assert passages.is_alive()
    passages.join()


def test_what_cannot_be_loaded_is_said_as_in_this_process(folder: Path) -> None:
    card = read_folder(folder)
    with pytest.raises(ModelError) as here:
        load(card, device="hpu")
    with pytest.raises(ModelError) as apart:
        ModelProcess(Wanted(card, "hpu"))
    assert str(apart.value) == str(here.value)


@pytest.mark.skipif(torch.cuda.is_available(), reason="has a GPU")
def test_model_that_needs_a_gpu_is_not_loaded_on_anything_else(folder: Path) -> None:
    with pytest.raises(ModelMissing):
        ModelProcess(Wanted(read_folder(folder), needs_gpu=True))


def test_model_without_numbers_is_said_and_goes_on(tmp_path: Path) -> None:
    broken = make(tmp_path / "broken", "qwen3", pooling="lasttoken")
    weights = load_file(broken / "model.safetensors")
    save_file({name: values * float("nan") for name, values in weights.items()}, broken / "model.safetensors")
    model = ModelProcess(Wanted(read_folder(broken), "cpu"))
    for _ in range(2):
        with pytest.raises(ModelError, match="returned no numbers"):
            model.embed_passages(TEXTS)
        with pytest.raises(ModelError, match="returned no numbers"):
            model.embed_query(TEXTS[0])


def test_process_that_was_killed_is_said_and_begun_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_process, "RESTART_SECONDS", 0.0)
    before = set(processes())
    model = ModelProcess(Wanted(read_folder(folder)))
    wanted = model.embed_query(TEXTS[0])
    (process,) = set(processes()) - before
    process.kill()
    process.join()
    with pytest.raises(ModelError, match="it is started again"):
        model.embed_query(TEXTS[0])
    while (found := answered(model)) is None:
        pass
    np.testing.assert_array_equal(found, wanted)


def answered(model: ModelProcess) -> np.ndarray | None:
    try:
        return model.embed_query(TEXTS[0])
    except ModelError:
        return None


def test_what_is_logged_in_the_process_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ours, theirs = multiprocessing.Pipe()
    logger = logging.Logger("somewhere")
    logger.addHandler(Telling(theirs))
    logger.info("%s of %d", "one", 2)
    theirs.close()
    log(ours)
    assert caplog.record_tuples[0] == ("somewhere", logging.INFO, "one of 2")


def test_process_ends_with_the_last_who_holds_it(folder: Path) -> None:
    before = set(processes())
    model = ModelProcess(Wanted(read_folder(folder), "cpu"))
    (process,) = set(processes()) - before
    del model
    process.join(10)
    assert not process.is_alive()


def test_parent_has_no_torch_and_its_death_ends_the_process(folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    with subprocess.Popen(
        [sys.executable, program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        has_torch, child = parent.stdout.readline().split()
        parent.send_signal(signal.SIGKILL)
    assert has_torch == "False"
    while True:
        try:
            os.kill(int(child), 0)
        except ProcessLookupError:
            break
