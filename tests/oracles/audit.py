"""Functions that a person listed by reading, held against ours, for languages without a compiler at hand.

``python -m tests.oracles.audit LANGUAGE FOLDER`` where FOLDER holds the packages unpacked, each in a folder that is
named or ends in ``NAME`` or ``NAME-VERSION``. ``audits/LANGUAGE.tsv`` starts with lines ``# PACKAGE==VERSION (npm)``;
each other line is a path inside a package, a one-based line and a name, separated by tabs. What was unpacked in another
version is compared all the same. The lists are made without looking at what we find.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_AUDITS = Path(__file__).parent / "audits"
_PACKAGE = re.compile(r"# (\S+)==(\S+) \((?:npm|pypi|debian)\)")


def listed(language: str) -> tuple[list[tuple[str, str]], dict[str, list[Known]]]:
    """Return the packages of an audit as (name, version), and its functions by their path inside a package."""
    packages: list[tuple[str, str]] = []
    functions: dict[str, list[Known]] = {}
    for line in (_AUDITS / f"{language}.tsv").read_text(encoding="utf-8").splitlines():
        if package := _PACKAGE.fullmatch(line):
            packages.append((package[1], package[2]))
        elif line and not line.startswith("#"):
            path, number, name = line.split("\t")
            functions.setdefault(path, []).append(Known(name, int(number) - 1))
    return packages, functions


def audit(language: str, folder: Path) -> Oracle:
    """Return the audit of a language as an oracle over the packages unpacked in a folder."""
    packages, functions = listed(language)
    roots = [root for root in (folder, *folder.glob("*"), *folder.glob("*/*")) if _is_package(root, packages)]
    found = {path: next((root / path for root in roots if (root / path).is_file()), None) for path in functions}
    for path in (path for path, place in found.items() if place is None):
        sys.stderr.write(f"not unpacked: {path}\n")

    def known(_paths: Sequence[Path]) -> Iterator[tuple[Path, Sequence[Known]]]:
        yield from ((place, functions[path]) for path, place in found.items() if place is not None)

    return Oracle(language, (), list, known)


def _is_package(root: Path, packages: Sequence[tuple[str, str]]) -> bool:
    name = re.sub(r"[-_]", "-", root.name)
    return root.is_dir() and any(
        name.endswith(re.sub(r"[-_/]", "-", given)) for pair in packages for given in _names(*pair)
    )


def _names(name: str, version: str) -> tuple[str, ...]:
    plain = name.removeprefix("@")
    return (plain, name.rpartition("/")[2], f"{plain}-{version}", f"{plain}-{version.partition('+')[0]}")


def main(language: str, folder: str) -> int:
    """Print how an audit went; return 1 where it did not find exactly what is listed."""
    seen = compare(replace(audit(language, Path(folder)), least_precision=0.0))
    recall, precision = f"{seen.recall:.4f}", f"{seen.precision:.4f}"
    counts = f"{seen.files} files, {seen.known} functions, recall {recall}, precision {precision}"
    sys.stdout.write(f"{language}: {counts}\n")
    for kind, examples in seen.examples.items():
        sys.stdout.writelines(f"  {kind} {example}\n" for example in examples)
    return int(seen.matched < seen.known or seen.false > 0 or seen.known == 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
