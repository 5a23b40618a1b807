"""Which questions are asked, and in which folder each of them: the built-in sets and those that a user brings.

``doc`` questions are asked in trees without documentation, all others in the sources as they are. What cannot be had is
said in a sentence, and the rest goes on.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache as once
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from funcseek.parsers import fingerprint_of_all

from .bare_trees import bare_tree
from .corpora import Unavailable, bring, bring_all, functions_in
from .derived import MISSPELLED, misspelled_questions, name_questions, nonsense_questions
from .docstrings import IDS, doc_questions
from .packages import packages
from .questions import NONSENSE, line_of, read_questions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from .packages import Package
    from .questions import Question

_HERE = Path(__file__).parent
FILES = {"intent": "intent.jsonl", "file": "files.jsonl", "multilingual": "multilingual.jsonl"}
DERIVED = ("name", "qualified", "typo")
KINDS = ("doc", "intent", MISSPELLED, "file", *DERIVED, "multilingual", NONSENSE)
_NAME_RULES = ("derived.py", "asides.py")


class Case(NamedTuple):
    """A question and the folder it is asked in."""

    question: Question
    root: Path


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions: their kinds, their ``split`` (``""`` for both) and their corpora, all where there is none."""

    kinds: tuple[str, ...] = KINDS
    split: str = "report"
    corpora: tuple[str, ...] = ()

    def takes(self, question: Question) -> bool:
        """Say whether a question is wanted."""
        return (
            question.kind in self.kinds
            and self.split in ("", question.split)
            and (not self.corpora or question.corpus in self.corpora)
        )


def built_in(wanted: Wanted, cache: Path) -> tuple[list[Case], list[str]]:
    """Return the cases of the built-in sets in a fixed order, and a sentence for each corpus that cannot be had.

    Only corpora that are asked about are brought. ValueError names a kind or a corpus that there is none of.
    """
    table = packages()
    if unknown := [f"set {one!r}" for one in wanted.kinds if one not in KINDS] + [
        f"corpus {one!r}" for one in wanted.corpora if one not in table
    ]:
        raise ValueError(f"There is no {unknown[0]}.")
    written: dict[str, list[Question]] = defaultdict(list)
    for question in filter(wanted.takes, _written(table.values())):
        written[question.corpus].append(question)
    cases: list[Case] = []
    missing: list[str] = []
    for package in table.values():
        is_wanted = not wanted.corpora or package.name in wanted.corpora
        is_made = {"doc", *DERIVED}.intersection(wanted.kinds) and wanted.split in ("", package.split)
        if not (is_wanted and is_made) and package.name not in written:
            continue
        try:
            cases += _of_package(package, wanted, written[package.name], cache=cache)
        except Unavailable as reason:
            missing.append(f"{package.name} is left out: {reason}")
    return cases, missing


def _written(table: Iterable[Package]) -> Iterator[Question]:
    """Yield the questions that need no source."""
    for name in FILES.values():
        yield from read_questions(_HERE / name)
    yield from misspelled_questions(read_questions(_HERE / FILES["intent"]))
    yield from nonsense_questions(list(table))


def _of_package(package: Package, wanted: Wanted, written: list[Question], *, cache: Path) -> Iterator[Case]:
    root = bring(package, cache)
    if "doc" in wanted.kinds and wanted.split in ("", package.split):
        tree = bare_tree(package, root, cache)
        yield from (Case(one, tree.root) for one in doc_questions(package, tree.documented) if one.id in _doc_ids())
    derived = _names(package, root, cache) if set(DERIVED).intersection(wanted.kinds) else []
    yield from (Case(one, root) for one in (*written, *derived) if wanted.takes(one))


@once
def _doc_ids() -> frozenset[str]:
    return frozenset(IDS.read_text(encoding="utf-8").splitlines())


def _names(package: Package, root: Path, cache: Path) -> list[Question]:
    """Return the questions derived from the names of a corpus, kept in the cache because that takes all of it."""
    digest = blake2b(str(fingerprint_of_all()).encode(), digest_size=6)
    for name in _NAME_RULES:
        digest.update((_HERE / name).read_bytes())
    file = cache / "names" / f"{package.key}-{digest.hexdigest()}.jsonl"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        lines = (line_of(one) + "\n" for one in name_questions(package, functions_in(root)))
        part.write_text("".join(lines), encoding="utf-8")
        part.rename(file)
    return list(read_questions(file))


def from_file(file: Path, cache: Path) -> tuple[list[Case], list[str]]:
    """Return the cases of a file of labelled questions, and a sentence for each corpus that cannot be had.

    A corpus is one of the table, or a folder beside the file.
    """
    questions = list(read_questions(file))
    roots, missing = _roots({one.corpus for one in questions}, file.resolve().parent, cache)
    return [Case(one, roots[one.corpus]) for one in questions if one.corpus in roots], missing


def _roots(names: Collection[str], beside: Path, cache: Path) -> tuple[dict[str, Path], list[str]]:
    table = packages()
    roots, missing = bring_all([table[name] for name in sorted(names) if name in table], cache)
    for name in sorted(set(names) - set(table)):
        if (beside / name).is_dir():
            roots[name] = beside / name
        else:
            missing.append(f"{name} is left out: it is no package of the table and no folder beside the questions.")
    return roots, missing
