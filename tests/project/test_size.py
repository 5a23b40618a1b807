"""One page for each thing: no file over 400 lines, no function over 40, at most four positional parameters."""

from __future__ import annotations

import ast
from pathlib import Path

TOP = Path(__file__).parents[2]
MODULES = [path for folder in ("parsers", "index", "server", "bench") for path in (TOP / folder).rglob("*.py")]
MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_POSITIONAL = 400, 40, 4


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len([name for name in names if name not in ("self", "cls")])


def test_files_fit_their_budget() -> None:
    sizes = {path.name: path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {name: size for name, size in sizes.items() if size > MAX_FILE_LINES} == {}


def test_functions_fit_their_budget() -> None:
    long = {
        f"{path.name}:{function.name}": length
        for path in MODULES
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_parameters_fit_their_budget() -> None:
    many = {
        f"{path.name}:{function.name}"
        for path in MODULES
        for function in functions(path)
        if positional(function) > MAX_POSITIONAL
    }
    assert many == set()
