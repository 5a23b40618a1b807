"""Candidates that may be like a subject, by meaning and by rare words, and their order: copies first. Changes nothing.

Score of a candidate = its cosine with what is asked about, the best of several, and a share of its BM25 for the rare
words of that, as a part of the best candidate's; about 0 to 1, and by words alone where there are no vectors.
"""

from __future__ import annotations

import math
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from .hits import MAX_LIMIT, Hit
from .lexical import match_expression, spread
from .likeness import KEYWORDS, LIKENESSES, code_of, likeness
from .retrieval import by_rows, functions_of, scope_of
from .search import lexical_scores, with_nearest
from .subject import current, slice_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..parsers import Function
    from .hits import Query
    from .likeness import Likeness
    from .search import Source
    from .store import Database
    from .subject import Own, Subject

# Measured with `bench.similar` over 400 functions of Python 3.11's standard library, the right answers being those of
# the same name in other files: hit@5 .523 at 0, .565 at 0.1, .590 at 0.2, .595 at 0.3, .568 at 0.5; where copies do not
# count MRR .421, .452, .455, .450, .441.
LEXICAL_SHARE = 0.2
# A word that more functions hold than this is common: it says nothing of what a function is like.
RARE_FUNCTIONS = 200
# So many of the rarest words are looked for, out of so many of the longest.
MAX_RARE_WORDS = 16
MAX_WORDS_COUNTED = 64

_WORD = re.compile(r"[^\W\d]\w{2,}")


class Candidate(NamedTuple):
    """A function that may be like the one asked about: row ``row`` of the ``number``-th source.

    ``cosine`` is None without a vector; ``words`` is BM25, 0 without a match.
    """

    number: int
    row: int
    label: int
    path: str
    cosine: float | None
    words: float


def candidates(number: int, towards: Sequence[Source], subject: Subject, filters: Query) -> Iterator[Candidate]:
    """Yield the candidates of one source, which is given once for each vector asked about; not the subject itself."""
    source = towards[0]
    catalogue = source.catalogue
    scope = scope_of(catalogue, filters, below=source.below, hidden=source.hidden)
    words = rare_words(source.measured_by or catalogue, "\n".join(one.source for one in subject.asked))
    lexical = lexical_scores(source, words, scope)
    held = by_rows(catalogue, lexical)
    found = {named.row: named for named in held}
    cosines: dict[int, float] = {}
    for one in towards:
        if one.meaning is not None:
            near, scores = with_nearest(catalogue, one.meaning, scope, held)
            found.update((named.row, named) for named in near)
            for row, cosine in scores.items():
                cosines[row] = max(cosine, cosines.get(row, -1.0))
    own = _rows_of(source, subject.own)
    for named in found.values():
        if named.row not in own:
            known_cosine, score = cosines.get(named.row), lexical.get(named.row, 0.0)
            yield Candidate(number, named.row, named.label, named.path, known_cosine, score)


def rare_words(catalogue: Database, source: str) -> tuple[str, ...]:
    """Return the identifiers of some code that few functions hold, the rarest first, as words to match."""
    words = sorted(dict.fromkeys(_WORD.findall(source)), key=len, reverse=True)
    telling = [spread(word) for word in words if word.lower() not in KEYWORDS][:MAX_WORDS_COUNTED]
    counts = {word: _count(catalogue, word) for word in telling}
    rare = [word for word in telling if 0 < counts[word] <= RARE_FUNCTIONS]
    return tuple(sorted(rare, key=lambda word: counts[word])[:MAX_RARE_WORDS])


def _count(catalogue: Database, word: str) -> int:
    rows = catalogue.rows(
        "SELECT COUNT(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)",
        (match_expression((word,)), RARE_FUNCTIONS + 1),
    )
    return int(rows[0][0])


def _rows_of(source: Source, own: Own | None) -> set[int]:
    """Return the rows of what must not answer for itself."""
    if own is None or not own.path.is_relative_to(source.root):
        return set()
    rows = source.catalogue.rows(
        "SELECT function.id, start, name FROM function JOIN file ON file.id = function.file WHERE file.path = ?",
        (os.fsencode(own.path.relative_to(source.root)),),
    )
    return {row for row, start, name in rows if start in own.starts or name in own.names}


def best(found: Sequence[Candidate]) -> list[tuple[float, Candidate]]:
    """Return (score, candidate) of the `MAX_LIMIT` best, best first; a cosine that is not known counts as the mean."""
    known = [one.cosine for one in found if one.cosine is not None]
    mean = math.fsum(known) / max(1, len(known))
    most = max((one.words for one in found), default=0.0) or 1.0
    share = LEXICAL_SHARE if known else 1.0
    scored = [
        ((1.0 - share) * (mean if one.cosine is None else one.cosine) + share * one.words / most, one) for one in found
    ]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].number, pair[1].path, pair[1].row))[:MAX_LIMIT]


def resembling(sources: Sequence[Source], ranked: Sequence[tuple[float, Candidate]], subject: Subject) -> list[Hit]:
    """Return the candidates as hits with their likeness: copies, near copies, the rest, each in the given order."""
    rows: dict[int, list[int]] = {}
    for _, candidate in ranked:
        rows.setdefault(candidate.number, []).append(candidate.row)
    functions = {number: functions_of(sources[number].catalogue, chosen) for number, chosen in rows.items()}
    judges = {number: _Judge(sources[number], subject) for number in rows}
    hits = []
    for score, candidate in ranked:
        path, function = functions[candidate.number][candidate.row]
        found = judges[candidate.number].likeness(path, function, candidate.label)
        source = sources[candidate.number]
        draft = source.draft_of(path)
        hits.append(Hit(source.root, path, function, round(score, 4), likeness=found, draft=draft))
    return sorted(hits, key=lambda hit: LIKENESSES.index(hit.likeness or "related"))


class _Judge:
    """Compares functions of one source with the subject; reads each of its files once."""

    def __init__(self, source: Source, subject: Subject) -> None:
        self._source = source
        self._asked = subject.asked
        self._contents: dict[str, bytes | None] = {}
        self._labels = {
            label
            for one in subject.asked
            for (label,) in source.catalogue.rows("SELECT label FROM passage WHERE digest = ?", (one.digest,))
        }

    def likeness(self, path: str, function: Function, label: int) -> Likeness:
        """Judge by the code; of a file that has changed since it was read, by the passage, which is in the index."""
        if path not in self._contents:
            draft = self._source.drafts.get(path)
            self._contents[path] = draft.content if draft else current(self._source.catalogue, self._source.root, path)
        content = self._contents[path]
        if content is None:
            return "duplicate" if label in self._labels else "related"
        code = code_of(slice_of(content, function.start, function.end, path=path), function.doc, name=function.name)
        return min((likeness(one.code, code) for one in self._asked), key=LIKENESSES.index)
