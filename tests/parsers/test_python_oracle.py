"""The functions of the standard library are exactly those that Python's own parser finds."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from funcseek.parsers import Extraction, extract, language_named

# Modules with every kind of construct: nesting, decorators, conditional definitions, odd strings and encodings.
MODULES = (
    "abc",
    "argparse",
    "ast",
    "asyncio/base_events",
    "asyncio/tasks",
    "base64",
    "bdb",
    "calendar",
    "cmd",
    "codecs",
    "collections/__init__",
    "configparser",
    "contextlib",
    "copy",
    "csv",
    "ctypes/util",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "doctest",
    "email/message",
    "enum",
    "fractions",
    "ftplib",
    "functools",
    "heapq",
    "inspect",
    "io",
    "locale",
    "logging/__init__",
    "mailbox",
    "optparse",
    "pathlib",
    "pdb",
    "pickle",
    "platform",
    "pydoc",
    "random",
    "shutil",
    "smtplib",
    "statistics",
    "subprocess",
    "tarfile",
    "tempfile",
    "traceback",
    "turtle",
    "typing",
    "unittest/mock",
    "uuid",
    "xml/dom/minidom",
    "zipfile",
)

Row = tuple[str, int, str]


def expected(source: bytes) -> set[Row]:
    """Return name, zero-based line and docstring of every ``def`` and every lambda bound to a plain name."""
    nodes = list(ast.walk(ast.parse(source)))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    rows = {(node.name, node.lineno - 1, ast.get_docstring(node) or "") for node in functions}
    assignments = [node for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign)]
    for node in assignments:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if isinstance(node.value, ast.Lambda):
            rows |= {(target.id, target.lineno - 1, "") for target in targets if isinstance(target, ast.Name)}
    return rows


def extraction(source: bytes) -> Extraction:
    language = language_named("python")
    assert language is not None
    return extract(source, language)


@pytest.mark.parametrize("module", MODULES)
def test_functions_are_those_of_pythons_own_parser(module: str) -> None:
    source = Path(sysconfig.get_path("stdlib"), f"{module}.py").read_bytes()
    found = extraction(source)
    wanted = expected(source)
    assert {(one.name, one.name_line) for one in found.functions} == {(name, line) for name, line, _doc in wanted}
    docs = {(one.name, one.name_line): one.doc for one in found.functions}
    # Escape sequences are left as written; the interpreter's docstring has them resolved.
    plain = [(name, line, doc) for name, line, doc in wanted if doc.isprintable()]
    assert [row for row in plain if row[2] and "\\" not in docs[row[:2]] and docs[row[:2]] != row[2].strip()] == []
