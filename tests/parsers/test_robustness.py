"""Any bytes are source: nothing raises, nothing hangs, and what is whole in a broken file is still found."""

from __future__ import annotations

from time import process_time

import pytest

from funcseek.parsers import Extraction, extract
from tests.extractions import named, names

PYTHON = b"def first():\n    return 1\n\n\nclass Pool:\n    def get(self):\n        return 1\n"


def test_text_of_a_function_holds_its_decorators() -> None:
    assert extract(b"@cached\ndef f(): pass\n", named("python")).text(0) == "@cached\ndef f(): pass"


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
    assert extraction == Extraction((), "is nested too deeply")
    assert process_time() - start < 3


def test_slow_parse_is_given_up_and_the_next_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("funcseek.parsers.trees.PARSE_DEADLINE_SECONDS", -1)
        assert extract(PYTHON * 2000, named("python")) == Extraction((), "timed out")
    assert names(PYTHON) == ["first", "Pool.get"]


def test_deep_nesting_gives_the_outer_functions_and_short_names() -> None:
    source = b"const f=()=>{" * 3000 + b"}" * 3000
    functions = extract(source, named("javascript")).functions
    assert len(functions) >= 400
    assert functions[0].span.end == len(source)
    assert max(len(function.qualified_name) for function in functions) < 100


@pytest.mark.parametrize("character", ["\U000f0775", "\U0010fffd", "\U000e0001", "\U0001f600"])
def test_character_of_a_far_plane_crashes_no_grammar(character: str) -> None:
    assert names(f"f() {{ :; }}\n''{{{character}\ng() {{ :; }}\n".encode(), "bash")[:1] == ["f"]
    assert names(f"f() {{ echo '{character}'; }}\ng() {{ :; }}\n".encode(), "bash") == ["f", "g"]


def test_functions_come_in_the_order_of_their_starts() -> None:
    functions = extract(b"open::g>t->l\nopen=o", named("haskell")).functions
    starts = [function.span.start for function in functions]
    assert starts == sorted(starts)


@pytest.mark.parametrize("line", [b"@;", b"$;", b"\\", b"@ ", b"$x @x"])
def test_perl_that_ends_in_a_here_document_does_not_hang(line: bytes) -> None:
    assert names(b"sub f { 1 }\nprint <<EOT;\n" + line, "perl") == ["f"]


def test_function_whose_name_is_missing_is_none() -> None:
    assert names(b"3\nprivate[def t(){()\ndef/*", "scala") == ["t"]


def test_file_of_too_many_functions_keeps_the_first() -> None:
    extraction = extract(b"".join(b"def f%d(): pass\n" % number for number in range(20_001)), named("python"))
    assert extraction.problem == "holds more than 20,000 functions"
    assert [function.name for function in extraction.functions] == [f"f{number}" for number in range(20_000)]


def test_endless_errors_between_marks_are_refused_soon() -> None:
    start = process_time()
    assert extract(b"a?" * 20_000, named("swift")).problem == "is nested too deeply"
    assert process_time() - start < 3


@pytest.mark.parametrize(("language", "link"), [("ruby", b"a."), ("ruby", b"a.b()."), ("kotlin", b"a."), ("go", b"a+")])
def test_long_chain_takes_time_in_proportion(language: str, link: bytes) -> None:
    start = process_time()
    extract(link * 20_000 + b"a\n", named(language))
    assert process_time() - start < 3


def test_long_doc_signature_and_name_are_cut() -> None:
    source = b"# %s\ndef %s(%s): pass\n" % (b"doc " * 9000, b"n" * 9000, b"parameter, " * 900)
    function = extract(source, named("python")).functions[0]
    assert (len(function.doc), len(function.name), len(function.signature)) == (4000, 200, 300)
    assert function.name_span.end - function.name_span.start == 9000


def test_names_and_comments_that_are_no_text_crash_no_predicate() -> None:
    source = b"function f\n<# \x9e\xae?\xe2\xec\xb6 #>\n{ 1 }\nIt\xe9 'x' { 2 }\nfunction g\xe9 { 3 }\n"
    assert [function.name for function in extract(source, named("powershell")).functions] == ["f", "g\ufffd"]
