"""What functions are compared with: functions of an indexed file, or code that somebody pasted. Ranks nothing.

A function of the index is read out of the catalogue and its file; pasted code is parsed here, in this process: it is
short, and it comes from whoever asks.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..parsers import LANGUAGES, extract, language_for, language_named
from .catalogue import known_file
from .content import Content, read
from .credentials import masked, masked_text
from .entries import texts_of
from .errors import QueryError
from .files import WANTED, FoundFile, examine
from .hits import MAX_QUERY_CHARACTERS
from .likeness import Code, code_of
from .positions import Bytes, Line, at, located, nearest, whole_in
from .retrieval import functions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..parsers import Function, Language
    from .positions import Position
    from .store import Database

# Each is a search of its own; more than a class holds is a whole file, which is like nothing.
MAX_ASKED = 16

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Pasted:
    """Code from anywhere. ``language`` is the name of one, ``""`` where the name of its file ``path`` tells it.

    With ``byte``, an offset into the text as UTF-8, only the function there is meant. ``path``, absolute or ``""``, is
    the file of which this is a newer text: its functions of the same names are left out of the answer.
    """

    text: str
    language: str = ""
    path: str = ""
    byte: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One function, or a piece of code that holds none: its source, and what a model reads of it.

    ``digest`` is that of its passage, ``b""`` for a piece of code, which is embedded as a query is.
    """

    source: str
    passage: str
    digest: bytes
    code: Code


@dataclass(frozen=True, slots=True)
class Own:
    """What is left out of an answer: functions of the file at an absolute path, by where they begin or by name."""

    path: Path
    starts: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """All that is asked about at once; ``title`` names it for people, ``language`` is ``""`` where it is not known."""

    title: str
    language: str
    asked: tuple[Asked, ...]
    own: Own | None = None


def subject_in(catalogue: Database, root: Path, path: str, position: Position) -> Subject:
    """Return the function at a position, or those in a range, of a file of the root; raises QueryError."""
    content = current(catalogue, root, path)
    if content is None:
        raise QueryError(f"{path} has changed since it was read; try again in a moment.")
    functions, digests = _functions(catalogue, path)
    place = located(position, content, path=path)
    chosen = _chosen(functions, position, place, content=content, path=path)
    around = [one for one in functions if one.start < max(place.end, place.start + 1) and one.end > place.start]
    own = Own(root / path, frozenset(one.start for one in (*chosen, *around)))
    if not chosen:
        source = _checked(slice_of(content, place.start, place.end, path=path))
        language = language_for(Path(path).name)
        return Subject(source, language.name if language else "", (_piece(source),), own)
    asked = tuple(
        _asked(one, slice_of(content, one.start, one.end, path=path), catalogue, digests[one.start, one.end])
        for one in chosen
    )
    return Subject(_title(chosen), chosen[0].language, asked, own)


def current(catalogue: Database, root: Path, path: str) -> bytes | None:
    """Return the bytes of an indexed file, its secrets overwritten; None where they are not what was read.

    Raises QueryError for any other file.
    """
    known = known_file(catalogue, path)
    if known is None:
        found = examine(root, path)
        why = "has not been read yet; try again in a moment" if isinstance(found, FoundFile) else (
            f"is not searched, because {found}; give its code instead"
        )  # fmt: skip
        raise QueryError(f"{path or root} {why}.")
    content = read(root, path, is_wanted=bool(known[5] & WANTED))
    return masked(content.data) if isinstance(content, Content) and content.digest == known[6] else None


def _functions(catalogue: Database, path: str) -> tuple[list[Function], dict[tuple[int, int], bytes]]:
    """Return the functions of a file in their order, and the digests of their passages by where they are."""
    digests: dict[int, bytes] = dict(
        catalogue.rows(
            "SELECT function.id, passage.digest FROM function JOIN passage ON passage.label = function.label"
            " JOIN file ON file.id = function.file WHERE file.path = ?",
            (os.fsencode(path),),
        )
    )
    found = {row: function for row, (_, function) in functions_of(catalogue, list(digests)).items()}
    ordered = sorted(found.values(), key=lambda one: one.start)
    return ordered, {(one.start, one.end): digests[row] for row, one in found.items()}


def _chosen(
    functions: Sequence[Function], position: Position, place: Bytes, *, content: bytes, path: str
) -> list[Function]:
    """Return what a position or range of a file means; nothing for a range without a whole function."""
    if place.start != place.end:
        return _few(whole_in(functions, place))
    if (one := at(functions, position, place)) is not None:
        return [one]
    near = nearest(functions, content, place)
    line = position.line if isinstance(position, Line) else content.count(b"\n", 0, place.start) + 1
    hint = f"the nearest is {near.qualified_name} in line {near.name_line + 1}" if near else "the file holds none"
    raise QueryError(f"No function is in line {line} of {path}; {hint}.")


def _few(functions: list[Function]) -> list[Function]:
    if len(functions) > MAX_ASKED:
        raise QueryError(f"The code holds {len(functions)} functions; give at most {MAX_ASKED} at once.")
    return functions


def _asked(function: Function, source: str, catalogue: Database, digest: bytes) -> Asked:
    waiting = catalogue.rows("SELECT text FROM passage JOIN waiting USING (label) WHERE digest = ?", (digest,))
    text = waiting[0][0] if waiting else source[:MAX_QUERY_CHARACTERS]
    return Asked(source, text, digest, code_of(source, function.doc, name=function.name))


def pasted_subject(pasted: Pasted) -> Subject:
    """Return the functions in a piece of code, or where it holds none the code itself; raises QueryError."""
    text = masked_text(_checked(pasted.text))
    content = text.encode("utf-8", "replace")
    language = _language(pasted, content)
    if language is None:
        return Subject(text, "", (_piece(text),))
    extraction = extract(content, language)
    texts = texts_of(extraction, Path(pasted.path).name)
    chosen = _meant(extraction.functions, pasted, content)
    if not chosen:
        return Subject(text, language.name, (_piece(text),))
    asked = []
    for one in chosen:
        number = extraction.functions.index(one)
        source, text_of = extraction.text(number), texts[number]
        asked.append(Asked(source, text_of.passage, text_of.digest, code_of(source, one.doc, name=one.name)))
    own = Own(Path(pasted.path), names=frozenset(one.name for one in chosen)) if pasted.path else None
    return Subject(_title(chosen), chosen[0].language, tuple(asked), own)


def _meant(functions: Sequence[Function], pasted: Pasted, content: bytes) -> list[Function]:
    if pasted.byte is None:
        return _few(whole_in(functions, Bytes(0, len(content))))
    position = Bytes(pasted.byte, pasted.byte)
    name = Path(pasted.path).name or "the code"
    return _chosen(functions, position, located(position, content, path=name), content=content, path=name)


def _language(pasted: Pasted, content: bytes) -> Language | None:
    if pasted.language:
        if (language := language_named(pasted.language)) is None:
            known = ", ".join(sorted(language.name for language in LANGUAGES))
            raise QueryError(f"Unknown language {pasted.language!r}; known are {known}.")
        return language
    return language_for(Path(pasted.path).name, content.partition(b"\n")[0]) if pasted.path else None


def _checked(text: str) -> str:
    if not text.strip():
        raise QueryError("The code is empty; give a function or a piece of one.")
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryError(f"The code has {len(text)} characters; give at most {MAX_QUERY_CHARACTERS}.")
    return text


def _piece(text: str) -> Asked:
    return Asked(text, text, b"", code_of(text))


def _title(functions: Sequence[Function]) -> str:
    return ", ".join(one.qualified_name for one in functions)


def slice_of(content: bytes, start: int, end: int, *, path: str) -> str:
    """Return a part of a file's bytes as text; of a notebook, within a cell, as it runs."""
    text = content[start:end].decode(_UTF16.get(content[:2], "utf-8"), "replace")
    language = language_for(path)
    if language is not None and language.host == "notebook":
        # Without the quotes at its ends, a part of a cell is a list of strings.
        with contextlib.suppress(ValueError, TypeError, RecursionError):
            return "".join(json.loads(f'["{text}"]'))
    return text
