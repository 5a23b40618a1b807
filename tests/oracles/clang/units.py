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
_OBJC_METHODS = {CursorKind.OBJC_INSTANCE_METHOD_DECL, CursorKind.OBJC_CLASS_METHOD_DECL}
_OBJC_CATEGORIES = {CursorKind.OBJC_CATEGORY_DECL, CursorKind.OBJC_CATEGORY_IMPL_DECL}
_CONTINUE, _RECURSE = 1, 2
_WITH_MACROS = TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
# A missing header is no reason to leave the rest of the file, or of the files beside it, unread.
_KEEP_GOING = 0x200
_MAIN = "funcseek-main"
_NO_BODY = re.compile(rb"=\s*(?:default|delete)\s*;")
_OPERATOR = re.compile(r"(operator)\s*(?!\s|new\b|delete\b|co_await\b)[\w:].*", re.DOTALL)
_MACRO_CALL = re.compile(rb"[A-Z][A-Z0-9_]{3,}\s*\([^()]*\)")
_WORD = re.compile(rb"\w+")
# What may stand right before a declaration. Anything else is a macro or an attribute that libclang leaves out.
_BEFORE = re.compile(rb"(?:\A|[;{}:>]|\*/|^[ \t]*#[^\n]*\n)\s*\Z", re.MULTILINE)
_COMMENT = re.compile(rb"/\*.*?\*/|//[^\n]*", re.DOTALL)
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
    """What libclang knows of a file: its functions, the ranges of lines it left out and the lines where it saw a name.

    All lines are zero-based. A declaration of what the file defines is in ``lines`` only.
    """

    functions: list[Known]
    skipped: list[tuple[int, int]]
    lines: set[int]


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


def units_of(
    paths: Sequence[Path], arguments: Sequence[str], *, with_declarations: bool, with_errors: bool = False
) -> dict[Path, Unit]:
    """Return what libclang knows of files that can be included together.

    Files that it finds an error in are left out unless they are asked for; some of their functions are then missing.
    """
    includes = "".join(f'#include "{path}"\n' for path in paths)
    unit = Index.create().parse(
        _MAIN, args=list(arguments), unsaved_files=[(_MAIN, includes)], options=_KEEP_GOING | _WITH_MACROS
    )
    wrong = {one.location.file.name for one in unit.diagnostics if one.severity >= _ERROR and one.location.file}
    files = [_File.of(path, unit) for path in paths if with_errors or str(path) not in wrong]
    read(unit, files)
    return {
        file.path: Unit(
            file.functions(with_declarations=with_declarations),
            file.skipped(unit),
            {one.known.name_line for one in file.found},
        )
        for file in files
    }


def read(unit: TranslationUnit, files: Sequence[_File]) -> None:
    """Let each of the files find its functions in a translation unit."""
    by_handle: dict[int | None, _File] = {file.handle: file for file in files}
    outermost = unit.cursor._kind_id  # noqa: SLF001 - the public property is ten times as slow

    def visit(cursor: Cursor, parent: Cursor, _data: object) -> int:
        kind, parents = cursor._kind_id, parent._kind_id  # noqa: SLF001
        if kind not in _FUNCTIONS and kind != _MACRO and parents != outermost:
            return _RECURSE
        handle, start = _place(conf.lib.clang_getCursorLocation(cursor))
        file = by_handle.get(handle)
        if file is None:
            return _CONTINUE
        cursor._tu = unit  # noqa: SLF001 - what the binding does for its own callbacks
        if kind == _MACRO:
            file.add_macro(cursor, start)
        elif kind in _FUNCTIONS:
            file.add_function(cursor, start, parents)
        return _RECURSE

    conf.lib.clang_visitChildren(unit.cursor, callbacks["cursor_visit"](visit), None)


def _place(location: SourceLocation) -> tuple[int | None, int]:
    """Return the handle of the file that a location lies in, and its offset there."""
    handle, offset = ctypes.c_void_p(), ctypes.c_uint()
    conf.lib.clang_getFileLocation(location, ctypes.byref(handle), None, None, ctypes.byref(offset))
    return handle.value, offset.value


@dataclass(slots=True)
class _File:
    """A file of a translation unit, as its functions are found."""

    path: Path
    handle: int
    source: bytes
    starts: list[int]
    found: list[_Found] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, unit: TranslationUnit) -> _File:
        """Return the file of a path."""
        source = path.read_bytes()
        starts = [0, *(match.end() for match in re.finditer(rb"\n", source))]
        return cls(path, conf.lib.clang_getFile(unit, str(path).encode()), source, starts)

    def functions(self, *, with_declarations: bool) -> list[Known]:
        """Return the functions, with declarations of what is not defined here too."""
        defined = {one.qualified_name for one in self.found if not one.is_declaration}
        return [
            one.known
            for one in self.found
            if not one.is_declaration or (with_declarations and one.qualified_name not in defined)
        ]

    def skipped(self, unit: TranslationUnit) -> list[tuple[int, int]]:
        """Return the lines left out, without those of a file that was read before."""
        ranges = conf.lib.clang_getSkippedRanges(unit, ctypes.c_void_p(self.handle)).contents
        lines = [(ranges.ranges[at].start.line - 1, ranges.ranges[at].end.line - 1) for at in range(ranges.count)]
        read = {one.known.name_line for one in self.found}
        return [(first, last) for first, last in lines if read.isdisjoint(range(first, last))]

    def _offset(self, location: SourceLocation) -> int | None:
        """Return where a location lies in the file, None where it lies in another."""
        handle, offset = _place(location)
        return offset if handle == self.handle else None

    def _line(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1

    def add_macro(self, cursor: Cursor, start: int) -> None:
        """Add a macro that takes arguments and has a body."""
        end = self._offset(cursor.extent.end)
        if end is None:
            return
        head, _parenthesis, body = self.source[start:end].partition(b")")
        # libclang itself does not tell, once the macro is undefined again.
        if head.startswith(cursor.spelling.encode() + b"(") and body.strip(b" \t\r\n\\"):
            known = Known(cursor.spelling, self._line(start), None, self._line(end - 1))
            self.found.append(_Found(known, f"{cursor.spelling}:{start}", is_declaration=False))

    def add_function(self, cursor: Cursor, name_start: int, parent: int) -> None:
        """Add a function that can be read in this file."""
        start, end = self._offset(cursor.extent.start), self._offset(cursor.extent.end)
        if start is None or end is None:
            return
        if cursor.kind in _OBJC_METHODS and self.source[start : start + 1] not in {b"-", b"+"}:
            # An accessor of a property.
            return
        if cursor.spelling.isupper() and self.source[start:name_start].strip() in {b"", b"typedef"}:
            # A macro that libclang does not know.
            return
        has_body = cursor.is_definition() and self.source[end - 1 : end] == b"}"
        if not has_body and (parent in {_FRIEND, _STATEMENT} or not self._is_declaration(cursor, start, name_start)):
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
        self.found.append(_Found(known, _qualified_name(cursor), is_declaration=not has_body))

    def _is_whole(self, start: int, name_start: int) -> bool:
        """Tell whether all that belongs to a function is where libclang says, and in one branch."""
        before = _COMMENT.sub(b"", self.source[max(0, start - 500) : start])
        return bool(_BEFORE.search(before)) and not _DIRECTIVE.search(self.source, start, name_start)

    def _is_declaration(self, cursor: Cursor, start: int, name_start: int) -> bool:
        """Tell whether a function without a body is declared here, neither defaulted nor deleted nor by a macro."""
        call = _MACRO_CALL.match(self.source, start)
        if cursor.is_definition() or (call and call.end() > name_start):
            return False
        return _NO_BODY.search(self.source, name_start, self.source.find(b";", name_start) + 1) is None

    def _written_name(self, cursor: Cursor, start: int, *, has_body: bool) -> str | None:
        """Return the name as it stands in the file, None where a macro made it up.

        What defines a function through a macro, such as ``TEST(Suite, Name)``, is its name.
        """
        name = _name(cursor)
        if not name:
            return None
        if name[0] in "~+-" or name.startswith("operator") or ":" in name:
            return name
        if self.source.startswith(name.encode(), start):
            return name
        written = (_MACRO_CALL.match(self.source, start) or _WORD.match(self.source, start)) if has_body else None
        return plain_name(written[0].decode()) if written else None

    def _doc(self, cursor: Cursor, start: int) -> str | None:
        """Return the documentation, None where libclang chose another comment than the run right above."""
        text = cursor.raw_comment
        comment = conf.lib.clang_Cursor_getCommentRange(cursor)
        opening, end = self._offset(comment.start), self._offset(comment.end)
        if text is None or opening is None or end is None:
            return None
        between = self.source[end:start]
        above = (
            self.source[max(0, opening - 500) : opening].rstrip(b" \t").removesuffix(b"\n").rpartition(b"\n")[2].strip()
        )
        is_whole = not above.startswith(b"//") and not above.endswith(b"*/")
        return documentation(text) if is_whole and between.count(b"\n") <= 1 and not between.strip() else None


def _name(cursor: Cursor) -> str:
    """Return the name of a function; libclang spells the types in those of conversions and constructors its own way."""
    if cursor.kind == CursorKind.CONVERSION_FUNCTION:
        return "operator"
    is_class = cursor.kind == CursorKind.CONSTRUCTOR or not cursor.spelling.startswith("operator")
    return plain_name(cursor.spelling.partition("<")[0] if is_class else cursor.spelling)


def _qualified_name(cursor: Cursor) -> str:
    parts = [_name(cursor)]
    parent = cursor.semantic_parent
    while parent is not None and parent.kind != CursorKind.TRANSLATION_UNIT:
        if parent.kind in _SCOPES:
            parts.append(plain_name(_scope_name(parent)))
        parent = parent.semantic_parent
    return "::".join(reversed(parts))


def _scope_name(scope: Cursor) -> str:
    """Return the name of a scope; a category of a class is that class."""
    if scope.kind not in _OBJC_CATEGORIES:
        return str(scope.spelling)
    classes = (child.spelling for child in scope.get_children() if child.kind == CursorKind.OBJC_CLASS_REF)
    return str(next(classes, scope.spelling))
