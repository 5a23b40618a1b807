r"""The shapes on the wire between the service and its clients, and of ``--json`` output. The only definition of them.

Everything is JSON; lines are 1-based, byte offsets 0-based and half-open, paths relative to their root with ``/``.
A path that is not valid UTF-8 is escaped with ``\\\\xNN`` for people; ``uri`` keeps its exact bytes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast
from urllib.parse import quote_from_bytes

from ..index import errors

if TYPE_CHECKING:
    from pathlib import Path

# Raised whenever a client of one number could not talk to a service of another. 1: the first. 2: sync, pause,
# generation and is_stale. 3: bytes on the disk. 4: similar. 5: kinds and changed_since, which none may pass over.
# 6: drafts. 7: reranking. 8: kinds and changed_since of similar.
PROTOCOL = 8
# Written here too, because asking the installed metadata costs every command 30 ms; a test keeps them equal.
VERSION = "0.1.0"


class FunctionJson(TypedDict):
    """One function."""

    path: str
    line: int
    end_line: int
    name: str
    qualified_name: str
    kind: str
    language: str
    signature: str
    doc: str
    enclosing: str
    is_declaration: bool
    is_test: bool
    is_generated: bool


class AlsoJson(TypedDict):
    """A copy of a result, or another function of its name in its file."""

    path: str
    line: int
    signature: str


class ResultJson(FunctionJson):
    """One function found, and how well it answers. ``is_stale``: its file has changed since it was read.

    ``likeness``, only of functions like others: ``duplicate``, ``near-duplicate`` or ``related``. ``confidence``, from
    0 to 1 where it is known: how sure it is what was asked for. ``parts``, where asked for: what makes the score.
    ``also``: copies of it and others of its name in its file, where there are any.
    """

    score: float
    is_stale: bool
    likeness: NotRequired[str]
    confidence: NotRequired[float]
    parts: NotRequired[dict[str, float]]
    also: NotRequired[list[AlsoJson]]


class LocatedJson(ResultJson):
    """A result with what an editor needs to open it.

    ``draft``: the URI of the unsaved document that it is in, whose text the offsets are into.
    """

    root: str
    uri: str
    start_byte: int
    end_byte: int
    name_start_byte: int
    name_end_byte: int
    draft: NotRequired[str]


class OutlinedJson(TypedDict):
    """A function in a text, by offsets into it as UTF-8."""

    name: str
    kind: str
    is_declaration: bool
    start_byte: int
    end_byte: int
    name_start_byte: int
    name_end_byte: int


class DraftJson(TypedDict):
    """What became of an unsaved document: whether it counts, and how many of its editor do."""

    is_kept: bool
    drafts: int


class CoverageJson(TypedDict):
    """How complete an answer is."""

    functions: int
    embedded: int
    pending_files: int


class AnswerJson(TypedDict):
    """The stable ``--json`` object. ``generation`` rises with every change of what was searched.

    ``is_confident`` is false where no result is a good match. ``reranker`` put the first results in order, where that
    was asked for and done.
    """

    query: str
    results: list[ResultJson]
    coverage: CoverageJson
    model: str | None
    reranker: str | None
    generation: int
    is_confident: bool


class SkippedJson(TypedDict):
    """A file that gave no or not all of its functions; ``reason`` ends a sentence that begins with its path."""

    path: str
    reason: str


class FunctionsJson(TypedDict):
    """The stable ``--json`` object of ``funcseek functions``."""

    functions: list[FunctionJson]
    skipped: list[SkippedJson]


class FindingJson(TypedDict):
    """What was found about one thing; ``state`` is ``ok``, ``note``, ``problem`` or ``repaired``."""

    check: str
    state: str
    told: str


class DoctorJson(TypedDict):
    """The stable ``--json`` object of ``funcseek doctor``; it is healthy where no problem is left."""

    is_healthy: bool
    findings: list[FindingJson]


class FilesJson(TypedDict):
    """The stable ``--json`` object of ``funcseek files``: paths by language, and what is left out."""

    files: dict[str, str]
    skipped: list[SkippedJson]


class ServiceAnswerJson(TypedDict):
    """What the service answers to a search: located results, and sentences the user should see."""

    query: str
    results: list[LocatedJson]
    coverage: CoverageJson
    model: str | None
    reranker: str | None
    generation: int
    is_confident: bool
    notices: list[str]


class RootJson(TypedDict):
    """The state of one root; see ``State``."""

    root: str
    phase: str
    revision: int
    files: int
    files_done: int
    files_total: int
    functions: int
    embedded: int
    pending_files: int
    passages_per_second: float
    eta_seconds: float | None
    synced: int
    is_paused: bool
    throttled: str | None
    watch_problem: str | None
    model_problem: str | None
    problem: str | None


class StoredRootJson(RootJson):
    """The state of one root, and what its index takes on the disk."""

    disk_bytes: int


class HealthJson(TypedDict):
    """Who the service is. ``shared_bytes``: what the caches that all roots share take on the disk.

    ``reranker`` is the one that was chosen, loaded or not.
    """

    version: str
    protocol: int
    pid: int
    log: str
    model: str | None
    model_reason: str | None
    model_problem: str | None
    reranker: str | None
    shared_bytes: int
    roots: list[StoredRootJson]


@dataclass(frozen=True, slots=True)
class DeskRequest:
    """Whose unsaved documents count: those of the editor named ``session``, of which the service knows ``drafts``.

    Where it knows fewer it refuses with DraftsLost. ``is_whole``: documents that are no files count too.
    """

    session: str
    drafts: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """The unsaved text of a document at ``path``, absolute, below ``folder``; without a path it is no file.

    ``text`` is None once the document is closed. ``language`` is the editor's name for it. ``edition`` rises with every
    change of any document of the ``session``, so that what arrives late does no harm.
    """

    session: str
    edition: int
    uri: str
    text: str | None
    path: str = ""
    folder: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search over some folders or files; each must lie in a root the service can open.

    ``changed_since`` is in seconds since the epoch. ``is_reranked``: answer in the reranker's order, however long that
    takes.
    """

    query: str
    paths: tuple[str, ...]
    limit: int = 10
    languages: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    wait_seconds: float = 0.0
    min_score: float = 0.0
    is_explained: bool = False
    kinds: tuple[str, ...] = ()
    changed_since: float | None = None
    is_reranked: bool = False
    desk: DeskRequest | None = None


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """A search for functions like others, over some folders or files; over the root of ``path`` where none is named.

    Either ``path``, absolute, and ``position`` name a place: a ``line`` and perhaps a ``column`` from 1, in bytes; a
    ``byte``; or ``start_byte`` and ``end_byte``. Or ``text`` is code, of which ``byte`` means the function there only;
    its language is ``language`` or told by ``path``, the file of which it is a newer text.
    """

    paths: tuple[str, ...] = ()
    path: str = ""
    position: dict[str, int] | None = None
    text: str | None = None
    language: str = ""
    byte: int | None = None
    limit: int = 10
    languages: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    same_language: bool = False
    kinds: tuple[str, ...] = ()
    changed_since: float | None = None
    wait_seconds: float = 0.0
    desk: DeskRequest | None = None


def file_uri(path: Path) -> str:
    """Return the ``file:`` URI of an absolute path, byte for byte."""
    return "file://" + quote_from_bytes(os.fsencode(path))


def shown(path: str) -> str:
    r"""Return a path as text that any JSON reader takes: bytes that are no UTF-8 become ``\\\\xNN``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


_RESULT_KEYS = (*FunctionJson.__annotations__, "score", "is_stale", "likeness", "confidence", "parts", "also")


def public(answer: ServiceAnswerJson) -> AnswerJson:
    """Return the documented ``--json`` form of an answer."""
    results = [
        cast("ResultJson", {key: result.get(key) for key in _RESULT_KEYS if key in result})
        for result in answer["results"]
    ]
    return AnswerJson(
        query=answer["query"],
        results=results,
        coverage=answer["coverage"],
        model=answer["model"],
        reranker=answer["reranker"],
        generation=answer["generation"],
        is_confident=answer["is_confident"],
    )


def error_body(error: errors.FuncseekError) -> dict[str, Any]:
    """Return an error as JSON. A path in its message may hold what is no text, which no JSON can carry."""
    message = str(error).encode("utf-8", "backslashreplace").decode()
    return {"error": {"kind": type(error).__name__, "message": message}}


def error_from(body: dict[str, Any]) -> errors.FuncseekError:
    """Return the error a service reported, as the class it was raised with where we know it."""
    reported = body.get("error", {})
    kind = getattr(errors, str(reported.get("kind")), errors.ServiceError)
    if not (isinstance(kind, type) and issubclass(kind, errors.FuncseekError)):
        kind = errors.ServiceError
    return kind(str(reported.get("message", body)))
