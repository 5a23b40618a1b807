"""The first hits of an answer put in order once more by a reranker. Reads no file and opens no connection.

What the ranking made of a hit stays a part of its score: a reranker has not seen which other functions there are.
Always the same hits are judged, so the order does not depend on how many were asked for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .ranking import TYPED_NAME

if TYPE_CHECKING:
    from .hits import Answer, Hit, Query
    from .reranker import Reranker

# Hits that are judged; those behind them keep their places.
RERANKED = 30
# What a sure yes adds to a score. Not fitted, which takes the real weights: `python -m bench.quality --system
# rerank:MODEL` measures it. Of 165 sentences of documentation of the fit split, counted once by a program that was not
# kept, 70 have their function among the first thirty and not first: half of these lie up to 1.8 behind the first, 95 %
# up to 5.3; the thirtieth hit lies 7.5 behind it (median). So a yes brings the right one up to a first that is a no,
# and what the ranking is surest of still counts.
WEIGHT = 5.3
# The part's name in an explained score.
PART = "reranker"


def wide(query: Query) -> Query:
    """Return the query that gathers what is judged, whatever its own limit."""
    return replace(query, limit=max(query.limit, RERANKED), is_explained=True)


def judged(answer: Answer) -> list[int]:
    """Return the places of the hits that a reranker is asked about: a name that was typed needs no second opinion."""
    hits = answer.hits[:RERANKED]
    return [place for place, hit in enumerate(hits) if TYPED_NAME not in (hit.parts or {})]


def rerank(answer: Answer, query: Query, reranker: Reranker) -> Answer:
    """Return an answer to a ``wide`` query in its new order, cut to what was asked for; raises ModelError.

    A reranker's part is never below zero, so that hits still come by falling scores.
    """
    places = judged(answer)
    found = reranker.relevances(query.text, [answer.documents[place] for place in places]) if places else []
    raised = {place: _raised(answer.hits[place], one) for place, one in zip(places, found, strict=True)}
    first = [raised.get(place, hit) for place, hit in enumerate(answer.hits[:RERANKED])]
    # Names that were typed lead by their bonus; ties keep the order that they had.
    first.sort(key=lambda hit: (TYPED_NAME not in (hit.parts or {}), -hit.score))
    return _cut(replace(answer, hits=(*first, *answer.hits[RERANKED:]), reranker=reranker.name), query)


def unranked(answer: Answer, query: Query, why: str) -> Answer:
    """Return an answer to a ``wide`` query as it was, cut to what was asked for, and why it was not reranked."""
    return _cut(replace(answer, unranked=why), query)


def _raised(hit: Hit, relevance: float) -> Hit:
    part = round(WEIGHT * relevance, 4)
    return replace(hit, score=round(hit.score + part, 4), parts={**(hit.parts or {}), PART: part})


def _cut(answer: Answer, query: Query) -> Answer:
    hits = answer.hits[: query.limit]
    if not query.is_explained:
        hits = tuple(replace(hit, parts=None) for hit in hits)
    return replace(answer, hits=hits, documents=())
