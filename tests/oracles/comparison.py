"""Functions as a compiler knows them, held against ours: recall, precision, lines and documentation. Pure.

An oracle module gives an `Oracle`. A function matches where path, name and the line of the name are the same; where it
starts, where it ends and its documentation are compared for the matches only, and only where the oracle tells them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funcseek.parsers import extract, language_for, language_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from funcseek.parsers import Function

# Of each kind of difference this many are shown.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Known:
    """One function as the oracle knows it; lines are zero-based. None: the oracle does not tell."""

    name: str
    name_line: int
    start_line: int | None = None
    end_line: int | None = None
    doc: str | None = None


def _nothing(_function: Function) -> bool:
    return False


def _no_lines(_path: Path) -> Sequence[tuple[int, int]]:
    return ()


@dataclass(frozen=True, slots=True)
class Oracle:
    """A compiler's parser and real source to run it on.

    ``judge`` is what people call it; ``needs`` are the programs it takes, and the paths of what else must be there.
    ``paths`` gives files that packages brought to this machine; ``known`` yields the functions of each file that the
    oracle can read, and leaves the others out. ``is_extra`` tells which of our functions are wanted although the oracle
    counts them as none, such as a closure bound to a name; they are counted apart, and so are those in the zero-based,
    inclusive ranges of lines that ``unseen`` gives, which the oracle does not read, such as a branch for another
    system. ``names`` gives the name of one of ours as the oracle would say it. With fewer than ``least_functions`` the
    source is not there.
    """

    language: str
    needs: tuple[str, ...]
    paths: Callable[[], Sequence[Path]]
    known: Callable[[Sequence[Path]], Iterator[tuple[Path, Sequence[Known]]]]
    is_extra: Callable[[Function], bool] = _nothing
    names: Callable[[Function], str] = field(default=lambda function: function.name)
    unseen: Callable[[Path], Sequence[tuple[int, int]]] = _no_lines
    least_recall: float = 0.999
    least_precision: float = 0.997
    least_functions: int = 300
    judge: str = ""


@dataclass(slots=True)
class Comparison:
    """Counts over many files, and the first differences of each kind as people read them."""

    files: int = 0
    known: int = 0
    matched: int = 0
    false: int = 0
    extras: int = 0
    starts: int = 0
    wrong_starts: int = 0
    ends: int = 0
    wrong_ends: int = 0
    docs: int = 0
    wrong_docs: int = 0
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def recall(self) -> float:
        """Share of the oracle's functions that we find, 1 where it has none."""
        return _share(self.matched, self.known)

    @property
    def precision(self) -> float:
        """Share of our functions, wanted extras left out, that the oracle knows."""
        return _share(self.matched, self.matched + self.false)

    @property
    def exact_starts(self) -> float:
        """Share of the matches that start in the oracle's line."""
        return _share(self.starts - self.wrong_starts, self.starts)

    @property
    def exact_ends(self) -> float:
        """Share of the matches that end in the oracle's line."""
        return _share(self.ends - self.wrong_ends, self.ends)

    @property
    def exact_docs(self) -> float:
        """Share of the matches whose documentation is the oracle's, of those that have any on either side."""
        return _share(self.docs - self.wrong_docs, self.docs)

    def note(self, kind: str, text: str) -> None:
        """Keep one example of a difference, up to `SHOWN` of each kind."""
        examples = self.examples.setdefault(kind, [])
        if len(examples) < SHOWN:
            examples.append(text)


def compare(oracle: Oracle) -> Comparison:
    """Run the oracle and our extractor over the oracle's files."""
    seen = Comparison()
    for path, known in oracle.known(oracle.paths()):
        language = language_for(path.name) or language_named(oracle.language)
        assert language is not None, f"{path} is in no language of ours"
        functions = extract(path.read_bytes(), language).functions
        _compare_file(seen, oracle, path, known=known, functions=functions)
    return seen


def _compare_file(
    seen: Comparison, oracle: Oracle, path: Path, *, known: Sequence[Known], functions: Sequence[Function]
) -> None:
    theirs = {(one.name, one.name_line): one for one in known}
    ours = {(oracle.names(one), one.name_line): one for one in functions}
    seen.files += 1
    seen.known += len(theirs)
    for key, one in theirs.items():
        if key in ours:
            seen.matched += 1
            _compare_match(seen, path, one, ours[key])
        else:
            seen.note("missed", f"{path}:{key[1] + 1} {key[0]}")
    for key, function in ours.items():
        if key not in theirs:
            _count_surplus(seen, oracle, path, function)


def _count_surplus(seen: Comparison, oracle: Oracle, path: Path, function: Function) -> None:
    line = function.name_line
    if oracle.is_extra(function) or any(first <= line <= last for first, last in oracle.unseen(path)):
        seen.extras += 1
    else:
        seen.false += 1
        seen.note("false", f"{path}:{function.name_line + 1} {function.kind} {function.qualified_name}")


def _compare_match(seen: Comparison, path: Path, known: Known, function: Function) -> None:
    place = f"{path}:{known.name_line + 1} {known.name}"
    if known.start_line is not None:
        seen.starts += 1
        if known.start_line != function.start_line:
            seen.wrong_starts += 1
            seen.note("start", f"{place}: {function.start_line + 1} instead of {known.start_line + 1}")
    if known.end_line is not None:
        seen.ends += 1
        if known.end_line != function.end_line:
            seen.wrong_ends += 1
            seen.note("end", f"{place}: {function.end_line + 1} instead of {known.end_line + 1}")
    if known.doc is not None and (known.doc or function.doc):
        seen.docs += 1
        if _words(known.doc) != _words(function.doc):
            seen.wrong_docs += 1
            seen.note("doc", f"{place}: {function.doc!r} instead of {known.doc!r}")


def _words(doc: str) -> list[str]:
    # Whether a line without words is a drawing to keep or a rule to leave out is a matter of taste.
    lines = (line for line in doc.splitlines() if any(map(str.isalnum, line)))
    return [word for line in lines for word in line.split()]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def sample(paths: Iterable[Path], *, count: int, largest_bytes: int = 300_000) -> list[Path]:
    """Return ``count`` files, spread evenly over their sorted paths, without those too large to be hand-written."""
    present = sorted(path for path in paths if path.is_file() and path.stat().st_size <= largest_bytes)
    chosen = min(count, len(present))
    return [present[number * len(present) // chosen] for number in range(chosen)]
