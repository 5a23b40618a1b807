"""The name inside a C-family declarator, which lies under any number of pointers, parentheses and qualifiers.

The one piece of knowledge about a syntax that a query cannot express. Reads nodes, keeps none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

# A pointer to a function that returns a pointer takes five; nobody writes twenty.
_MAX_DEPTH = 20

_NAMES = {"identifier", "field_identifier", "type_identifier", "destructor_name", "operator_name"}
_TEMPLATES = {"template_function", "template_method"}
# `TEST(Suite, Name) {…}` defines a function through a macro.
_MACRO_NAME = re.compile(rb"[A-Z][A-Z0-9_]{3,}")


@dataclass(frozen=True, slots=True)
class DeclaredName:
    """Byte offsets of a name. What lies between ``qualifier_start`` and ``start`` qualifies it."""

    qualifier_start: int
    start: int
    end: int


def declared_name(declarator: Node, text: bytes) -> DeclaredName | None:
    """Return the name a declarator declares, None where there is none, as in broken source."""
    node: Node | None = declarator
    qualifier_start = None
    for _depth in range(_MAX_DEPTH):
        if node is None:
            return None
        if node.type == "qualified_identifier":
            qualifier_start = node.start_byte if qualifier_start is None else qualifier_start
            node = node.child_by_field_name("name")
        elif node.type in _TEMPLATES:
            node = node.child_by_field_name("name")
        elif node.type in _NAMES or node.type == "operator_cast":
            start = node.start_byte if qualifier_start is None else qualifier_start
            return DeclaredName(start, node.start_byte, _end(node, text))
        else:
            node = node.child_by_field_name("declarator") or next(iter(node.named_children), None)
    return None


def _end(name: Node, text: bytes) -> int:
    """Return where a name ends: before the parameters of a conversion, after the arguments of a defining macro."""
    if name.type == "operator_cast":
        parameters = name.child_by_field_name("declarator")
        return parameters.start_byte if parameters else name.end_byte
    declarator = name.parent
    definition = declarator.parent if declarator else None
    if declarator is None or definition is None or not _MACRO_NAME.fullmatch(text, name.start_byte, name.end_byte):
        return name.end_byte
    parameters = declarator.child_by_field_name("parameters")
    is_macro = definition.type == "function_definition" and definition.child_by_field_name("type") is None
    return parameters.end_byte if is_macro and parameters and parameters.named_child_count else name.end_byte
