"""C and C++ source with what looks like a macro call blanked, every byte in its place. Pure.

A grammar cannot know that ``API_EXPORT`` is no type. The result is only parsed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = rb"_*[A-Z][A-Z0-9]*_[A-Z0-9_]+"
_ARGUMENTS = rb"\((?:[^()\n]|\([^()\n]*\))*\)"
# Alone on its line, and no function that a macro defines: `TEST(Suite, Name)` with its body below.
_STATEMENT = re.compile(rb"([ \t]*)([A-Z][A-Z0-9_]{2,}[ \t]*(?:" + _ARGUMENTS + rb")?)[ \t]*(;?)[ \t\r]*")
# The start of one over several lines.
_LONG_STATEMENT = re.compile(
    rb"^[ \t]*[A-Z][A-Z0-9_]{3,}\((?=[^()\n]*(?:\([^()\n]*\)[^()\n]*)*\(?[^()\n]*\n)", re.MULTILINE
)
_PARENTHESIS = re.compile(rb"[()]|\"(?:\\.|[^\"\\\n])*\"|//[^\n]*|^[ \t]*#", re.MULTILINE)
# Nobody writes longer ones, and on one of a megabyte the patterns would take minutes.
_LONGEST_LINE = 1_000
_LONGEST_STATEMENT = 3_000
_REST = re.compile(rb"[ \t]*(;?)[ \t\r]*\n(?!\s*\{)([^\n]*)")
# In front of a name: `static LIB_INLINE int f()`, `static void LIB_FORMAT(1, 2) f()`.
_SPECIFIER = re.compile(rb"\b" + _NAME + rb"(?:" + _ARGUMENTS + rb")?(?=[ \t]+[A-Za-z_~])")
_IS_TYPE_OF_NAME = re.compile(rb"[ \t]+~?(operator[^\w\s(]{1,3}|[A-Za-z_]\w*)[ \t]*\(")
_TYPED = re.compile(
    rb"[*&>]|\b(?!(?:static|inline|extern|constexpr|virtual|explicit|const|friend|" + _NAME + rb")\b)[A-Za-z_]"
)
_TEMPLATE = re.compile(rb"^[ \t]*template[ \t]*<.*>[ \t]*(?=friend|[A-Z])")
# At the end of a line that the name begins the next of: `static void LIB_FORMAT(1, 2)`.
_BEFORE_NAME = re.compile(rb"(?<=[\w*&>] )" + _NAME + rb"(?:" + _ARGUMENTS + rb")?(?=[ \t\r]*$)")
_NAME_NEXT = re.compile(rb"[ \t]*[A-Za-z_]\w*[ \t]*\(")
# Behind the parameters: `void clear() LIB_NOEXCEPT {`, `int size() const LIB_REQUIRES(lock);`.
_TRAILING = re.compile(
    rb"(?:(?<=\) )|(?<=const )|(?<=override ))" + _NAME + rb"(?:" + _ARGUMENTS + rb")?(?=[ \t\r]*(?:[;{:]|//|$))"
)
# Behind a variable: `int size LIB_GUARDED_BY(lock);`.
_ANNOTATION = re.compile(rb"(?<=[\w>\]] )(?<!typedef )" + _NAME + _ARGUMENTS + rb"(?=[ \t]*[;={])")
# Parameters that the C++ grammar does not know: a pointer to a member, a reference to an array, an empty default.
_UNKNOWN = re.compile(rb"(?<=\()(?:[A-Za-z_]\w*::)+(?=\*\w*\))|(?<=\()&&?(?=\w*\)\[)|= ?\{\}(?=[,)])")
# `PRIVATE_UNLESS_TESTED:`, `signals:` and `public slots:` stand for `public:`.
_ACCESS = re.compile(
    rb"[ \t]*(?:(?:public|protected|private)[ \t]+)?(?:[A-Z][A-Z0-9_]{3,}|signals|slots)[ \t]*:[ \t\r]*"
)
# `if IS_BLANK(c)`: the macro brings the parentheses.
_CONDITION = re.compile(rb"(?:(?<=\bif )|(?<=\bwhile ))[A-Z][A-Z0-9_]{2,}(?=\()")
# `LIB_BEGIN_NAMESPACE`, `Q_OBJECT`, `DECLARE_POOL(name)`: belongs to no declaration.
_BRACKET = re.compile(rb"(?:\b|_)(?:BEGIN|END|DECLS|NAMESPACE|OBJECT|GADGET|DECLARE|DEFINE)(?:\b|_)")
# `LIB_TRY {`, `LIB_CATCH(...) {`: a block within a function.
_BLOCK = re.compile(
    rb"(?:[A-Z][A-Z0-9_]{2,}|(?:[A-Z0-9]+_)*(?:TRY|CATCH|FOREACH|FOR_EACH|LOOP|WHILE|UNLESS)(?:_[A-Z0-9]+)*"
    + _ARGUMENTS
    + rb")(?=[ \t]*\{)"
)
# `size LIB_ARGS2((a, b), int a, int b)`: the parameters of a function for compilers old and new.
_OLD_ARGUMENTS = re.compile(rb"(?<=[a-z0-9_])(\s{1,100})([A-Z][A-Z0-9_]*ARGS[A-Z0-9_]*)([ \t]*\()(\([^()]{0,500}\),)")
# What an attribute may stand in front of.
_ATTRIBUTED = re.compile(
    rb"[ \t]*(?:~|(?!(?:class|struct|union|enum)\b(?![^\n;{]*\())"
    rb"(?!(?:extern|template|namespace|typedef|using|public|private|protected|friend|if|for|while|do|switch|case|default"
    rb"|return|else|break|continue|goto)\b)[A-Za-z_])"
)
# Within a directive of several lines, it ends the directive for the grammar.
_COMMENT = re.compile(rb"/\*.*?\*/")
# A line that ends so goes on in the next, which is then no statement of its own.
_UNFINISHED = (b"=", b",", b"+", b"-", b"*", b"/", b"&", b"|", b"?", b"<", b"(", b"!", b"^", b"%")
_CLASS = re.compile(rb"\b(?:class|struct)[ \t]+(?:" + _NAME + rb"[ \t]+)*(\w+)")
_NOT_LINE_BREAKS = re.compile(rb"[^\n]+")
# So many macros may stand above one declaration.
_MAX_MACROS = 5
_SHORTEST_ATTRIBUTE = len(b"[[_]]")


def without_macros(text: bytes) -> bytes:
    """Return the source without macro calls; one above a declaration becomes an attribute, which belongs to it."""
    text = _OLD_ARGUMENTS.sub(_new_arguments, text)
    lines = _without_long_statements(text).split(b"\n")
    kept = list(lines)
    classes = frozenset(_CLASS.findall(text))
    continued = is_unfinished = False
    for number, line in enumerate(lines):
        is_directive = continued or line.lstrip().startswith(b"#")
        continued = line.rstrip(b"\r").endswith(b"\\")
        if len(line) > _LONGEST_LINE:
            continue
        if is_directive or continued:
            kept[number] = _COMMENT.sub(_blank, line) if continued else line
            continue
        following = lines[number + 1] if number + 1 < len(lines) else b""
        statement = None if is_unfinished else _STATEMENT.fullmatch(line)
        if _ACCESS.fullmatch(line):
            kept[number] = b" " * len(line)
        elif block := _BLOCK.match(line, len(line) - len(line.lstrip())):
            kept[number] = b" " * block.end() + line[block.end() :]
        elif statement and not following.lstrip().startswith(b"{"):
            kept[number] = _without_statement(statement, _next_code(lines, number))
        elif b"_" in line or b"(&" in line or b"::*" in line or b"{}" in line:
            kept[number] = _without_words(line, following, classes)
        if line.strip():
            is_unfinished = _is_unfinished(line)
    return b"\n".join(kept)


def _new_arguments(match: re.Match[bytes]) -> bytes:
    return match[1] + b" " * len(match[2]) + match[3] + _NOT_LINE_BREAKS.sub(_blank, match[4])


def _is_unfinished(before: bytes) -> bool:
    code = before.rstrip().rpartition(b"\n")[2].partition(b"//")[0].rstrip()
    return code.endswith(_UNFINISHED) and not code.endswith(b"*/")


def _without_statement(statement: re.Match[bytes], following: bytes) -> bytes:
    indent, call, semicolon = statement.groups()
    if semicolon or _BRACKET.search(call) or not _ATTRIBUTED.match(following):
        # The `;` may be all that an `if` above governs.
        return (b" " * statement.end(2) + semicolon.rjust(statement.end(3) - statement.end(2))).ljust(len(statement[0]))
    return (indent + _attribute(call)).ljust(len(statement[0]))


def _without_long_statements(text: bytes) -> bytes:
    """Return the source without macro calls of several lines that are statements of their own."""
    pieces: list[bytes] = []
    reached = 0
    while statement := _LONG_STATEMENT.search(text, reached):
        start, opened = statement.start(), statement.end()
        end = _end_of_arguments(text, opened)
        before = text[max(0, start - 100) : start].rpartition(b"\n\n")[2].rstrip()
        rest = _REST.match(text, end)
        if rest and not before.endswith(b"\\") and not _is_unfinished(before):
            pieces += [text[reached:start], _long_blank(text[start:end], rest)]
        else:
            pieces.append(text[reached:end])
        reached = end
    return b"".join([*pieces, text[reached:]])


def _end_of_arguments(text: bytes, opened: int) -> int:
    """Return where the arguments end that begin at ``opened``, or where the search for it does."""
    depth = 1
    for mark in _PARENTHESIS.finditer(text, opened, opened + _LONGEST_STATEMENT):
        depth += {b"(": 1, b")": -1}.get(mark[0], 0)
        if not depth:
            return mark.end()
        if mark[0].endswith(b"#"):
            break
    return min(len(text), opened + _LONGEST_STATEMENT)


def _long_blank(call: bytes, rest: re.Match[bytes]) -> bytes:
    blank = _NOT_LINE_BREAKS.sub(_blank, call)
    if rest[1] or _BRACKET.search(call.partition(b"(")[0]) or not _ATTRIBUTED.match(rest[2]):
        return blank
    start = len(call) - len(call.lstrip())
    return blank[:start] + b"[[_" + blank[start + 3 : -2] + b"]]"


def _next_code(lines: Sequence[bytes], number: int) -> bytes:
    """Return the line below, or the one below the macros that follow."""
    ahead = lines[number + 1 : number + 1 + _MAX_MACROS]
    return next((line for line in ahead if not _STATEMENT.fullmatch(line) or not line.strip()), b"")


def _without_words(line: bytes, following: bytes, classes: frozenset[bytes]) -> bytes:
    def without_specifier(match: re.Match[bytes]) -> bytes:
        # Where nothing else can be the type of the function behind it, it is the type.
        name = _IS_TYPE_OF_NAME.match(line, match.end())
        before = _TEMPLATE.sub(b"", line[: match.start()])
        if name and name[1] not in classes and not _TYPED.search(before):
            return b"auto".ljust(len(match[0])) if match[0].endswith(b")") else match[0]
        is_first = not before.strip() and _ATTRIBUTED.match(line, match.end())
        return _attribute(match[0]) if is_first else _blank(match)

    line = _UNKNOWN.sub(_blank, _ANNOTATION.sub(_blank, line)) if b"(" in line else line
    line = _SPECIFIER.sub(without_specifier, _CONDITION.sub(_blank, line))
    line = _TRAILING.sub(_blank, line)
    return _BEFORE_NAME.sub(_blank, line) if _NAME_NEXT.match(following) else line


def _attribute(macro: bytes) -> bytes:
    """Return an attribute of the same length, for the grammar to count to the declaration behind it."""
    length = len(macro)
    return b"[[" + b"_" * (length - 4) + b"]]" if length >= _SHORTEST_ATTRIBUTE else b" " * length


def _blank(match: re.Match[bytes]) -> bytes:
    return b" " * len(match[0])
