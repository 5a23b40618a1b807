"""Which scope encloses which function: qualified names and the kinds that depend on the place.

One sweep over sorted ranges, never a walk up a tree, which takes quadratic time in a deep one.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from .findings import Definition, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .findings import Findings
    from .language import Language

# The innermost scopes that a qualified name holds. Deeper nesting is generated or hostile, and whole paths would take
# memory quadratic in the depth.
MAX_SCOPES = 12

_PATH = re.compile(r"[\w$@#?!.:\\~-]+")
_SEPARATORS = re.compile(r"[.:\\]+")


def placed(found: Findings, language: Language, end: int) -> Iterator[tuple[Definition, str, str]]:
    """Yield each definition in source order with its qualified name and its kind. ``end`` is the end of the file."""
    open_scopes: list[tuple[int, str, str]] = []
    for item in _in_order(found, end):
        while open_scopes and open_scopes[-1][0] <= item.start:
            open_scopes.pop()
        if isinstance(item, Scope):
            open_scopes.append((item.end, item.kind, _path(item.name, language)))
            continue
        own = language.separator.join(filter(None, (_path(item.qualifier, language), item.name)))
        outer = language.separator.join(name for _end, _kind, name in open_scopes[-MAX_SCOPES:] if name)
        kind = _kind(item, open_scopes, language)
        yield item, f"{outer}{_joint(item, kind, language)}{own}" if outer else own, kind
        open_scopes.append((item.end, "function", own))


def _in_order(found: Findings, end: int) -> list[Definition | Scope]:
    items: list[Definition | Scope] = [*_closed(found.scopes, end), *found.definitions.values()]
    return sorted(items, key=lambda item: (item.start, -item.end))


def _closed(scopes: Sequence[Scope], end: int) -> Iterator[Scope]:
    """Yield the scopes, those of kind "rest" lengthened to where the next scope starts."""
    if all(scope.kind != "rest" for scope in scopes):
        yield from scopes
        return
    ordered = sorted(scopes, key=lambda scope: scope.start)
    for scope, following in zip_longest(ordered, ordered[1:]):
        until = following.start if following else end
        yield Scope(scope.kind, scope.start, until, scope.name) if scope.kind == "rest" else scope


def _joint(definition: Definition, kind: str, language: Language) -> str:
    joint = language.static_separator if definition.qualifier else language.member_separator
    return joint if joint and kind in {"method", "constructor"} else language.separator


def _kind(definition: Definition, enclosing: list[tuple[int, str, str]], language: Language) -> str:
    if definition.kind not in {"function", "method"}:
        return definition.kind
    in_class = bool(enclosing) and enclosing[-1][1] == "class"
    if not in_class and definition.kind == "function":
        return "function"
    owner = enclosing[-1][2] if in_class else _path(definition.qualifier, language)
    is_named_after_class = "" in language.constructors and owner.rpartition(language.separator)[2] == definition.name
    return "constructor" if is_named_after_class or definition.name in language.constructors else "method"


def _path(name: str, language: Language) -> str:
    """Return a dotted path in the language's separator, without its silent parts; "" for anything that is no path."""
    if not name or name.isidentifier():
        return "" if name in language.silent else name
    if not _PATH.fullmatch(name):
        return "" if len(name.split()) > 3 or "(" in name else name
    return language.separator.join(part for part in _SEPARATORS.split(name) if part and part not in language.silent)
