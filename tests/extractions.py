"""What the tests of the extractor share: the samples, and what holds of every extraction whatever was read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from funcseek.parsers import KINDS, Extraction, Function, Language, extract, language_for, language_named

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = sorted((Path(__file__).parent / "parsers" / "samples").iterdir())

# Documents of several languages have ways of their own, and tests of their own.
SOURCES = [sample for sample in SAMPLES if not (found := language_for(sample.name)) or not found.host]

# What stands before and after the words of a comment; "//" where nothing is said.
_COMMENTS = {
    **dict.fromkeys(("python", "ruby", "bash", "elixir", "julia", "perl", "powershell", "r"), (b"# ", b"")),
    **dict.fromkeys(("lua", "haskell", "sql"), (b"-- ", b"")),
    "cmake": (b"# ", b""),
    "clojure": (b";; ", b""),
    "erlang": (b"% ", b""),
    "fortran": (b"! ", b""),
    "ocaml": (b"(* ", b" *)"),
}

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def named(name: str) -> Language:
    language = language_named(name)
    assert language is not None
    return language


def of_sample(sample: Path) -> Language:
    language = language_for(sample.name)
    assert language is not None
    return language


def shape(extraction: Extraction, *, moved: int = 0) -> list[tuple[str, str, str, str, int, int, int]]:
    """Return all that does not depend on byte offsets, with lines as they are ``moved`` lines below."""
    return [
        (
            one.kind,
            one.qualified_name,
            one.signature,
            one.doc,
            one.start_line + moved,
            one.end_line + moved,
            one.name_line + moved,
        )
        for one in extraction.functions
    ]


def names(source: bytes, language: str = "python") -> list[str]:
    return [function.qualified_name for function in extract(source, named(language)).functions]


def written_names(content: bytes, extraction: Extraction, encoding: str = "utf-8") -> list[str]:
    """Return what stands at each function's name."""
    spans = (function.name_span for function in extraction.functions)
    return [content[span.start : span.end].decode(encoding, "replace") for span in spans]


def with_comment(content: bytes, language: Language, words: bytes, *, at_end: bool = False) -> bytes:
    """Return a source with a comment of one line and a blank one before its first line, below ``#!``, or at its end."""
    opening, closing = _COMMENTS.get(language.name, (b"// ", b""))
    comment = opening + words + closing + b"\n\n"
    if at_end:
        return content + b"\n" + comment
    first = content.index(b"\n") + 1 if content.startswith(b"#!") else 0
    return content[:first] + comment + content[first:]


def check_extraction(content: bytes, extraction: Extraction) -> None:
    """Check that spans, lines and texts fit the content and one another."""
    starts = [function.span.start for function in extraction.functions]
    assert starts == sorted(starts)
    for function in extraction.functions:
        assert 0 <= function.span.start <= function.name_span.start, function
        assert function.name_span.start <= function.name_span.end <= function.span.end <= len(content), function
        assert list(_lines(content, function)) == [function.start_line, function.name_line, function.end_line], function
        assert function.kind in KINDS
        assert function.qualified_name.endswith(function.name)
        assert "\n" not in function.signature


def _lines(content: bytes, function: Function) -> Iterator[int]:
    encoding = _UTF16.get(content[:2])
    last = max(function.span.start, function.span.end - (2 if encoding else 1))
    for offset in (function.span.start, function.name_span.start, last):
        before = content[:offset].decode(encoding, "replace").encode() if encoding else content[:offset]
        yield before.count(_line_end(content, encoding))


def _line_end(content: bytes, encoding: str | None) -> bytes:
    text = content.decode(encoding, "replace") if encoding else content
    return b"\n" if b"\n" in content and (not isinstance(text, str) or "\n" in text) else b"\r"
