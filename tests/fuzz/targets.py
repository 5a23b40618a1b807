"""What is fuzzed: each target takes any bytes and raises only where something is wrong. Starts no process.

An error of ours that is meant for its input is an answer; anything else is a find.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.credentials import masked
from funcseek.index.errors import IndexDamaged, QueryError
from funcseek.index.extraction_cache import packed, unpacked
from funcseek.index.git_index import tracked
from funcseek.index.graph_links import Links
from funcseek.index.hits import Query
from funcseek.index.projection import Projection
from funcseek.index.reader import search
from funcseek.index.rules import Origin, level_of
from funcseek.index.vectors import Graph
from funcseek.parsers import LANGUAGES, extract
from funcseek.server.bodies import search_query, similar_request
from funcseek.server.embedding_requests import Card, Refusal
from funcseek.server.embedding_requests import asked as asked_of_endpoint
from funcseek.server.framing import FramingError, Incoming
from funcseek.server.greeting import Greeting
from funcseek.server.settings import section_of, settings_from
from tests.doubles import HashingEmbedder, lay_out
from tests.extractions import SAMPLES, check_extraction, of_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funcseek.index.reader import Reader

# Of a graph that passes the check and is then walked.
MOST_LABELS, MOST_DIMENSIONS = 400, 16
TREE = """\
--- net.py
class Pool:
    def get_socket(self, url):
        "Open a connection, with retries."
--- a.ts
export function parseDate(text: string) { return text }
"""
CARD = Card(("m",), 8, 4, 16, 100)


def extractor(data: bytes) -> None:
    """Every language, documents of several too: the first byte says which."""
    if data:
        language = LANGUAGES[data[0] % len(LANGUAGES)]
        content = masked(data[1:])
        assert len(content) == len(data) - 1
        extraction = extract(content, language)
        assert extraction.problem in {None, "is nested too deeply", "timed out"}
        check_extraction(content, extraction)


@functools.cache
def reader() -> Reader:
    """Return a reader of a small index, which lives as long as the process does."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    index = CodeIndex(lay_out(folder / "root", TREE), Home(folder / "home"))
    index.adopt(HashingEmbedder())
    for _ in index.scan():
        pass
    while index.embed():
        pass
    found = index.reader()
    index.close()
    return found


def query(data: bytes) -> None:
    """What people type, by itself or with a filter of paths, through the whole search."""
    text, _, globs = data.decode("utf-8", "surrogateescape").partition("\0")
    with contextlib.suppress(QueryError):
        answer = search(
            [(reader(), "")], Query(text, paths=tuple(globs.split("\0")) if globs else (), is_explained=True)
        )
        assert all(np.isfinite(hit.score) for hit in answer.hits)


def body(data: bytes) -> None:
    """Bodies of requests to the service and to the embeddings endpoint."""
    with contextlib.suppress(Refusal):
        asked_of_endpoint(data, CARD)
    asked = parsed(data)
    if isinstance(asked, dict):
        with contextlib.suppress(QueryError):
            search_query(asked).checked(frozenset({"python"}))
        with contextlib.suppress(QueryError):
            similar_request(asked)


def message(data: bytes) -> None:
    """What an editor sends, as it comes out of the pipe, and the greeting and settings in it."""
    reading, writing = os.pipe()
    try:
        os.write(writing, data[:4096])
        os.close(writing)
        incoming = Incoming(reading)
        with contextlib.suppress(FramingError):
            while (found := incoming.body()) is not None:
                told = parsed(found)
                params = told.get("params") if isinstance(told, dict) else None
                greeting = Greeting(params if isinstance(params, dict) else {})
                assert greeting.encoding
                assert greeting.client_process is None or greeting.client_process > 0
                settings_from(section_of(params))
    finally:
        os.close(reading)


def setting(data: bytes) -> None:
    """Settings, of whatever shape."""
    found, problems = settings_from(section_of(parsed(data)))
    assert 1 <= found.limit <= 100
    assert all(isinstance(problem, str) for problem in problems)


def graph(data: bytes) -> None:
    """Saved graphs: whatever passes the check can be walked and grown."""
    with contextlib.suppress(IndexDamaged):
        links = Links.unpacked(data)
        if len(links.labels) <= MOST_LABELS and 0 < links.dimension <= MOST_DIMENSIONS:
            rows = np.random.default_rng(1).standard_normal((len(links.labels), links.dimension)).astype(np.float32)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            restored = Graph.restored(links, links.rows(rows))
            for row in rows[:10]:
                restored.nearest(row, 5)
            assert restored.links().are_walkable()


def extraction(data: bytes) -> None:
    """Stored extractions: another's bytes are none, and never raise."""
    value, _, content = data.partition(b"\0\0")
    unpacked(value, content)


def git(data: bytes) -> None:
    """Git's index, which a checkout brings along; its checksum is left out, as git can be told to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index").write_bytes(data + bytes(20))
        found = tracked(folder)
        assert found.problem or sorted(found.paths) == list(found.paths)


def rules(data: bytes) -> None:
    """Ignore files, and whether paths match them."""
    text, _, path = data.partition(b"\0")
    level = level_of(text, Origin(1, "ignore"))
    if level is not None and path:
        level.last_match(path, is_folder=False)
        level.may_match(path, path)


def parsed(data: bytes) -> Any:
    """Return JSON as a door reads it, None where it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


DOORS = (query, body, message, setting, graph, extraction, git, rules)


def doors(data: bytes) -> None:
    """All that is not source: the first byte says what the others are."""
    if data:
        DOORS[data[0] % len(DOORS)](data[1:])


TARGETS: dict[str, Callable[[bytes], None]] = {one.__name__: one for one in (extractor, doors)}
SEARCH = b'{"query": "a", "paths": ["/"], "limit": 5, "languages": ["python"], "globs": ["*.py"], "kinds": ["method"]}'
SIMILAR = b'{"paths": ["/"], "path": "/a.py", "position": {"line": 1, "column": 2}, "same_language": true}'
PASTED = b'{"paths": [], "text": "def f(): pass", "language": "python", "byte": 4, "limit": 3}'
EMBEDDING = b'{"model": "m", "input": ["a"], "dimensions": 4, "encoding_format": "base64", "input_type": "query"}'
GREETING = (
    b'{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": 1, "rootUri": null,'
    b' "capabilities": {"general": {"positionEncodings": ["utf-8"]}}, "funcseek": {"limit": 5}}}'
)


def seeds(name: str) -> Iterator[bytes]:
    """Yield inputs to begin with: what is right, which the fuzzer then makes wrong."""
    if name == "extractor":
        for sample in SAMPLES:
            number = next(place for place, one in enumerate(LANGUAGES) if one is of_sample(sample))
            yield bytes([number]) + sample.read_bytes()[:1500]
        return
    rows = np.random.default_rng(2).standard_normal((60, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    whole, short = Graph(8), Graph(8, projection=Projection(np.eye(8, 3, dtype=np.float32)))
    whole.add(range(60), rows)
    short.add(range(60), rows)
    python = next(one for one in LANGUAGES if one.name == "python")
    right: list[tuple[Callable[[bytes], None], bytes]] = [
        (query, b"Pool.get_socket\0*.py\0!a/"), (query, "parse 解析 the \U0001f600 date".encode()),
        (setting, b'{"limit": 3}'),
        (setting, b'{"funcseek": {"limit": 5, "languages": ["python"], "globs": ["src/**"]}}'),
        *((body, one) for one in (SEARCH, SIMILAR, PASTED, EMBEDDING)),
        (message, b"Content-Length: %d\r\n\r\n%b" % (len(GREETING), GREETING)),
        (graph, whole.links().packed()),
        (graph, short.links().packed()),
        (extraction, packed(extract(b"def f(): pass", python)) + b"\0\0def f(): pass"),
        (git, b"DIRC" + struct.pack(">II", 2, 1) + bytes(40) + bytes(20) + struct.pack(">H", 4) + b"a.py" + bytes(6)),
        (rules, b"*.py\n!src/[a-z]?/**/x\n/build/\n\\#a \0src/a.py"),
    ]  # fmt: skip
    for door, data in right:
        yield bytes([DOORS.index(door)]) + data
