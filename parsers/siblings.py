"""Functions of one name that are one function: overload signatures, prototypes and clauses. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .function import Function
    from .language import Language
    from .sources import Source

# Two clauses further apart than this are two functions; without a bound many such pairs take quadratic time.
_MAX_GAP_BYTES = 500
# What may stand between the clauses of one function. Possessive, or a long comment takes exponential time.
_NOTHING = re.compile(rb"(?:\s|--[^\n]*+|#[^\n]*+|\{-(?:[^-]|-(?!\}))*+-\})*+")
_ARITY_MARK = re.compile(r"(?<!\w)\?\\?\S|\"(?:[^\"\\]|\\.)*+\"|[,()\[\]{}]|<<|>>")
_OPENING = {"(", "[", "{", "<<"}
_CLOSING = {")", "]", "}", ">>"}
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


def joined_clauses(functions: Iterable[Function], source: Source, language: Language) -> Iterator[Function]:
    """Yield the functions in order, as one those of one name with nothing but white space and comments between them.

    Where the language has a ``clause_end``, a function that ends so goes on in the next of its name instead.
    """
    joined: dict[int, Function] = {}
    last: dict[tuple[str, int], int] = {}
    for function in functions:
        key = (function.qualified_name, arity(function.signature) if language.arities else 0)
        earlier = joined.get(last.get(key, -1))
        if earlier and _are_one(earlier, function, source, language.clause_end):
            joined[earlier.name_start] = earlier._replace(end=function.end, end_line=function.end_line)
        else:
            joined[function.name_start] = function
            last[key] = function.name_start
    # In broken source, the type above a function may enclose another one.
    yield from sorted(joined.values(), key=lambda function: function.start)


def _are_one(first: Function, second: Function, source: Source, clause_end: str) -> bool:
    start, end = first.end, second.start
    if clause_end:
        return start <= end and source.text.endswith(clause_end.encode(), first.start, start)
    return start <= end <= start + _MAX_GAP_BYTES and bool(_NOTHING.fullmatch(source.text, start, end))


def arity(signature: str) -> int:
    """Return how many arguments stand in the first parentheses of a signature on one line, 0 without any."""
    _name, parenthesis, arguments = signature.partition("(")
    depth = 0
    count = 1 if arguments.strip(" )") else 0
    for mark in _ARITY_MARK.finditer(arguments):
        if mark[0] in {",", ")"} and depth == 0:
            if mark[0] == ")":
                break
            count += 1
        else:
            depth += (mark[0] in _OPENING) - (mark[0] in _CLOSING)
    return count if parenthesis else 0
