"""What an editor may say of one question beyond the settings: kinds, confidence, time of change, order. Asks nobody."""

from __future__ import annotations

from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any

from ..index.errors import QueryError
from ..index.hits import check_known, check_moment
from .settings import checked_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    Filters = dict[str, tuple[str, Callable[[object], Any]]]


def search_filters(params: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a ``SearchRequest`` that the parameters set; raises QueryError naming what is wrong."""
    return _checked(params, FILTERS)


def similar_filters(params: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a ``SimilarRequest`` that the parameters set; raises QueryError naming what is wrong."""
    return _checked(params, OF_FUNCTIONS)


def _checked(params: dict[str, Any], filters: Filters) -> dict[str, Any]:
    return {field: check(params[name]) for name, (field, check) in filters.items() if params.get(name) is not None}


def _kinds(value: object) -> tuple[str, ...]:
    from ..parsers import KINDS

    names = checked_texts(value, "kinds")
    check_known("kind", names, KINDS)
    return names


def _moment(value: object) -> float:
    seconds = _number(value, "changedSince", "a number of seconds since 1970-01-01 UTC")
    check_moment(seconds)
    return seconds


def _share(value: object) -> float:
    share = _number(value, "minScore", wanted := "a number from 0 to 1")
    if not 0.0 <= share <= 1.0:
        raise QueryError(f"minScore must be {wanted}; it is {shortened(value)}.")
    return share


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise QueryError(f"rerank must be true or false; it is {shortened(value)}.")
    return value


def _number(value: object, name: str, wanted: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise QueryError(f"{name} must be {wanted}; it is {shortened(value)}.")
    return value


# By the names of the parameters: the field of the request, and what checks it. Those that tell which functions count.
OF_FUNCTIONS: Filters = {"kinds": ("kinds", _kinds), "changedSince": ("changed_since", _moment)}
# Of a search.
FILTERS: Filters = OF_FUNCTIONS | {"minScore": ("min_score", _share), "rerank": ("is_reranked", _truth)}
