"""What a language's query finds in a tree: definitions, scopes and the comments and decorators between them.

Turns matches into plain offsets, so that nothing after it touches a node. Knows the capture names of the query files,
not the languages:

==================  ==================================================================================================
``@definition.K``   a function of kind K, with ``@name`` (the first to the last of them) or ``@declarator``; ``@body``
                    where it has one, else the last ``@head`` ends the signature; ``@qualifier`` for a receiver.
                    Several patterns may find one function (the same body, or the same name where there is none): the
                    widest span counts, and the name and kind of the pattern that stands first in the file. Of
                    several functions with one name and one span, the first
``@declaration.K``  a function of kind K whose body is elsewhere, with ``@name`` or ``@declarator``
``@wrapper``        what belongs to the function of the same name and reaches further, such as ``export``
``@doc``            documentation inside the function of the same ``@body``
``@scope.K``        with ``@scope.name``: a part of the qualified names of what it encloses. K is ``class`` where
                    functions inside are methods, ``rest`` where it goes on to the next ``rest``, ``root``
                    where names begin with it whatever is around
``@discarded``      what the language reads and throws away: what is found inside counts for nothing
``@comment``        a comment; ``@decorator`` a decorator, attribute or annotation; ``@signature`` the type of the
                    function below it, on its own
``@_NAME``          only for predicates
==================  ==================================================================================================
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from .declarators import DeclaredName, declared_name
from .trees import matches_in

if TYPE_CHECKING:
    from tree_sitter import Node

    from .grammars import Role, Rules

# A hostile or generated name can be as long as the file; nobody types more than this.
MAX_NAME_CHARACTERS = 200

# Enough of a documentation string to fill what is kept of it, indentation included.
_MAX_TEXT_BYTES = 16_000

_TRIVIA = frozenset({"comment", "decorator", "signature"})
_FUNCTIONS = frozenset({"definition", "declaration"})
_SPACE = frozenset(b" \t\n\r\v\f")
_QUOTES = "\"'`"

Captures = dict[str, list["Node"]]


@dataclass(slots=True)
class Definition:
    """One function as found, in byte offsets. The signature ends at ``head_end``.

    ``body_start`` is None where the query names no body.
    """

    kind: str
    is_declaration: bool
    precedence: int
    start: int
    end: int
    name: str
    name_start: int
    name_end: int
    head_end: int
    body_start: int | None
    qualifier: str


@dataclass(frozen=True, slots=True)
class Scope:
    """A named region of the source, in byte offsets."""

    kind: str
    start: int
    end: int
    name: str


@dataclass(slots=True)
class Findings:
    """Everything one query found, in byte offsets. ``docs`` and ``doc_spans`` are by the start of their body.

    ``trivia`` holds comments, decorators and signatures, unordered, as (start, -end, role): sorted, what is around
    others stands before them. ``wrappers`` are ranges by the start of the name they belong to. ``discarded`` ranges
    are unordered.
    """

    definitions: dict[int, Definition] = field(default_factory=dict)
    scopes: list[Scope] = field(default_factory=list)
    docs: dict[int, str] = field(default_factory=dict)
    doc_spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    trivia: list[tuple[int, int, str]] = field(default_factory=list)
    wrappers: dict[int, tuple[int, int]] = field(default_factory=dict)
    discarded: list[tuple[int, int]] = field(default_factory=list)


def findings_in(root: Node, text: bytes, rules: Rules) -> Findings:
    """Run the query over a tree and return what it finds. The tree must be searchable, see `trees`."""
    found = Findings()
    roles, trivia = rules.roles, found.trivia
    for pattern, captures in matches_in(root, rules.query):
        role = roles[pattern]
        node = captures[role.capture][0]
        if role.sort in _TRIVIA:
            trivia.append((node.start_byte, -node.end_byte, role.sort))
        elif role.sort in _FUNCTIONS:
            new = _definition(pattern, role, captures, text)
            if new is not None and new.name not in rules.not_names:
                _add_definition(found, new)
        else:
            _add_other(found, role, captures, text)
    _drop_discarded(found)
    _drop_doubles(found)
    _drop_branches(found)
    _apply_wrappers(found)
    return found


def _add_other(found: Findings, role: Role, captures: Captures, text: bytes) -> None:
    node = captures[role.capture][0]
    if role.sort == "doc":
        body_start = captures["body"][0].start_byte
        found.docs[body_start] = _text(node, text)
        found.doc_spans[body_start] = node.start_byte, node.end_byte
    elif role.sort == "wrapper":
        _add_wrapper(found, node, _name(captures, node, text))
    elif role.sort == "discarded":
        found.discarded.append((node.start_byte, node.end_byte))
    else:
        name = " ".join(_text(part, text)[:MAX_NAME_CHARACTERS] for part in captures.get("scope.name", ()))
        found.scopes.append(Scope(role.kind, node.start_byte, node.end_byte, plain_name(name)))


def plain_name(text: str) -> str:
    """Return a name as people say it: without quotes, parentheses, a symbol's colon, type arguments and line breaks."""
    name = " ".join(text.split())
    if name.startswith('@"'):
        name = name[1:]
    if name.startswith(":") and (name[1:2].isidentifier() or name[1:2] in _QUOTES):
        name = name[1:]
    if len(name) > 2 and name[0] in _QUOTES and name[-1] == name[0]:
        name = name[1:-1]
    if name.startswith("(") and name.endswith(")") and len(inside := name[1:-1].split()) == 1:
        return inside[0]
    before, bracket, _arguments = name.partition("<")
    is_generic = bracket and name.endswith(">") and before.rstrip()[-1:].isidentifier() and "operator" not in before
    return before.rstrip() if is_generic else name


def _name(captures: Captures, node: Node, text: bytes) -> DeclaredName | None:
    declarators = captures.get("declarator")
    if declarators:
        return declared_name(declarators[0], node, text)
    names = captures["name"]
    start = names[0].start_byte
    return DeclaredName(start, start, names[-1].end_byte)


def _definition(pattern: int, role: Role, captures: Captures, text: bytes) -> Definition | None:
    node, bodies, heads = captures[role.capture][0], captures.get("body"), captures.get("head")
    place = _name(captures, node, text)
    # A name without bytes is one that the parser missed and made up.
    if place is None or place.start == place.end:
        return None
    start, body_start = node.start_byte, bodies[0].start_byte if bodies else place.body_start
    # A body may follow what it is the body of. Some grammars count the line break to the function.
    end = max(node.end_byte, bodies[-1].end_byte) if bodies else node.end_byte
    end = max(place.end, code_end(text, end))
    name = text[place.start : min(place.end, place.start + MAX_NAME_CHARACTERS)].decode("utf-8", "replace")
    qualifier = _qualifier(captures, place, text)
    return Definition(
        kind=place.kind or ("method" if place.qualifier_start < place.start and role.kind == "function" else role.kind),
        is_declaration=role.sort == "declaration",
        precedence=pattern,
        start=start,
        end=end,
        name=place.spelled or (name if name.isidentifier() else plain_name(name)),
        name_start=place.start,
        name_end=place.end,
        head_end=heads[-1].end_byte if heads else end if body_start is None else body_start,
        body_start=body_start,
        qualifier=qualifier,
    )


def _qualifier(captures: Captures, place: DeclaredName, text: bytes) -> str:
    """Return what qualifies a name: a receiver that the query names, else what stands before it in its declarator."""
    if qualifiers := captures.get("qualifier"):
        return plain_name(_text(qualifiers[0], text))[:MAX_NAME_CHARACTERS]
    if place.qualifier_start == place.start:
        return ""
    before = text[place.qualifier_start : place.start].decode("utf-8", "replace")
    return plain_name(before.rstrip(": "))[:MAX_NAME_CHARACTERS]


def _add_definition(found: Findings, new: Definition) -> None:
    """Add a definition, or merge it into the one with the same body (the same name where there is no body)."""
    key = new.body_start if new.body_start is not None else ~new.name_start
    old = found.definitions.setdefault(key, new)
    if old is not new:
        kept = old if old.precedence <= new.precedence else new
        kept.start, kept.end = min(old.start, new.start), max(old.end, new.end)
        kept.head_end = max(old.head_end, new.head_end)
        found.definitions[key] = kept


def _add_wrapper(found: Findings, node: Node, name: DeclaredName | None) -> None:
    if name is not None:
        start, end = found.wrappers.get(name.start, (node.start_byte, node.end_byte))
        found.wrappers[name.start] = (min(start, node.start_byte), max(end, node.end_byte))


def _apply_wrappers(found: Findings) -> None:
    if not found.wrappers:
        return
    for definition in found.definitions.values():
        start, end = found.wrappers.get(definition.name_start, (definition.start, definition.end))
        definition.start, definition.end = min(start, definition.start), max(end, definition.end)


def code_end(text: bytes, end: int) -> int:
    """Return where the code before ``end`` ends: some grammars count line breaks, or half of one, to what is before."""
    # The tree may reach over the end, where a line feed was missing.
    end = min(end, len(text))
    while end > 0 and text[end - 1] in _SPACE:
        end -= 1
    return end


def _drop_discarded(found: Findings) -> None:
    if not found.discarded:
        return
    starts, ends = zip(*sorted(found.discarded), strict=True)
    # They may nest: up to each start, how far any of them reaches.
    reaches = [0, *accumulate(ends, max)]
    for key, definition in list(found.definitions.items()):
        if definition.start < reaches[bisect(starts, definition.start)]:
            del found.definitions[key]


def _drop_doubles(found: Findings) -> None:
    """Drop what was found without its body where it was found with it too."""
    bodiless = [key for key in found.definitions if key < 0]
    if len(bodiless) in {0, len(found.definitions)}:
        return
    with_body = {definition.name_start for key, definition in found.definitions.items() if key >= 0}
    for key in bodiless:
        if ~key in with_body:
            del found.definitions[key]


def _drop_branches(found: Findings) -> None:
    """Keep the first of several values of one name, such as both branches of a condition: each spans all of them."""
    places = set()
    for key, definition in list(found.definitions.items()):
        place = definition.name_start, definition.start, definition.end
        if place in places:
            del found.definitions[key]
        places.add(place)


def _text(node: Node, text: bytes) -> str:
    # Never node.text: it goes back through the parser's read callback, chunk by chunk.
    start, end = node.start_byte, node.end_byte
    return text[start : min(end, start + _MAX_TEXT_BYTES)].decode("utf-8", "replace")
