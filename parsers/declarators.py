"""The name inside a C-family declarator, which lies under any number of pointers, parentheses and qualifiers.

The one piece of knowledge about a syntax that a query cannot express. Reads nodes, keeps none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

_KINDS = {"destructor_name": "destructor", "operator_name": "operator", "operator_cast": "operator"}
# What lies under one of these and above a name is of the name's type, not of the function's.
_INDIRECT = {"pointer_declarator", "reference_declarator", "array_declarator", "block_pointer_declarator"}
_FRIEND = re.compile(rb"\bfriend\b")
# A declaration of a friend starts no further behind the word.
_MAX_BEFORE = 100
# A pointer to a function that returns a pointer takes five; nobody writes twenty.
_MAX_DEPTH = 20

_NAMES = {"identifier", "field_identifier", "type_identifier", "destructor_name", "operator_name", "operator_cast"}
_METHODS = {"method_definition", "method_declaration"}
_NAMED = {"qualified_identifier", "template_function", "template_method"}
# `TEST(Suite, Name) {…}` defines a function through a macro.
_MACRO_NAME = re.compile(rb"[A-Z][A-Z0-9_]{3,}")


class DeclaredName(NamedTuple):
    """Byte offsets of a name. What lies between ``qualifier_start`` and ``start`` qualifies it.

    ``kind`` is that of the function where the name decides it, ``spelled`` the name where it stands in several pieces;
    ``body_start`` is where its body begins, if that was looked for.
    """

    qualifier_start: int
    start: int
    end: int
    kind: str = ""
    spelled: str = ""
    body_start: int | None = None


def declared_name(declarator: Node, definition: Node, text: bytes) -> DeclaredName | None:
    """Return the name of the function that a declarator declares, None where it declares something else.

    In broken source that is what looks like a definition and has no parameters.
    """
    if declarator.type in _METHODS:
        return _selector(declarator, text)
    found = _descended(declarator)
    if found is None:
        return None
    name, qualifier, function = found
    if function is None and name.type != "operator_cast":
        return None
    if definition.type == "declaration" and not _is_prototype(name, definition, text):
        return None
    if inner := _name_in_parentheses(name, function, definition, text):
        return DeclaredName(inner.start_byte, inner.start_byte, inner.end_byte)
    end = _end_of_macro(name, function, definition, text) or _end(name)
    return DeclaredName(qualifier.start_byte, name.start_byte, end, _KINDS.get(name.type, ""))


def _descended(declarator: Node) -> tuple[Node, Node, Node | None] | None:
    """Return the name in a declarator, the name with what qualifies it, and the function that is declared, if any."""
    node: Node | None = declarator
    qualifier: Node | None = None
    function: Node | None = None
    for _depth in range(_MAX_DEPTH):
        if node is None or node.type in _NAMES:
            break
        if node.type == "qualified_identifier":
            qualifier = qualifier or node
        elif node.type == "function_declarator":
            function = node
        elif node.type in _INDIRECT:
            function = None
        node = _inner(node)
    return None if node is None or node.type not in _NAMES else (node, qualifier or node, function)


def _selector(method: Node, text: bytes) -> DeclaredName | None:
    """Return the name of an Objective-C method, which stands in pieces before its parameters: ``initWithName:age:``."""
    start, end, spelled, body = 0, 0, "", None
    for child in method.named_children:
        if child.type == "identifier":
            start, end = (start, end) if end else (child.start_byte, child.end_byte)
            spelled += text[child.start_byte : child.end_byte].decode("utf-8", "replace")
        elif child.type == "method_parameter":
            start, end = (start, end) if end else (child.start_byte, child.start_byte + 1)
            spelled += ":"
        elif child.type == "compound_statement":
            body = child.start_byte
    return DeclaredName(start, start, end, spelled=spelled, body_start=body) if end else None


def _is_prototype(name: Node, declaration: Node, text: bytes) -> bool:
    """Tell whether a declaration is of a function: no friend, no deduction guide and no call of a macro."""
    start = declaration.start_byte
    line = text[max(text.rfind(b"\n", 0, start) + 1, start - _MAX_BEFORE) : start]
    if _FRIEND.search(line):
        return False
    if declaration.child_by_field_name("type") is not None or name.type != "identifier":
        return True
    declarator = declaration.child_by_field_name("declarator")
    has_result = declarator is not None and any(one.type == "trailing_return_type" for one in declarator.named_children)
    return not has_result and not _MACRO_NAME.fullmatch(text, name.start_byte, name.end_byte)


def _name_in_parentheses(name: Node, function: Node | None, definition: Node, text: bytes) -> Node | None:
    """Return the name where it stands in parentheses, as in ``T (min)() {…}`` and ``int SYMBOL(name)(int size);``.

    A grammar takes what is in front of them for the name, and the name for a parameter.
    """
    outer = function.parent if function is not None else None
    if function is None or outer is None or outer.type != "function_declarator":
        return None
    is_macro = _MACRO_NAME.fullmatch(text, name.start_byte, name.end_byte)
    if not is_macro and definition.child_by_field_name("type") is not None:
        return None
    parameters = function.child_by_field_name("parameters")
    inside = parameters.named_children if parameters else []
    only = inside[0].named_children if len(inside) == 1 else []
    return only[0] if len(only) == 1 and only[0].type == "type_identifier" else None


def _inner(node: Node) -> Node | None:
    field = "name" if node.type in _NAMED else "declarator"
    return node.child_by_field_name(field) or next(iter(node.named_children), None)


def _end(name: Node) -> int:
    """Return where a name ends: that of a conversion, before its parameters."""
    parameters = name.child_by_field_name("declarator") if name.type == "operator_cast" else None
    return parameters.start_byte if parameters else name.end_byte


def _end_of_macro(name: Node, function: Node | None, definition: Node, text: bytes) -> int | None:
    """Return the end of the arguments where a macro defines the function, which then has no type of its own."""
    if function is None or not _MACRO_NAME.fullmatch(text, name.start_byte, name.end_byte):
        return None
    if definition.type != "function_definition" or definition.child_by_field_name("type") is not None:
        return None
    parameters = function.child_by_field_name("parameters")
    return parameters.end_byte if parameters and parameters.named_child_count else None
