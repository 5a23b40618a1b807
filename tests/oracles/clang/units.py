"""The functions of one file as libclang knows them, and the lines that its preprocessor left out.

A file with errors is refused, because what is found in it would prove nothing. Functions that a macro wrote are left
out: only what can be read in the file counts.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clang.cindex import Cursor, CursorKind, Index, SourceLocation, SourceRange, TranslationUnit, callbacks, conf

from ..comparison import Known
from .comments import documentation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ERROR = 3
_FUNCTIONS = {
    kind.value
    for kind in (
        CursorKind.FUNCTION_DECL,
        CursorKind.FUNCTION_TEMPLATE,
        CursorKind.CXX_METHOD,
        CursorKind.CONSTRUCTOR,
        CursorKind.DESTRUCTOR,
        CursorKind.CONVERSION_FUNCTION,
        CursorKind.OBJC_INSTANCE_METHOD_DECL,
        CursorKind.OBJC_CLASS_METHOD_DECL,
    )
}
_MACRO = CursorKind.MACRO_DEFINITION.value
_FRIEND, _STATEMENT = CursorKind.FRIEND_DECL.value, CursorKind.DECL_STMT.value
_SCOPES = {
    CursorKind.NAMESPACE,
    CursorKind.CLASS_DECL,
    CursorKind.STRUCT_DECL,
    CursorKind.UNION_DECL,
    CursorKind.CLASS_TEMPLATE,
    CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION,
    CursorKind.OBJC_INTERFACE_DECL,
    CursorKind.OBJC_IMPLEMENTATION_DECL,
    CursorKind.OBJC_PROTOCOL_DECL,
    CursorKind.OBJC_CATEGORY_DECL,
    CursorKind.OBJC_CATEGORY_IMPL_DECL,
}
_CONTINUE, _RECURSE = 1, 2
_NO_BODY = re.compile(rb"=\s*(?:default|delete)\s*;")
_OPERATOR = re.compile(r"(operator)\s*(?!\s|new\b|delete\b|co_await\b)[\w:].*", re.DOTALL)
_MACRO_CALL = re.compile(rb"[A-Z][A-Z0-9_]{3,}\s*\([^()]*\)")
_WORD = re.compile(rb"\w+")
# What may stand right before a declaration. Anything else is a macro or an attribute that libclang leaves out.
_BEFORE = re.compile(rb"(?:\A|[;{}:>]|\*/|^[ \t]*(?:#|//)[^\n]*\n)\s*\Z", re.MULTILINE)
_DIRECTIVE = re.compile(rb"^[ \t]*#", re.MULTILINE)

conf.lib.clang_getFileLocation.argtypes = [SourceLocation] + [ctypes.c_void_p] * 4
conf.lib.clang_getFile.restype = ctypes.c_void_p
conf.lib.clang_Cursor_getCommentRange.argtypes = [Cursor]
conf.lib.clang_Cursor_getCommentRange.restype = SourceRange


class _Ranges(ctypes.Structure):
    _fields_ = [("count", ctypes.c_uint), ("ranges", ctypes.POINTER(SourceRange))]


conf.lib.clang_getSkippedRanges.restype = ctypes.POINTER(_Ranges)


@dataclass(slots=True)
class Unit:
    """A file that libclang could read: its functions and the ranges of lines it left out, all zero-based."""

    functions: list[Known] = field(default_factory=list)
    skipped: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    known: Known
    qualified_name: str
    is_declaration: bool


def plain_name(name: str) -> str:
    """Return the name of a function without white space and type arguments, and a conversion without its type."""
    if name.startswith("operator"):
        return "".join(_OPERATOR.sub(r"\1", name).split())
    return "".join((name.partition("<")[0] if "(" not in name else name).split())


def unit_of(path: Path, arguments: Sequence[str], *, with_declarations: bool) -> Unit | None:
    """Return what libclang knows of a file, None where it finds an error in it."""
    options = TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
    unit = Index.create().parse(str(path), args=list(arguments), options=options)
    if any(diagnostic.severity >= _ERROR for diagnostic in unit.diagnostics):
        return None
    reader = _Reader(unit, path.read_bytes())
    found = reader.found()
    defined = {one.qualified_name for one in found if not one.is_declaration}
    kept = [
        one.known
        for one in found
        if not one.is_declaration or (with_declarations and one.qualified_name not in defined)
    ]
    return Unit(kept, reader.skipped())


class _Reader:
    """Reads one translation unit; its methods share the source and the file's handle."""

    def __init__(self, unit: TranslationUnit, source: bytes) -> None:
        self._unit = unit
        self._source = source
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", source))]
        self._file = conf.lib.clang_getFile(unit, unit.spelling.encode())
        self._found: list[_Found] = []

    def found(self) -> list[_Found]:
        conf.lib.clang_visitChildren(self._unit.cursor, callbacks["cursor_visit"](self._visit), None)
        return self._found

    def skipped(self) -> list[tuple[int, int]]:
        file = ctypes.c_void_p(self._file)
        ranges = conf.lib.clang_getSkippedRanges(self._unit, file).contents
        return [
            (ranges.ranges[at].start.line - 1, ranges.ranges[at].end.line - 1) for at in range(ranges.count)
        ]

    def _visit(self, cursor: Cursor, parent: Cursor, _data: object) -> int:
        kind = cursor._kind_id  # noqa: SLF001 - the public property is ten times as slow
        is_outermost = parent._kind_id == self._unit.cursor._kind_id  # noqa: SLF001
        if kind not in _FUNCTIONS and kind != _MACRO and not is_outermost:
            return _RECURSE
        start = self._offset(conf.lib.clang_getCursorLocation(cursor))
        if start is None:
            return _CONTINUE
        cursor._tu = self._unit  # noqa: SLF001 - what the binding does for its own callbacks
        if kind == _MACRO:
            self._add_macro(cursor, start)
        elif kind in _FUNCTIONS:
            self._add_function(cursor, start, parent._kind_id)  # noqa: SLF001
        return _RECURSE

    def _offset(self, location: SourceLocation) -> int | None:
        """Return where a location lies in the file, None where it lies in another."""
        file, offset = ctypes.c_void_p(), ctypes.c_uint()
        conf.lib.clang_getFileLocation(location, ctypes.byref(file), None, None, ctypes.byref(offset))
        return offset.value if file.value == self._file else None

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _add_macro(self, cursor: Cursor, start: int) -> None:
        end = self._offset(cursor.extent.end)
        if end is None:
            return
        head, _parenthesis, body = self._source[start:end].partition(b")")
        # libclang itself does not tell, once the macro is undefined again.
        if head.startswith(cursor.spelling.encode() + b"(") and body.strip(b" \t\r\n\\"):
            known = Known(cursor.spelling, self._line(start), None, self._line(end - 1))
            self._found.append(_Found(known, f"{cursor.spelling}:{start}", is_declaration=False))

    def _add_function(self, cursor: Cursor, name_start: int, parent: int) -> None:
        start, end = self._offset(cursor.extent.start), self._offset(cursor.extent.end)
        if start is None or end is None:
            return
        has_body = cursor.is_definition() and self._source[end - 1 : end] == b"}"
        if not has_body and (parent in {_FRIEND, _STATEMENT} or self._is_bodiless_definition(cursor, end)):
            return
        name = self._written_name(cursor, name_start, has_body=has_body)
        if name is None:
            return
        is_exact = self._is_whole(start, name_start)
        known = Known(
            name,
            self._line(name_start),
            self._line(start) if is_exact else None,
            self._line(end - 1) if has_body else None,
            self._doc(cursor, start),
        )
        self._found.append(_Found(known, _qualified_name(cursor), is_declaration=not has_body))

    def _is_whole(self, start: int, name_start: int) -> bool:
        """Tell whether all that belongs to a function is where libclang says, and in one branch."""
        before = self._source[max(0, start - 500) : start]
        return bool(_BEFORE.search(before)) and not _DIRECTIVE.search(self._source, start, name_start)

    def _is_bodiless_definition(self, cursor: Cursor, end: int) -> bool:
        stop = self._source.find(b";", end)
        return cursor.is_definition() or _NO_BODY.search(self._source, max(0, end - 40), stop + 1) is not None

    def _written_name(self, cursor: Cursor, start: int, *, has_body: bool) -> str | None:
        """Return the name as it stands in the file, None where a macro made it up.

        What defines a function through a macro, such as ``TEST(Suite, Name)``, is its name.
        """
        name = plain_name(cursor.spelling)
        if name[0] in "~+-" or name.startswith("operator") or ":" in name:
            return name
        if self._source.startswith(name.encode(), start):
            return name
        written = (_MACRO_CALL.match(self._source, start) or _WORD.match(self._source, start)) if has_body else None
        return plain_name(written[0].decode()) if written else None

    def _doc(self, cursor: Cursor, start: int) -> str | None:
        text = cursor.raw_comment
        comment = conf.lib.clang_Cursor_getCommentRange(cursor)
        end = self._offset(comment.end)
        if text is None or end is None:
            return None
        # A blank line parts a comment from what follows, for us.
        between = self._source[end:start]
        return documentation(text) if between.count(b"\n") <= 1 and not between.strip() else None


def _qualified_name(cursor: Cursor) -> str:
    parts = [plain_name(cursor.spelling)]
    parent = cursor.semantic_parent
    while parent is not None and parent.kind != CursorKind.TRANSLATION_UNIT:
        if parent.kind in _SCOPES:
            parts.append(plain_name(parent.spelling))
        parent = parent.semantic_parent
    return "::".join(reversed(parts))
