"""Answers as text for a terminal or for Vim. Everything from a repository is escaped: it is somebody else's text."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .protocol import AlsoJson, CoverageJson, FunctionJson, LocatedJson, ServiceAnswerJson

# Control characters move the cursor and set titles; bidirectional marks make text read as what it is not.
_DANGEROUS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Copies and overloads that fit into a line.
SHOWN_ALSO = 5
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def escaped(text: str) -> str:
    """Return text that a terminal shows as it is."""
    return _DANGEROUS.sub(lambda match: match[0].encode("unicode_escape", "backslashreplace").decode(), text)


def for_people(answer: ServiceAnswerJson, *, is_coloured: bool) -> Iterator[str]:
    """Yield lines: place and name, signature, first line of documentation; what the score is made of if it is there."""
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if is_coloured else ("", "", "")
    if answer["results"] and not answer["is_confident"]:
        yield "No good match. The nearest:"
    for result in answer["results"]:
        copy = f"  ({result['likeness']})" if result.get("likeness", "related") != "related" else ""
        yield f"{bold}{_place(result)}:{result['line']}{plain}  {escaped(result['qualified_name'])}{copy}"
        yield f"    {escaped(result['signature'])}"
        if doc := result["doc"].strip().partition("\n")[0]:
            yield f"    {dim}{escaped(doc)}{plain}"
        if also := result.get("also"):
            yield f"    {dim}also {_places(also)}{plain}"
        if parts := result.get("parts"):
            told = ", ".join(f"{name} {value:+.2f}" for name, value in parts.items())
            yield f"    {dim}{result['score']:.2f} = {told}{_sure(result)}{plain}"
    if not answer["results"]:
        yield "No function found."


def _places(also: list[AlsoJson]) -> str:
    told = [escaped(f"{one['path']}:{one['line']}") for one in also[:SHOWN_ALSO]]
    return ", ".join([*told, *([f"{len(also) - SHOWN_ALSO} more"] if len(also) > SHOWN_ALSO else [])])


def _sure(result: LocatedJson) -> str:
    return f"; confidence {result['confidence']:.2f}" if "confidence" in result else ""


def listed(function: FunctionJson) -> Iterator[str]:
    """Yield the lines of one function in a list: place, name, kind and marks, then its signature."""
    marks = [mark for mark in ("declaration", "test", "generated") if function[f"is_{mark}"]]  # type: ignore[literal-required]
    what = ", ".join([function["kind"], *marks])
    yield f"{escaped(function['path'])}:{function['line']}  {escaped(function['qualified_name'])}  ({what})"
    yield f"    {escaped(function['signature'])}"


def for_vim(answer: ServiceAnswerJson) -> Iterator[str]:
    """Yield ``path:line:column:signature`` lines; columns are 1-based bytes, as Vim counts."""
    for result in answer["results"]:
        yield f"{_place(result)}:{result['line']}:{_column(result)}:{escaped(result['signature'])}"


def coverage_line(coverage: CoverageJson) -> str:
    """Return one sentence on how complete an answer is, ``""`` where it is complete."""
    if coverage["pending_files"]:
        return f"{coverage['pending_files']} changed files are still being read."
    if coverage["embedded"] < coverage["functions"]:
        share = 100 * coverage["embedded"] // max(1, coverage["functions"])
        return f"{share} % of {coverage['functions']} functions can be found by meaning yet, the rest by words."
    return ""


def duration(seconds: float) -> str:
    """Return a time to wait in words."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def rate_of(per_second: float) -> str:
    """Return a rate in words; a large model on a processor needs seconds for each function."""
    return f"{per_second:.0f} a second" if per_second >= 3 else f"{60 * per_second:.0f} a minute"


def size(count: int) -> str:
    """Return a number of bytes in words."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def file_of(result: LocatedJson) -> Path:
    """Return the file of a result, byte for byte."""
    return Path(os.fsdecode(unquote_to_bytes(result["uri"].removeprefix("file://"))))


def _place(result: LocatedJson) -> str:
    path = file_of(result)
    with contextlib.suppress(ValueError, OSError):
        path = path.relative_to(Path.cwd())
    return escaped(os.fspath(path))


def _column(result: LocatedJson) -> int:
    try:
        with open(file_of(result), "rb") as file:
            before = file.read(result["name_start_byte"])
    except OSError:
        return 1
    return len(before) - (before.rfind(b"\n") + 1) + 1
