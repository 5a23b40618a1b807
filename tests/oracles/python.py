"""Python as the interpreter's own ``ast`` reads it."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FILES = 500


def _paths() -> list[Path]:
    library = Path(sysconfig.get_path("stdlib"))
    return sample((path for path in library.rglob("*.py") if "site-packages" not in path.parts), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    for path in paths:
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        yield path, list(_functions(tree))


def _functions(tree: ast.Module) -> Iterator[Known]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min((decorator.lineno for decorator in node.decorator_list), default=node.lineno)
            yield Known(node.name, node.lineno - 1, first - 1, (node.end_lineno or 0) - 1, _doc(node))
        else:
            yield from _bound_lambdas(node)


def _bound_lambdas(node: ast.AST) -> Iterator[Known]:
    pairs: list[tuple[ast.expr | None, ast.expr | None]] = []
    if isinstance(node, ast.Dict):
        pairs = list(zip(node.keys, node.values, strict=True))
    elif isinstance(node, ast.Assign):
        pairs = [(target, node.value) for target in node.targets]
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        pairs = [(node.target, node.value)]
    for target, value in pairs:
        if isinstance(value, ast.Lambda) and target is not None and (name := _name(target)):
            yield Known(name, (target.end_lineno or 0) - 1)


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.value if isinstance(target, ast.Constant) and isinstance(target.value, str) else ""


def _doc(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """Return the docstring, None where there is none: a comment above then documents the function for us."""
    doc = ast.get_docstring(node)
    # Escapes are left as written in ours; the interpreter has them resolved.
    return None if doc is None or "\\" in doc or not doc.replace("\n", "").isprintable() else doc


ORACLE = Oracle("python", (), _paths, _known, judge="ast")
