"""Copies of corpora in which no function has its documentation any more, and what the documentation was.

Made once for each archive and each state of `stripping` and the parsers; kept in the cache only. Asks no questions.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from funcseek.index.files import GENERATED, Content, read, scan
from funcseek.parsers import fingerprint_of_all, language_named

from .stripping import strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .packages import Package
    from .stripping import Stripped

_RULES = ("stripping.py", "bare_trees.py")
_CLOSING = re.compile(r"[\s\]})>;,]*(?:end|fi|done|esac|pass)?[\s\]})>;,]*")


class Documented(NamedTuple):
    """A function that lost its documentation, ``doc``, and has a body. ``lines`` is how many are left of it.

    Lines of nothing but closing marks do not count. ``path`` is relative to the tree.
    """

    path: str
    name: str
    qualified_name: str
    language: str
    lines: int
    doc: str


@dataclass(frozen=True, slots=True)
class BareTree:
    """A package's source without documentation, at ``root``. ``counts`` says what was found and what was lost."""

    root: Path
    documented: tuple[Documented, ...]
    counts: dict[str, int]


def bare_tree(package: Package, source: Path, cache: Path) -> BareTree:
    """Return the tree of a package whose source lies in a folder."""
    made = cache / "bare" / f"{package.key}-{_rules()}"
    if not made.is_dir():
        made.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=made.parent) as scratch:
            whole = Path(scratch, "whole")
            (whole / "source").mkdir(parents=True)
            _make(source, whole)
            whole.rename(made)
    counts = json.loads((made / "counts.json").read_text(encoding="utf-8"))
    with (made / "documented.jsonl").open(encoding="utf-8") as lines:
        documented = tuple(Documented(*json.loads(line)) for line in lines)
    return BareTree(made / "source", documented, counts)


def _rules() -> str:
    """Return a digest of all that decides what is made of a source."""
    digest = blake2b(str(fingerprint_of_all()).encode(), digest_size=6)
    for name in _RULES:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def _make(source: Path, target: Path) -> None:
    counts = Counter({"files": 0, "functions": 0, "documented": 0, "files dropped": 0, "still documented": 0})
    documented: list[Documented] = []
    for file in scan(source):
        content, language = read(source, file.path), language_named(file.language)
        if not isinstance(content, Content) or not language:
            continue
        counts["files"] += 1
        stripped = strip(content.data, language)
        if stripped is None:
            counts["files dropped"] += 1
            continue
        place = target / "source" / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(stripped.content)
        counts["functions"] += len(stripped.functions)
        counts["documented"] += sum(bool(one.doc) for one in stripped.functions)
        counts["still documented"] += stripped.bare.count(False)
        if not file.marks & GENERATED:
            documented += _documented(file.path, stripped)
    lines = (json.dumps(one) + "\n" for one in documented)
    (target / "documented.jsonl").write_text("".join(lines), encoding="utf-8")
    (target / "counts.json").write_text(json.dumps(counts), encoding="utf-8")


def _documented(path: str, stripped: Stripped) -> Iterator[Documented]:
    for one, is_bare, text in zip(stripped.functions, stripped.bare, stripped.texts, strict=True):
        if one.doc and is_bare and not (one.is_declaration or one.is_test or one.is_generated):
            lines = sum(not _CLOSING.fullmatch(line) for line in text.splitlines())
            yield Documented(path, one.name, one.qualified_name, one.language, lines, one.doc)
