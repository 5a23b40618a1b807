"""Every sample gives the functions its snapshot shows. After a wanted change: ``pytest tests/parsers --update``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.parsers import KINDS, LANGUAGES, Function, extract, language_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
SNAPSHOTS = Path(__file__).parent / "snapshots"


def rendered(content: bytes, functions: tuple[Function, ...]) -> Iterator[str]:
    """Show functions so that a person can compare them with the sample."""
    for function in functions:
        span, name = function.span, function.name_span
        marks = "".join(f" {mark}" for mark in ("declaration", "test", "generated") if getattr(function, f"is_{mark}"))
        inside = f" inside {function.enclosing}" if function.enclosing else ""
        lines = f"{function.start_line + 1}-{function.end_line + 1}"
        yield f"{lines} {function.kind} {function.qualified_name}{inside}{marks}"
        yield f"  name {content[name.start : name.end].decode()!r} in line {function.name_line + 1}: {function.name}"
        yield f"  signature {function.signature}"
        text = content[span.start : span.end].decode().splitlines()
        yield f"  from {text[0].strip()}"
        yield f"  to   {text[-1].strip()}"
        yield from (f"  | {line}".rstrip() for line in function.doc.splitlines())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_sample_gives_the_functions_of_its_snapshot(sample: Path, check_snapshot: Callable[[str, Path], None]) -> None:
    content = sample.read_bytes()
    language = language_for(sample.name)
    assert language is not None
    extraction = extract(content, language)
    assert extraction.problem is None
    assert language.host or {function.language for function in extraction.functions} == {language.name}
    text = "\n".join(rendered(content, extraction.functions)) + "\n"
    check_snapshot(text, SNAPSHOTS / f"{sample.name}.txt")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_functions_are_whole_and_in_order_in_every_sample(sample: Path) -> None:
    content = sample.read_bytes()
    language = language_for(sample.name)
    assert language is not None
    functions = extract(content, language).functions
    assert [function.span.start for function in functions] == sorted(function.span.start for function in functions)
    for function in functions:
        assert function.kind in KINDS
        assert function.span.start <= function.name_span.start <= function.name_span.end <= function.span.end
        assert function.start_line == content.count(b"\n", 0, function.span.start)
        assert function.name_line == content.count(b"\n", 0, function.name_span.start)
        assert "\n" not in function.signature
        assert function.qualified_name.endswith(function.name)


def test_every_language_has_a_sample() -> None:
    found = {language.name for sample in SAMPLES if (language := language_for(sample.name))}
    assert found == {language.name for language in LANGUAGES}


def test_every_snapshot_has_a_sample() -> None:
    assert {path.name for path in SNAPSHOTS.iterdir()} == {f"{sample.name}.txt" for sample in SAMPLES}
