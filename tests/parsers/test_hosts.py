"""Functions in documents: which regions count, in which language, and where they lie in the file."""

from __future__ import annotations

import json
from time import process_time

import pytest

from funcseek.parsers import Extraction, extract, language_named
from funcseek.parsers.hosts import MAX_REGIONS


def extraction(content: bytes, host: str) -> Extraction:
    language = language_named(host)
    assert language is not None
    return extract(content, language)


def check(host: str, content: str | bytes, *expected: str) -> None:
    """See that these functions are found, ``language name`` each, and that each lies where it says."""
    data = content.encode() if isinstance(content, str) else content
    found = extraction(data, host)
    assert found.problem is None
    assert [f"{one.language} {one.name}" for one in found.functions] == list(expected)
    for index, function in enumerate(found.functions):
        assert function.start_line == data.count(b"\n", 0, function.span.start)
        assert function.end_line == data.count(b"\n", 0, function.span.end - 1)
        assert function.name_line == data.count(b"\n", 0, function.name_span.start)
        if host != "jupyter":
            assert data[function.span.start : function.span.end].decode() == found.text(index)
            assert data[function.name_span.start : function.name_span.end].decode() == function.name


@pytest.mark.parametrize(
    ("opening", "language"),
    [
        ("<script>", "javascript"),
        ("<SCRIPT\n  DEFER>", "javascript"),
        ('<script type="">', "javascript"),
        ("<script type=module>", "javascript"),
        ("<script type='text/JavaScript; charset=utf-8'>", "javascript"),
        ('<script type="application/x-javascript">', "javascript"),
        ('<script type="text/babel">', "javascript"),
        ('<script lang="ts">', "typescript"),
        ('<script setup lang = "ts" generic="T extends A<B>">', "typescript"),
        ('<script type="module" lang="tsx">', "tsx"),
        ('<script data-x="a > b" lang="ts">', "typescript"),
        ('<script lang="ts" lang="coffee">', "typescript"),
        ('<script type="text/typescript">', "typescript"),
        ('<script lang="coffee">', None),
        ('<script type="application/ld+json">', None),
        ('<script type="importmap">', None),
        ('<script type="text/html">', None),
        ('<script type="text/x-template">', None),
        ('<script type="x-shader/x-vertex">', None),
        ("<scripts>", None),
        ("<script-x>", None),
        ("<script/>", None),
        ("< script>", None),
        ("</script>", None),
        ('<p title="<script>">', None),
        ("<!-- <script>", None),
        ("<style><script>", None),
        ("<textarea><script>", None),
        ("<title/><script>", "javascript"),
        ("<!--><script>", "javascript"),
        ("<!-- a --!><script>", "javascript"),
        # The standard would have the attribute go on to the end of the page.
        ('<p title="never closed><script>', "javascript"),
        ('<p title="one" \'two><script>', "javascript"),
        ("{#if a < b}<script>", "javascript"),
        ("<b <script>", None),
        ("<style></styles></STYLE ><script>", "javascript"),
    ],
)
def test_script_is_in_the_language_that_its_tag_says(opening: str, language: str | None) -> None:
    check("html", f"{opening} function f() {{}}", *([f"{language} f"] if language else []))


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("function f() {}</script>function g() {}", ["f"]),
        ('function f() { return "<\\/script>" } function g() {}</script>', ["f", "g"]),
        ("function f() {}</scripts>; function g() {}</script>", ["f"]),
        ("<!-- <script></script>\nfunction f() {}\n//--></script>function g() {}", ["f"]),
        ("<!-- \nfunction f() {}</script>function g() {}", ["f"]),
        ("function f() {}</script ><script>function g() {}", ["f", "g"]),
        ("<![CDATA[\nfunction f() {}\n]]></script>", ["f"]),
        ("//<![CDATA[\nfunction f() {}\n//]]></script>", ["f"]),
        ("/*<![CDATA[*/\nfunction f() {}\n/*]]>*/</script>", ["f"]),
    ],
)
def test_script_ends_where_the_html_standard_says(script: str, names: list[str]) -> None:
    found = extraction(f"<script>{script}".encode(), "html").functions
    assert [function.name for function in found if function.name in "fg"] == names
    assert {function.doc for function in found} == {""}


def test_broken_script_hides_no_other() -> None:
    check(
        "vue",
        "<script>\nfunction f() {}\n} ) ( '\n</script>\n<script setup>\nfunction g() {}\n</script>\n<template><p>",
        "javascript f",
        "javascript g",
    )


@pytest.mark.parametrize("host", ["html", "vue", "svelte", "astro", "markdown", "erb", "ejs", "jupyter"])
@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"<", b"<%", b"```", b"{", b'{"cells":[', b"\0"]
)
def test_next_to_nothing_gives_nothing(host: str, content: bytes) -> None:
    assert extraction(content, host) == Extraction(())


def test_astro_frontmatter_is_typescript() -> None:
    check("astro", "---\nconst f = (a: number) => a\n---\n<p>---</p>\n", "typescript f")
    check("astro", "<p>\n---\nconst f = (a) => a\n---\n")
    check("astro", "---\nconst f = (a) => a\n")


@pytest.mark.parametrize(
    ("host", "content", "names"),
    [
        ("erb", "<% def f %><p><% end %>", ["ruby f"]),
        ("erb", "<% if x # why %><% def f; end; end %>", ["ruby f"]),
        ("erb", "<%# def f; end %><%% def g; end %>", []),
        ("erb", "<%= tag do |x| %>\n<% def f; end %>\n<% end %><% def g; end -%>", ["ruby f", "ruby g"]),
        ("erb", "def f; end <% x %>", []),
        ("erb", "<% def f; end", []),
        ("erb", "<script>var a = <%= b %>; function f(c = <%= d %>) {}</script>", ["javascript f"]),
        ("erb", "<script><% if a %>function f() { return '<%= b %>' }<% end %></script>", ["javascript f"]),
        ("erb", "<% '<script>' %>function f() {}", []),
        ("ejs", "<% function f() { %><p><% } %>", ["javascript f"]),
        ("ejs", "<%_ const f = () => 1 // why _%><%- f() %><% function g() {} %>", ["javascript f", "javascript g"]),
        ("ejs", "<script><% if (a) { %>function f() {}<% } %></script>", ["javascript f"]),
    ],
)
def test_directives_of_a_template_are_one_program(host: str, content: str, names: list[str]) -> None:
    check(host, content, *names)


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("js", "javascript"),
        (" Python title=x", "python"),
        ("{r, echo=FALSE}", None),
        ("{.python .numberLines}", "python"),
        ("{python}", "python"),
        ("js{1,3}", "javascript"),
        ("rust,ignore", "rust"),
        ("ts:app.ts", "typescript"),
        ("src/app.rb", "ruby"),
        ("c++", "cpp"),
        ("console", None),
        ("diff", None),
        ("", None),
        ("{}", None),
    ],
)
def test_info_string_of_a_fence_tells_the_language(info: str, language: str | None) -> None:
    bodies = {
        "javascript": "function f() {}",
        "typescript": "function f(): void {}",
        "rust": "fn f() {}",
        "ruby": "def f; end",
        "cpp": "int f() { return 1; }",
    }
    body = bodies.get(language or "", "def f(): pass")
    check("markdown", f"```{info}\n{body}\n```\n", *([f"{language} f"] if language else []))


@pytest.mark.parametrize(
    "content",
    [
        "~~~py\ndef f():\n    pass\n~~~\n",
        "````py\ndef f():\n    '''\n```\n'''\n````\n",
        "```py\ndef f():\n    pass",
        "   ```py\n   def f():\n       pass\n   ```\n",
        "- a\n\n  ```py\n  def f():\n      pass\n  ```\n",
        "1. a\n   - b\n\n     ```py\n     def f():\n\n         pass\n     ```\n",
        "> ```py\n> def f():\n>     pass\n> ```\n",
        "> - > ```py\n>   > def f():\n>   >     pass\n>   > ```\n",
        "-\t```py\n\tdef f():\n\t    pass\n\t```\n",
        "`````md\n````md\n```py\ndef f():\n    pass\n```\n````\n`````\n",
        "größe \u2028 \x0b\n\n> ```py\n> # ü\n> def f():\n>     pass\n",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_fence_is_read_wherever_it_stands(content: str, line_end: str) -> None:
    check("markdown", content.replace("\n", line_end), "python f")


def test_fences_are_read_each_on_its_own() -> None:
    check("markdown", "```py\ndef f(): pass\nx = (\n```\n```py\ndef g(): pass\n```\n", "python f", "python g")
    check(
        "markdown",
        "    ```py\n    def f(): pass\n    ```\n`` ```py def f(): pass``` ``\n<!--\n```py\ndef f(): pass\n-->\n",
    )


def test_page_in_a_fence_is_read_as_a_page() -> None:
    check("markdown", "> ```vue\n> <script lang='ts'>\n> function f() {\n> }\n> </script>\n> ```\n", "typescript f")


def test_old_macintosh_line_ends_are_line_ends() -> None:
    functions = extraction(b"# T\r\r```py\rdef f():\r    pass\r```\r", "markdown").functions
    assert [(one.name, one.start_line, one.end_line) for one in functions] == [("f", 3, 4)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_page_gives_spans_of_its_own_bytes(encoding: str) -> None:
    content = "\ufeff<p>\U0001f600</p>\n<script>function f() {}</script>".encode(encoding)
    (function,) = extraction(content, "html").functions
    assert content[function.span.start : function.span.end].decode(encoding) == "function f() {}"
    assert function.start_line == 1


def notebook(*cells: str, language: str | None = "python") -> bytes:
    metadata = {"language_info": {"name": language}} if language else {}
    rows = [{"cell_type": "code", "source": cell.splitlines(keepends=True), "outputs": []} for cell in cells]
    return json.dumps({"cells": rows, "metadata": metadata, "nbformat": 4}, indent=1).encode()


def test_code_of_a_notebook_is_the_code_that_runs() -> None:
    code = 'def größe(a="\\"\t\U0001f600"):\n    # \x07 /\n    return 1'
    content = notebook("x = 1\n" + code + "\n", code)
    found = extraction(content, "jupyter")
    assert [found.text(0), found.text(1)] == [code, code]
    for function in found.functions:
        text = content[function.span.start : function.span.end]
        assert text.startswith(b"def gr\\u00f6\\u00dfe")
        assert text.endswith(b"return 1")
        assert content[function.name_span.start : function.name_span.end] == b"gr\\u00f6\\u00dfe"
    check("jupyter", content, "python größe", "python größe")


def test_spans_of_a_notebook_hold_to_its_lines() -> None:
    content = notebook("def f():\n", "def g():\n    return 1\n\nx = 2").replace(b"\n", b"\r\n")
    check("jupyter", content, "python f", "python g")
    check("jupyter", json.dumps(json.loads(content)).encode(), "python f", "python g")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("%matplotlib inline\ndef f(): pass", ["python f"]),
        ("!ls {\ndef f(): pass", ["python f"]),
        ("f?\n?f\nf??\ndef f(): pass", ["python f"]),
        ("if x:\n    !ls (\ndef f(): pass", ["python f"]),
        ("names = !ls (\na, b = %sql (\ndef f(): pass", ["python f"]),
        ("def f(a):\n    return (a\n        % a)\ndef g(): pass", ["python f", "python g"]),
        ("%%time\ndef f(): pass", ["python f"]),
        ("%%bash -s x\nf() { :; }", ["bash f"]),
        ("\n%%js\nfunction f() {}", ["javascript f"]),
        ("%%script --no-raise-error ruby\ndef f; end", ["ruby f"]),
        ("%%writefile -a src/f.rs\nfn f() {}", ["rust f"]),
        ("%%writefile f.txt\ndef f(): pass", []),
        ("%%html\n<script>function f() {}</script>", ["javascript f"]),
        ("%%script", []),
        ("%%", []),
    ],
)
def test_magics_of_a_cell_are_left_out(cell: str, names: list[str]) -> None:
    check("jupyter", notebook(cell), *names)


@pytest.mark.parametrize(
    ("language", "names"),
    [("python", ["python f"]), ("C++17", ["cpp f"]), ("klingon", []), (None, ["python f"])],
)
def test_cells_are_in_the_language_of_the_kernel(language: str | None, names: list[str]) -> None:
    cell = "int f() { return 1; }" if language == "C++17" else "def f(): pass"
    check("jupyter", notebook(cell, language=language), *names)


@pytest.mark.parametrize("last", ["return 'é'", 'return "a"', "return 1"])
def test_function_ends_within_the_string_that_its_last_line_is_in(last: str) -> None:
    source = ["def f():\n", f"    {last}", "\nx = 2"]
    content = json.dumps({"cells": [{"cell_type": "code", "source": source}]}, indent=1).encode()
    (function,) = extraction(content, "jupyter").functions
    written = json.dumps(last)[1:-1].encode()
    assert content[function.span.start : function.span.end].endswith(written)


def test_notebook_of_format_3_is_read() -> None:
    cells = [{"cell_type": "code", "language": "python", "input": ["def f():\n", "    pass"]}]
    check("jupyter", json.dumps({"metadata": {"name": ""}, "worksheets": [{"cells": cells}]}), "python f")


def test_cell_may_be_in_a_language_of_its_own() -> None:
    cell = {"cell_type": "code", "metadata": {"vscode": {"languageId": "csharp"}}, "source": "void F() { }"}
    check("jupyter", json.dumps({"cells": [cell]}), "c_sharp F")


def test_broken_notebook_gives_the_cells_before_the_break() -> None:
    whole = notebook("def f(): pass", "def g(): pass")
    for length in range(len(whole)):
        found = extraction(whole[:length], "jupyter")
        assert found.problem is None
        assert [one.name for one in found.functions] in ([], ["f"], ["f", "g"])
    assert [one.name for one in extraction(whole[: whole.index(b"def g")], "jupyter").functions] == ["f"]


@pytest.mark.parametrize(
    ("host", "opening", "repeated", "closing"),
    [
        ("html", "", "<script>", ""),
        ("html", "", "<!--", ""),
        ("html", "", '<a b="', ""),
        ("html", "<a ", "b = ", ""),
        ("html", "<a" + " " * 500_000, "=", ""),
        ("html", "<script>", "<!--<script>", ""),
        ("html", "", "<style></style", ""),
        ("html", "<script><![CDATA[", "]]", ""),
        ("erb", "", "<%", ""),
        ("erb", "", "<% %>", ""),
        ("erb", "", "<%" + "=" * 50, ""),
        ("markdown", "", "```py\n", ""),
        ("markdown", "", "> ", ""),
        ("markdown", "", "- ", ""),
        ("markdown", "", "```py\nx\n```\n", ""),
        ("markdown", "", "[a]: <", ""),
        ("jupyter", "", "[", ""),
        ("jupyter", "", '{"cells":', ""),
        ("jupyter", '{"cells":[', '"', ""),
        ("jupyter", '{"cells":[', '{"cell_type":"code","source":"', ""),
        ("jupyter", '{"cells":[', '{"cell_type":"code","source":"x"},', ""),
        ("jupyter", '{"cells":[{"cell_type":"code","source":"', "\\u00e9", '"}]}'),
        ("jupyter", '{"cells":[{"cell_type":"code","source":"', "a ", '"}]}'),
        ("jupyter", '{"cells":[{"cell_type":"code","source":"', "[a, ", '\\n"}]}'),
        ("jupyter", '{"cells":[{"cell_type":"code","source":["', '", "', '"]}]}'),
    ],
)
def test_hostile_document_takes_linear_time(host: str, opening: str, repeated: str, closing: str) -> None:
    start = process_time()
    extraction((opening + repeated * (500_000 // len(repeated)) + closing).encode(), host)
    assert process_time() - start < 4


def test_more_regions_than_people_write_are_left_out() -> None:
    assert len(extraction(b"<script>function f() {}</script>" * (MAX_REGIONS + 5), "html").functions) == MAX_REGIONS


def test_minified_script_in_a_page_is_left_out() -> None:
    minified = "function e(t){return n}" * 200
    check("html", f"<script>{minified}</script>\n<script>\nfunction f() {{}}\n</script>", "javascript f")
    check("jupyter", notebook(f"%%js\n{minified}", f"picture = '{'a' * 9000}'", "def f(): pass"), "python f")
