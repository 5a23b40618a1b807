"""Index values as the wire's JSON. Opens no file; editors' positions are made in ``convert``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .protocol import AlsoJson, CoverageJson, FunctionJson, LocatedJson, file_uri, shown

if TYPE_CHECKING:
    from pathlib import Path

    from ..index.catalogue import Coverage
    from ..index.hits import Answer, Hit
    from ..parsers import Function


def function_json(function: Function, path: str) -> FunctionJson:
    """Return a function of a file as JSON; ``path`` is relative to its root."""
    return FunctionJson(
        path=shown(path),
        line=function.name_line + 1,
        end_line=function.end_line + 1,
        name=function.name,
        qualified_name=function.qualified_name,
        kind=function.kind,
        language=function.language,
        signature=function.signature,
        doc=function.doc,
        enclosing=function.enclosing,
        is_declaration=function.is_declaration,
        is_test=function.is_test,
        is_generated=function.is_generated,
    )


def located(hit: Hit) -> LocatedJson:
    """Return a hit as JSON."""
    found = LocatedJson(
        **function_json(hit.function, hit.path),  # type: ignore[typeddict-item]
        score=hit.score,
        is_stale=hit.is_stale,
        root=shown(str(hit.root)),
        uri=file_uri(hit.root / hit.path),
        start_byte=hit.function.start,
        end_byte=hit.function.end,
        name_start_byte=hit.function.name_start,
        name_end_byte=hit.function.name_end,
    )
    if hit.draft:
        found["draft"] = hit.draft
    if hit.likeness is not None:
        found["likeness"] = hit.likeness
    if hit.confidence is not None:
        found["confidence"] = hit.confidence
    if hit.parts is not None:
        found["parts"] = dict(hit.parts)
    if hit.also:
        found["also"] = [
            AlsoJson(path=shown(path), line=function.name_line + 1, signature=function.signature)
            for path, function in hit.also
        ]
    return found


def nothing_to_search(root: Path) -> str:
    """Return the sentence for a root without a file that counts."""
    return f"{root} holds no file in a supported language that is not ignored; name another folder."


def model_notices(answer: Answer, problem: str | None) -> list[str]:
    """Return what a person is to know of how an answer was found; ``problem`` says why there is no model at all."""
    notices: list[str] = []
    if answer.model is None and (why := answer.problem or problem):
        notices.append(f"Searched by words only: {why}")
    for typed, meant in answer.reading.respelled.items():
        notices.append(f"No function holds “{typed}”; “{meant}” was searched for.")
    if answer.reading.english:
        notices.append(f"Searched for in English words too: “{answer.reading.english}”.")
    if answer.unranked is not None:
        notices.append(f"Not reranked: {answer.unranked}")
    return notices


def coverage_json(coverage: Coverage, *, pending_files: int) -> CoverageJson:
    """Return how complete an answer is as JSON."""
    return CoverageJson(functions=coverage.functions, embedded=coverage.embedded, pending_files=pending_files)
