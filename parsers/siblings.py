"""Functions of one name that are one function: overload signatures, prototypes and clauses. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .function import Function
    from .sources import Source

# Two clauses further apart than this are two functions; without a bound many such pairs take quadratic time.
_MAX_GAP_BYTES = 500
_MACRO = re.compile(r"[A-Z][A-Z0-9_]{3,}(?:\(|$)")


def without_overloads(functions: Iterable[Function]) -> Iterator[Function]:
    """Yield the functions without the declarations right before the function they declare.

    It takes over their documentation where it has none.
    """
    waiting: list[Function] = []
    for function in functions:
        if waiting and waiting[-1].qualified_name != function.qualified_name:
            yield from waiting
            waiting.clear()
        if function.is_declaration:
            waiting.append(function)
            continue
        if waiting and not function.doc:
            function = function._replace(doc=next((one.doc for one in waiting if one.doc), ""))
        waiting.clear()
        yield function
    yield from waiting


def without_prototypes(functions: Iterable[Function]) -> Iterator[Function]:
    """Yield the functions without the declarations of what the file defines, and without those within functions.

    Neither does a macro with a block behind it make a function there. A definition without documentation takes over
    that of its only declaration.
    """
    found = tuple(functions)
    defined = {one.qualified_name for one in found if not one.is_declaration}
    docs: dict[str, str] = {}
    for one in found:
        if one.is_declaration and one.qualified_name in defined:
            docs[one.qualified_name] = "" if one.qualified_name in docs else one.doc
    for one in found:
        if one.enclosing and one.kind != "macro" and _MACRO.match(one.name):
            continue
        if one.is_declaration:
            if not one.enclosing and one.qualified_name not in defined:
                yield one
        else:
            yield one if one.doc else one._replace(doc=docs.get(one.qualified_name, ""))


def joined_clauses(functions: Iterable[Function], source: Source, clause_end: str = "") -> Iterator[Function]:
    """Yield the functions in order, those of one name with only white space between them as one.

    Where ``clause_end`` is given, a function that ends so goes on in the next of its name instead.
    """
    joined: dict[int, Function] = {}
    last: dict[str, int] = {}
    for function in functions:
        earlier = joined.get(last.get(function.qualified_name, -1))
        if earlier and _are_one(earlier, function, source, clause_end):
            joined[earlier.start] = earlier._replace(end=function.end, end_line=function.end_line)
        else:
            joined[function.start] = function
            last[function.qualified_name] = function.start
    yield from joined.values()


def _are_one(first: Function, second: Function, source: Source, clause_end: str) -> bool:
    start, end = first.end, second.start
    if clause_end:
        return start <= end and source.text.endswith(clause_end.encode(), first.start, start)
    return start <= end <= start + _MAX_GAP_BYTES and not source.text[start:end].strip()
