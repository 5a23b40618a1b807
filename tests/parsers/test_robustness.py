"""Any bytes are source: nothing raises, nothing hangs, and what is whole in a broken file is still found."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funcseek.parsers import LANGUAGES, Extraction, Language, extract, language_for, language_named

SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
# A `#!` line has to stay the first.
PLAIN_SAMPLES = [sample for sample in SAMPLES if not sample.read_bytes().startswith(b"#!")]
PYTHON = "def first():\n    return 1\n\n\nclass Pool:\n    def get(self):\n        return 'große'\n"


def named(name: str) -> Language:
    language = language_named(name)
    assert language is not None
    return language


def of_sample(sample: Path) -> Language:
    language = language_for(sample.name)
    assert language is not None
    return language


def shape(extraction: Extraction) -> list[tuple[str, str, str, str, int, int, int]]:
    """Return all that does not depend on byte offsets."""
    return [
        (one.kind, one.qualified_name, one.signature, one.doc, one.start_line, one.end_line, one.name_line)
        for one in extraction.functions
    ]


def names(source: bytes, language: str = "python") -> list[str]:
    return [function.qualified_name for function in extract(source, named(language)).functions]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_bytes_give_an_extraction(language: Language, data: st.DataObject) -> None:
    content = data.draw(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
    extraction = extract(content, language)
    for function in extraction.functions:
        assert 0 <= function.span.start <= function.span.end <= len(content)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_sample_with_a_hole_gives_an_extraction(sample: Path, data: st.DataObject) -> None:
    content = sample.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    found = extract(content[:start] + data.draw(st.binary(max_size=8)) + content[end:], of_sample(sample))
    assert found.problem is None


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_windows_line_ends_change_nothing(sample: Path) -> None:
    content = sample.read_bytes()
    with_cr = content.replace(b"\n", b"\r\n")
    assert shape(extract(with_cr, of_sample(sample))) == shape(extract(content, of_sample(sample)))


@pytest.mark.parametrize("sample", PLAIN_SAMPLES, ids=lambda sample: sample.name)
def test_lines_put_before_shift_every_line(sample: Path) -> None:
    head, content = b"\n" * 7, sample.read_bytes()
    before = shape(extract(content, of_sample(sample)))
    after = shape(extract(head + content, of_sample(sample)))
    assert after == [(*row[:4], row[4] + 7, row[5] + 7, row[6] + 7) for row in before]


@pytest.mark.parametrize("sample", PLAIN_SAMPLES, ids=lambda sample: sample.name)
def test_utf8_mark_changes_no_line(sample: Path) -> None:
    content = sample.read_bytes()
    assert shape(extract(b"\xef\xbb\xbf" + content, of_sample(sample))) == shape(extract(content, of_sample(sample)))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_source_gives_spans_of_its_own_bytes(encoding: str) -> None:
    mark = "\ufeff".encode(encoding)
    content = mark + ("# \U0001f600\n" + PYTHON).encode(encoding)
    extraction = extract(content, named("python"))
    first, second = extraction.functions
    spans = [content[one.name_span.start : one.name_span.end].decode(encoding) for one in (first, second)]
    assert spans == ["first", "get"]
    text = "def get(self):\n        return 'große'"
    assert content[second.span.start : second.span.end].decode(encoding) == extraction.text(1) == text
    assert second.start_line == 6


def test_text_of_a_function_holds_its_decorators() -> None:
    assert extract(b"@cached\ndef f(): pass\n", named("python")).text(0) == "@cached\ndef f(): pass"


def test_lines_of_a_file_without_line_feeds_end_at_carriage_returns() -> None:
    found = extract(b"# one\rdef f():\r    pass\r\r# two\rdef g(): pass\r", named("python")).functions
    assert [(one.name, one.start_line, one.end_line, one.doc) for one in found] == [
        ("f", 1, 2, "one"),
        ("g", 5, 5, "two"),
    ]


@pytest.mark.parametrize("junk", [b"\f", b"x = '\xe9'\n", b"# \xff\xfe\n", b"x = '\0'\n", "\u2028\n".encode()])
def test_odd_bytes_between_functions_hide_none(junk: bytes) -> None:
    assert names(b"def f(): pass\n" + junk + b"\ndef g(): pass\n") == ["f", "g"]


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", b"def f(): return 1\n\ndef broken(:\n\ndef g(): return 2\n"),
        ("javascript", b"function f() {}\nconst x = = 3;\nfunction g() {}\n"),
        ("typescript", b"function f(): void {}\nlet x: = 3;\nfunction g() {}\n"),
        ("go", b"package p\nfunc f() {}\nvar x = = 3\nfunc g() {}\n"),
        ("rust", b"fn f() {}\nstatic X: = 3;\nfn g() {}\n"),
        ("java", b"class C {\nvoid f() {}\nint x = ;\nvoid g() {}\n}\n"),
        ("c", b"int f(void) { return 1; }\nint x = = 2;\nint g(void) { return 2; }\n"),
        ("cpp", b"int f() { return 1; }\nclass { int x = ;\n};\nint g() { return 2; }\n"),
        ("c_sharp", b"class C {\nvoid f() {}\nint x = ;\nvoid g() {}\n}\n"),
        ("ruby", b"def f; end\nx = = 2\ndef g; end\n"),
        ("php", b"<?php\nfunction f() {}\n$x = = 2;\nfunction g() {}\n"),
        ("kotlin", b"fun f() {}\nval x = = 2\nfun g() {}\n"),
        ("swift", b"func f() {}\nlet x = = 2\nfunc g() {}\n"),
        ("lua", b"function f() end\nlocal x = = 2\nfunction g() end\n"),
        ("bash", b"f() { :; }\nx=(\n)\ng() { :; }\n"),
    ],
)
def test_broken_source_keeps_whole_functions(language: str, source: bytes) -> None:
    found = {name.rpartition(".")[2] for name in names(source, language)}
    assert {"f", "g"} <= found


def test_conflict_markers_keep_both_sides() -> None:
    source = b"<<<<<<< ours\ndef f(): return 1\n=======\ndef f(): return 2\n>>>>>>> theirs\ndef g(): pass\n"
    assert names(source) == ["f", "f", "g"]


def test_minified_line_gives_its_functions() -> None:
    source = b"".join(b"function f%d(a){return a+%d}const g%d=a=>a;" % (n, n, n) for n in range(1000))
    functions = extract(source, named("javascript")).functions
    assert len(functions) == 2000
    assert {function.end_line for function in functions} == {0}


@pytest.mark.parametrize("bracket", [b"(", b"[", b"{"])
def test_endless_opening_brackets_are_refused_soon(bracket: bytes) -> None:
    start = process_time()
    extraction = extract(b"def f(): pass\n" + bracket * 100_000, named("python"))
    assert extraction == Extraction((), "nested too deeply")
    assert process_time() - start < 3


def test_slow_parse_is_given_up_and_the_next_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("funcseek.parsers.trees.PARSE_DEADLINE_SECONDS", -1)
        assert extract(PYTHON.encode() * 2000, named("python")) == Extraction((), "timed out")
    assert names(PYTHON.encode()) == ["first", "Pool.get"]


def test_deep_nesting_costs_no_quadratic_names() -> None:
    source = b"const f=()=>{" * 3000 + b"}" * 3000
    functions = extract(source, named("javascript")).functions
    assert len(functions) == 3000
    assert max(len(function.qualified_name) for function in functions) < 100


def test_long_doc_signature_and_name_are_cut() -> None:
    source = b"# %s\ndef %s(%s): pass\n" % (b"doc " * 9000, b"n" * 9000, b"parameter, " * 900)
    function = extract(source, named("python")).functions[0]
    assert (len(function.doc), len(function.name), len(function.signature)) == (4000, 200, 300)
    assert function.name_span.end - function.name_span.start == 9000
