"""Index values as the wire's JSON. Opens no file; editors' positions are made in ``convert``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .protocol import CoverageJson, LocatedJson, file_uri, shown

if TYPE_CHECKING:
    from pathlib import Path

    from ..index.catalogue import Coverage
    from ..index.hits import Hit


def located(hit: Hit) -> LocatedJson:
    """Return a hit as JSON."""
    function = hit.function
    return LocatedJson(
        path=shown(hit.path),
        line=function.name_line + 1,
        end_line=function.end_line + 1,
        name=function.name,
        qualified_name=function.qualified_name,
        kind=function.kind,
        language=function.language,
        signature=function.signature,
        doc=function.doc,
        score=hit.score,
        root=shown(str(hit.root)),
        uri=file_uri(hit.root / hit.path),
        start_byte=function.span.start,
        end_byte=function.span.end,
        name_start_byte=function.name_span.start,
        name_end_byte=function.name_span.end,
    )


def nothing_to_search(root: Path) -> str:
    """Return the sentence for a root without a file that counts."""
    return f"{root} holds no file in a supported language that is not ignored; name another folder."


def coverage_json(coverage: Coverage, *, pending_files: int) -> CoverageJson:
    """Return how complete an answer is as JSON."""
    return CoverageJson(functions=coverage.functions, embedded=coverage.embedded, pending_files=pending_files)
