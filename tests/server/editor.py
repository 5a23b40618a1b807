"""An editor that talks to a real ``funcseek lsp`` over pipes, with a user's verbs. Waits for messages, never sleeps."""

from __future__ import annotations

import itertools
import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Self

from funcseek.server.client import Client
from funcseek.server.places import HOME_VARIABLE, Places
from funcseek.server.protocol import file_uri
from tests.server.clients import VS_CODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

COMMAND = [sys.executable, "-P", "-m", "funcseek.server", "lsp"]

# Far beyond what anything takes, so that a test fails instead of hanging.
PATIENCE_SECONDS = 60.0

Message = dict[str, Any]


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, error: Message) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]
        self.error = error


class Editor:
    """One editor window and the server it started."""

    def __init__(self, home: Path, *, command: Sequence[str] = COMMAND, settings: Any = None) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {HOME_VARIABLE: str(home)},
        )
        self.settings = settings
        # What is answered to a request of the server by its method, instead of null.
        self.replies: dict[str, Any] = {}
        # One that is silent answers none.
        self.is_silent = False
        self.places = Places(home, home / "run", home)
        self.notifications: list[Message] = []
        self.requests: list[Message] = []
        self._answers: dict[Any, Message] = {}
        self._ids = itertools.count(1)
        self._inbox: queue.Queue[Message | None] = queue.Queue()
        self._errors: list[bytes] = []
        threading.Thread(target=self._read, daemon=True).start()
        self._error_reader = threading.Thread(target=self._read_errors, daemon=True)
        self._error_reader.start()

    def initialize(self, folders: Sequence[Path] = (), *, capabilities: Any = VS_CODE, **params: Any) -> Message:
        """Greet the server and return its capabilities."""
        params = {"processId": os.getpid(), "rootUri": None, "capabilities": capabilities} | params
        named = [{"uri": file_uri(folder), "name": folder.name} for folder in folders]
        result = self.ask("initialize", params | ({"workspaceFolders": named} if named else {}))
        self.notify("initialized", {})
        capabilities_of_server: Message = result["capabilities"]
        return capabilities_of_server

    def search(self, query: str, **params: Any) -> Message:
        """Search and return the answer."""
        answer: Message = self.ask("funcseek/search", {"query": query} | params)
        return answer

    def find(self, query: str, **params: Any) -> list[str]:
        """Search and return the names found."""
        return [item["name"] for item in self.search(query, **params)["items"]]

    def search_until(self, query: str, names: list[str]) -> None:
        """Search until these names are found, as a person does who has just saved a file."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := self.find(query)) != names:
            assert time.monotonic() < deadline, f"{found} were found, and never {names}"

    def status(self) -> Message:
        """Ask for the state of everything."""
        status: Message = self.ask("funcseek/status", None)
        return status

    def wait_until_indexed(self) -> None:
        """Wait until every folder is ready or has failed."""
        roots = [root["root"] for root in self.status()["roots"] if root["phase"] not in ("ready", "failed")]
        with Client(self.places) as client:
            for root in roots:
                state = client.open(root)
                while state["phase"] not in ("ready", "failed"):
                    state = client.wait(root, revision=state["revision"], wait_seconds=PATIENCE_SECONDS)

    def open_document(self, path: Path | str, text: str, *, language: str = "python") -> None:
        """Open a buffer, of a file or of what has a URI of its own."""
        document = {"uri": uri_of(path), "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def close_document(self, path: Path | str) -> None:
        """Close a buffer without saving it."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(path)}})

    def text_of(self, item: Message, text: str, *, encoding: str = "utf-16") -> str:
        """Return what an item's name range selects in a text, counting as an editor does."""
        start: Message = item["selectionRange"]["start"]
        end: Message = item["selectionRange"]["end"]
        assert start["line"] == end["line"]
        line = re.split(r"\r\n|\n|\r", text)[start["line"]]
        codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]
        units = line.encode(codec, "surrogatepass")
        selected: bytes = units[width * start["character"] : width * end["character"]]
        return selected.decode(codec)

    def edit(self, path: Path | str, *changes: Message) -> None:
        """Change a buffer."""
        document = {"uri": uri_of(path), "version": 2}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def ask(self, method: str, params: Any) -> Any:
        """Make a request and wait for its result; raises Refused."""
        return self.answer(self.request(method, params))

    def request(self, method: str, params: Any) -> int:
        """Make a request and return its id."""
        request_id = next(self._ids)
        self.send({"id": request_id, "method": method} | ({} if params is None else {"params": params}))
        return request_id

    def answer(self, request_id: Any) -> Any:
        """Wait for the result of a request; raises Refused."""
        self._until(lambda: request_id in self._answers)
        message = self._answers.pop(request_id)
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    def notify(self, method: str, params: Any) -> None:
        """Tell the server something."""
        self.send({"method": method} | ({} if params is None else {"params": params}))

    def cancel(self, request_id: int) -> None:
        """Lose interest in a request."""
        self.notify("$/cancelRequest", {"id": request_id})

    def wait_for(self, method: str, is_meant: Callable[[Any], bool] = lambda _: True) -> Any:
        """Wait for a notification and return its parameters."""

        def found() -> list[Any]:
            return [m["params"] for m in self.notifications if m["method"] == method and is_meant(m["params"])]

        self._until(lambda: bool(found()))
        return found()[0]

    def wait_until_pulled(self, times: int) -> None:
        """Wait until the server has asked for its settings this many times."""
        self._until(lambda: self._asked("workspace/configuration") >= times)

    def wait_for_request(self, method: str) -> Any:
        """Wait until the server has asked something and return its parameters."""
        self._until(lambda: self._asked(method) > 0)
        return next(message.get("params") for message in self.requests if message["method"] == method)

    def command(self, command: str, *arguments: Any) -> Any:
        """Run a command and return what it answers."""
        return self.ask("workspace/executeCommand", {"command": command, "arguments": list(arguments)})

    def registered(self) -> list[str]:
        """Return the methods the server has asked to be told of."""
        asked = [m["params"] for m in self.requests if m["method"] == "client/registerCapability"]
        return [registration["method"] for params in asked for registration in params["registrations"]]

    def _asked(self, method: str) -> int:
        return sum(message["method"] == method for message in self.requests)

    def progress(self) -> list[Message]:
        """Wait until a progress has ended and return its values."""
        end = self.wait_for("$/progress", lambda params: params["value"]["kind"] == "end")
        shown = [message["params"] for message in self.notifications if message["method"] == "$/progress"]
        return [params["value"] for params in shown if params["token"] == end["token"]]

    def warning(self) -> str:
        """Wait for a message to the user and return it."""
        text: str = self.wait_for("window/showMessage")["message"]
        return text

    def send(self, message: Message) -> None:
        """Send one message as it is."""
        self.send_bytes(json.dumps({"jsonrpc": "2.0"} | message).encode())

    def send_bytes(self, body: bytes) -> None:
        """Send one body as it is."""
        self._pipe(self.process.stdin).write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._pipe(self.process.stdin).flush()

    def quit(self) -> int:
        """Leave as an editor should, and return the server's exit status."""
        self.ask("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(PATIENCE_SECONDS)

    def close_pipe(self) -> int:
        """Leave without a word, and return the server's exit status."""
        self._pipe(self.process.stdin).close()
        return self.process.wait(PATIENCE_SECONDS)

    def log(self) -> str:
        """Return what the server wrote to stderr: all of it once the server has left."""
        if self.process.poll() is not None:
            self._error_reader.join(PATIENCE_SECONDS)
        return b"".join(self._errors).decode()

    def _until(self, is_true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_true():
            message = self._inbox.get(timeout=max(0.0, deadline - time.monotonic()))
            assert message is not None, f"the server left with {self.process.wait()}: {self.log()}"
            self._take(message)

    def _take(self, message: Message) -> None:
        if "method" not in message:
            self._answers[message["id"]] = message
        elif "id" in message:
            self.requests.append(message)
            if not self.is_silent:
                settings = {"workspace/configuration": [self.settings]}
                result = (settings | self.replies).get(message["method"])
                self.send({"id": message["id"], "result": result})
        else:
            self.notifications.append(message)

    def _read(self) -> None:
        stdout = self._pipe(self.process.stdout)
        while header := stdout.readline():
            length = int(header.removeprefix(b"Content-Length: "))
            while stdout.readline().strip():
                pass
            self._inbox.put(json.loads(stdout.read(length)))
        self._inbox.put(None)

    def _read_errors(self) -> None:
        for line in self._pipe(self.process.stderr):
            self._errors.append(line)

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            self._pipe(pipe).close()


def uri_of(path: Path | str) -> str:
    """Return the URI of a file, or what is one already."""
    return path if isinstance(path, str) else file_uri(path)


@contextmanager
def editing(home: Path, *folders: Path, settings: Any = None, **params: Any) -> Iterator[Editor]:
    """Open an editor on folders and wait until they are indexed."""
    with Editor(home, settings=settings) as editor:
        editor.initialize(folders, **params)
        editor.wait_until_indexed()
        yield editor
