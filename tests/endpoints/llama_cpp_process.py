"""A process that runs llama.cpp's server: started, killed, and started again on its port, maybe with another model."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

HERE = Path(__file__).parent
PYTHON = HERE / ".servers/bin/python"
NAME = "tiny-qwen3"


def converted(folder: Path, target: Path, *options: str) -> Path:
    """Return a model of a folder as a GGUF file."""
    subprocess.run([_python(), HERE / "to_gguf.py", folder, target, *options], check=True)
    return target


def _python() -> Path:
    assert PYTHON.is_file(), "the servers are not installed; run tests/endpoints/install.sh"
    return PYTHON


class LlamaCpp:
    """One server, which answers once this is made."""

    def __init__(self, file: Path, *, key: str = "") -> None:
        self._keys = [key] if key else []
        self._process = self._started(file, "0")

    def _started(self, file: Path, port: str) -> subprocess.Popen[str]:
        command = [str(part) for part in (_python(), HERE / "llama_cpp.py", file, port, NAME, *self._keys)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        self.url = process.stdout.readline().strip()
        assert self.url, "llama.cpp's server did not start; it says above why"
        return process

    @property
    def port(self) -> str:
        port: str = self.url.rpartition(":")[2]
        return port

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def start_again(self, file: Path) -> None:
        self._process = self._started(file, self.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
