"""Functions that a person listed by reading, held against ours, for languages without a compiler at hand.

``audits/LANGUAGE.tsv`` starts with lines ``# PACKAGE==VERSION (npm)``; each other line is a path inside a package, a
one-based line and a name, separated by tabs. ``audited.sh`` brings the packages. The lists are made without looking at
what we find. ``python -m tests.oracles.audit LANGUAGE [FOLDER]`` shows how one goes.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .comparison import Comparison

_AUDITS = Path(__file__).parent / "audits"
_PACKAGES = Path(__file__).parent / "sources" / "audited"
_PACKAGE = re.compile(r"# (\S+)==(\S+) \((?:npm|pypi|pypi sdist|debian)\)")


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


@dataclass(frozen=True, slots=True)
class Audit:
    """The list of one language, and the folder in which its packages are looked for."""

    language: str
    folder: Path

    def places(self) -> dict[str, Path]:
        """Return where the audited files are, by their path inside a package; those not there are left out."""
        packages, functions = listed(self.language)
        roots = [self.folder / _folder_name(*package) for package in packages]
        found = {path: next((root / path for root in roots if (root / path).is_file()), None) for path in functions}
        return {path: place for path, place in found.items() if place is not None}

    def missing(self) -> list[str]:
        """Return the audited files that are not there."""
        return sorted(listed(self.language)[1].keys() - self.places().keys())

    def sources(self) -> list[Path]:
        """Return the audited files that are there."""
        return list(self.places().values())


def audits(folder: Path | None = None) -> dict[str, Audit]:
    """Return the audits by language."""
    return {path.stem: Audit(path.stem, folder or _PACKAGES) for path in sorted(_AUDITS.glob("*.tsv"))}


def compare_audit(audit: Audit) -> Comparison | None:
    """Hold a list against what we find; None where none of its files is there."""
    places = audit.places()
    functions = listed(audit.language)[1]

    def known(_paths: Sequence[Path]) -> Iterator[tuple[Path, Sequence[Known]]]:
        yield from ((place, functions[path]) for path, place in places.items())

    return compare(Oracle(audit.language, (), list, known)) if places else None


def _folder_name(name: str, version: str) -> str:
    return f"{name.removeprefix('@').replace('/', '-')}-{version}"


def main(language: str, folder: str | None = None) -> int:
    """Print how an audit went; return 1 where it did not find exactly what is listed, or not every file was there."""
    audit = audits(Path(folder) if folder else None)[language]
    seen = compare_audit(audit)
    if seen is None:
        sys.stderr.write(f"{language}: none of its packages is in {audit.folder}\n")
        return 1
    recall, precision = f"{seen.recall:.4f}", f"{seen.precision:.4f}"
    counts = f"{seen.files} files, {seen.known} functions, recall {recall}, precision {precision}"
    sys.stdout.write(f"{language}: {counts}\n")
    for kind, examples in seen.examples.items():
        sys.stdout.writelines(f"  {kind} {example}\n" for example in examples)
    return int(seen.matched < seen.known or seen.false > 0 or bool(audit.missing()))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
