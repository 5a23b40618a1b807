"""Which files a program wrote, by their names and by the lines of ``.gitattributes``. Reads no file.

Such files count like others, because people search them too, but their functions are marked. What a file's head says
is `parsers`' to see. ``linguist-vendored`` means nothing here: projects use it to correct GitHub's statistics, of their
own documentation and tests as often as of other people's code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the code generators in wide use end their files' names with; a name that people choose, too, is none of them.
_ENDINGS = (
    "_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb2_grpc.pyi", "_pb.rb", "_services_pb.rb", "_pb.js", "_pb.ts", "_pb.d.ts",
    "_grpc_pb.js", "_grpc_pb.d.ts", ".pbobjc.h", ".pbobjc.m", ".grpc.swift", ".pbenum.dart", ".pbgrpc.dart",
    ".pbjson.dart", ".pbserver.dart", ".g.dart", ".freezed.dart", ".gr.dart", ".mocks.dart", ".gen.dart",
    ".designer.cs", ".Designer.cs", ".designer.vb", ".Designer.vb", ".g.cs", ".g.i.cs", ".gen.go", ".gen.ts",
    ".gen.tsx", "_generated.go", "_generated.rs", "_generated.h", ".tab.c", ".tab.h", ".yy.c", ".yy.h",
)  # fmt: skip
_BEGINNINGS = ("zz_generated.", "moc_", "qrc_")
_WITHIN = (".pb.", ".generated.")
# The same in names that are joined by slashes.
_ANYWHERE = (*_WITHIN, *(f"{ending}/" for ending in _ENDINGS), *(f"/{beginning}" for beginning in _BEGINNINGS))

_ATTRIBUTE = b"linguist-generated"
_LINE = re.compile(rb'[ \t]*(?:"((?:[^"\\]|\\.)+)"|([^ \t"#!\[][^ \t]*))[ \t]+(.*)', re.DOTALL)
# The first of these on a line that also names the attribute decides; git takes the last, but nobody writes two.
_SET, _UNSET = (_ATTRIBUTE, _ATTRIBUTE + b"=true"), (b"-" + _ATTRIBUTE, _ATTRIBUTE + b"=false", b"!" + _ATTRIBUTE)


def is_generated_name(name: str) -> bool:
    """Tell whether a file's name, without folders, is one that only generators give."""
    # Whatever the language: net.pb.go, net.pb.gw.go, schema.generated.ts.
    return name.endswith(_ENDINGS) or any(mark in name for mark in _WITHIN) or name.startswith(_BEGINNINGS)


def is_generated_among(names: Iterable[str]) -> bool:
    """Tell, in one look at all of them, whether `is_generated_name` may hold for any of some names."""
    joined = f"/{'/'.join(names)}/"
    return any(mark in joined for mark in _ANYWHERE)


def generated_lines(attributes: bytes) -> bytes:
    """Return the lines of a ``.gitattributes`` about generated files as those of an ignore file, ``!`` for "is not".

    The two kinds of file share their patterns but for what a folder's name means, which no line about files tells.
    """
    if _ATTRIBUTE not in attributes:
        return b""
    return b"\n".join(line for text in attributes.split(b"\n") if (line := _ignore_line(text.rstrip(b"\r"))))


def _ignore_line(text: bytes) -> bytes:
    found = _LINE.match(text)
    words = found[3].split() if found else []
    sign = next((b"" if word in _SET else b"!" for word in words if word in (*_SET, *_UNSET)), None)
    if found is None or sign is None:
        return b""
    # In quotes a backslash escapes as in C; what is between the quotes and what git makes of it differ for these only.
    pattern = found[2] or found[1].replace(b'\\"', b'"').replace(b"\\\\", b"\\")
    return sign + (b"\\" if pattern[:1] in (b"#", b"!") else b"") + pattern.replace(b" ", b"\\ ")
