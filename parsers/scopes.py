"""Which scope encloses which function: qualified names and the kinds that depend on the place.

One sweep over sorted ranges, never a walk up a tree, which takes quadratic time in a deep one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .findings import Definition, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .findings import Findings
    from .language import Language

# The innermost scopes that a qualified name holds. Deeper nesting is generated or hostile, and whole paths would take
# memory quadratic in the depth.
MAX_SCOPES = 12

_MEMBERS = {"method", "constructor", "operator", "accessor"}
_PATH = re.compile(r"[\w$@#?!.:\\~-]+")
# `+`, `|>`, `==`; a function may also be called `_` or `$`.
_OPERATOR = re.compile(r"[^\w\s$'\"(){}@]+")
_SEPARATORS = re.compile(r"[.:\\]+")


class Place(NamedTuple):
    """Where a definition stands: its qualified name, the kind it has there, the function and the scopes around it."""

    qualified_name: str
    kind: str
    enclosing: str
    scopes: tuple[str, ...]


class _Open(NamedTuple):
    """A scope or function around what comes next, to ``end``.

    ``function`` is the qualified name of the innermost function; ``scopes`` are the names from the outermost to this,
    ``path`` is them joined.
    """

    end: int
    kind: str
    name: str
    function: str
    scopes: tuple[str, ...]
    path: str


def placed(found: Findings, language: Language, end: int) -> Iterator[tuple[Definition, Place]]:
    """Yield each definition in source order with its place. ``end`` is the end of the file."""
    around = [_Open(end + 1, "file", "", "", (), "")]
    previous: Definition | None = None
    for item in _in_order(found, end):
        while around[-1].end <= item.start:
            around.pop()
        # One declaration of several names encloses none of them.
        if previous and (previous.start, previous.end) == (item.start, item.end):
            around.pop()
        previous = None if isinstance(item, Scope) else item
        outer = around[-1]
        if isinstance(item, Scope):
            base = around[0] if item.kind == "root" else outer
            around.append(_opened(item, _path(item.name, language), base, language, function=outer.function))
            continue
        own = item.name
        qualifier = _path(item.qualifier, language) if item.qualifier else ""
        if qualifier and qualifier != outer.name:
            own = f"{qualifier}{language.static_separator or language.separator}{own}"
        kind = _kind(item, outer, language)
        joint = language.separator if own != item.name else _joint(item, kind, language)
        is_whole = not outer.path or (language.absolute_names and language.separator in own)
        qualified_name = own if is_whole else f"{outer.path}{joint}{own}"
        yield item, Place(qualified_name, kind, outer.function, outer.scopes)
        around.append(_opened(item, own, outer, language, function=qualified_name))


def _opened(item: Definition | Scope, name: str, outer: _Open, language: Language, *, function: str) -> _Open:
    """Return the scope that an item opens within another."""
    kind = item.kind if isinstance(item, Scope) else "function"
    if not name:
        return _Open(item.end, kind, name, function, outer.scopes, outer.path)
    scopes = (*outer.scopes, name)[-MAX_SCOPES:]
    is_short = len(scopes) <= len(outer.scopes) or not outer.path
    if is_short:
        path = language.separator.join(scopes)
    else:
        path = function if kind == "function" else f"{outer.path}{language.separator}{name}"
    return _Open(item.end, kind, name, function, scopes, path)


def _in_order(found: Findings, end: int) -> list[Definition | Scope]:
    items: list[Definition | Scope] = [*_closed(found.scopes, end), *found.definitions.values()]
    return sorted(items, key=lambda item: (item.start, -item.end))


def _closed(scopes: Sequence[Scope], end: int) -> Iterator[Scope]:
    """Yield the scopes, those of kind "rest" lengthened to where the next of that kind starts."""
    starts = sorted(scope.start for scope in scopes if scope.kind == "rest")
    if not starts:
        yield from scopes
        return
    ends = dict(zip(starts, [*starts[1:], end], strict=True))
    for scope in scopes:
        yield Scope(scope.kind, scope.start, ends[scope.start], scope.name) if scope.kind == "rest" else scope


def _joint(definition: Definition, kind: str, language: Language) -> str:
    joint = language.static_separator if definition.qualifier else language.member_separator
    return joint if joint and kind in _MEMBERS else language.separator


def _kind(definition: Definition, outer: _Open, language: Language) -> str:
    if definition.kind not in {"function", "method"}:
        return definition.kind
    in_class = outer.kind == "class"
    if definition.kind == "function":
        if _OPERATOR.fullmatch(definition.name):
            return "operator"
        if not in_class:
            return "function"
    if definition.name in language.constructors:
        return "constructor"
    if "" not in language.constructors:
        return "method"
    owner = outer.name if in_class else _path(definition.qualifier, language)
    return "constructor" if owner.rpartition(language.separator)[2] == definition.name else "method"


def _path(name: str, language: Language) -> str:
    """Return a dotted path in the language's separator, without its silent parts; "" for anything that is no path."""
    if not name or name.isidentifier():
        return "" if name in language.silent else name
    if not _PATH.fullmatch(name):
        return "" if len(name.split()) > 3 or "(" in name else name
    return language.separator.join(part for part in _SEPARATORS.split(name) if part and part not in language.silent)
