"""``python -m bench.quality.docstrings [--check | --write]``: questions that the authors of packages wrote.

The first sentence of a function's documentation asks for the function, in a copy of its package's source in which no
function has its documentation any more. ``doc_ids.txt`` holds the ids of the questions; ``--check`` makes them anew and
says what differs, ``--write`` takes what is made. Chooses questions, ranks nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from .asides import is_aside
from .bare_trees import bare_tree
from .corpora import bring_all, cache_folder
from .packages import packages
from .questions import Answer, Question
from .sentences import question_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .bare_trees import BareTree, Documented
    from .packages import Package

IDS = Path(__file__).with_name("doc_ids.txt")
MAX_FOR_A_PACKAGE = 60
MAX_SHARE_OF_A_LANGUAGE = 0.2
# The head and a body of three lines.
MIN_LINES = 4


def doc_questions(package: Package, documented: Sequence[Documented]) -> list[Question]:
    """Return all that can be asked about a package; no two have the same words or the same answer."""
    found = [
        _question(package, one, query)
        for one in documented
        if one.language in package.languages and one.lines >= MIN_LINES and not is_aside(one.path)
        if (query := question_of(one.doc, one.name))
    ]
    asked = Counter(question_of(one.doc, one.name).casefold() for one in documented)
    answered = Counter(one.id for one in found)
    return [one for one in found if asked[one.query.casefold()] == answered[one.id] == 1]


def _question(package: Package, one: Documented, query: str) -> Question:
    number = f"doc:{package.name}:{one.path}:{one.qualified_name}"
    answers = (Answer(one.path, one.qualified_name),)
    return Question(number, query, package.name, one.language, "doc", answers, package.split)


def chosen(questions: Iterable[Question], most: int = MAX_FOR_A_PACKAGE) -> list[Question]:
    """Return the questions to ask, chosen by their ids: so many of a package, no language more than its share."""
    ranked = sorted(questions, key=lambda one: blake2b(one.id.encode(), digest_size=8).digest())
    taken: Counter[str] = Counter()
    kept: list[Question] = []
    for one in ranked:
        taken[one.corpus] += 1
        if taken[one.corpus] <= most:
            kept.append(one)
    while excess := _excess(kept):
        language, allowed = excess
        others = [one for one in kept if one.language != language]
        kept = [one for one in kept if one.language == language][:allowed] + others
    return sorted(kept, key=lambda one: one.id)


def _excess(kept: list[Question]) -> tuple[str, int] | None:
    """Return a language with more than its share, and how many questions it may have beside the others."""
    for language, count in Counter(one.language for one in kept).most_common(1):
        others = len(kept) - count
        allowed = int(MAX_SHARE_OF_A_LANGUAGE * others / (1 - MAX_SHARE_OF_A_LANGUAGE))
        return (language, allowed) if others and count > allowed else None
    return None


def differences(made: Iterable[str], committed: Iterable[str]) -> list[str]:
    """Return what differs between two lists of ids, a line for each."""
    new, old = set(made), set(committed)
    return sorted([f"+ {one}" for one in new - old] + [f"- {one}" for one in old - new])


def all_doc_questions(cache: Path) -> tuple[list[Question], dict[str, BareTree], list[str]]:
    """Return the chosen questions, the trees they are asked in by corpus, and what could not be had, in sentences."""
    table = packages()
    roots, missing = bring_all(table.values(), cache)
    trees = {name: bare_tree(table[name], root, cache) for name, root in roots.items()}
    asked = (one for name, tree in trees.items() for one in doc_questions(table[name], tree.documented))
    return chosen(asked), trees, missing


def main() -> int:
    """Make the questions and print their counts; 1 where they are not those of ``doc_ids.txt``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="say what differs from doc_ids.txt")
    parser.add_argument("--write", action="store_true", help="write doc_ids.txt")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where sources are kept (%(default)s)")
    options = parser.parse_args()
    questions, trees, missing = all_doc_questions(options.cache)
    print("\n".join([*_counted(questions, trees), *missing]))
    made = [one.id for one in questions]
    if options.write:
        IDS.write_text("".join(f"{one}\n" for one in sorted(made)), encoding="utf-8")
    differing = differences(made, IDS.read_text(encoding="utf-8").splitlines()) if options.check else []
    print("\n".join(differing), end="\n" if differing else "")
    return 1 if differing else 0


def _counted(questions: list[Question], trees: Mapping[str, BareTree]) -> Iterator[str]:
    asked = Counter(one.corpus for one in questions)
    for name, tree in trees.items():
        yield f"{name}: {asked[name]} questions; " + ", ".join(f"{count} {what}" for what, count in tree.counts.items())
    for language, count in Counter(one.language for one in questions).most_common():
        splits = Counter(one.split for one in questions if one.language == language)
        yield f"{language}: {count} questions ({splits['fit']} fit, {splits['report']} report)"
    functions = sum(tree.counts["functions"] for tree in trees.values())
    yield f"{len(questions)} questions about {len(asked)} packages with {functions:,} functions"


if __name__ == "__main__":
    sys.exit(main())
