"""What an editor has not saved, searched in the place of its files: one catalogue in memory for each root.

Nothing here reaches the root's own index, so another window, the command line and the next start see the disk. Only
vectors are shared: what is embedded here is not embedded again once it is saved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .catalogue import (
    FileRecord,
    advance,
    open_catalogue_in_memory,
    own_vectors,
    pending_passages,
    settle_passages,
)
from .entries import Entry
from .extraction import Job
from .files import FoundFile
from .replacement import remove_file, replace_file
from .search import Draft, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .extraction import Outcome
    from .store import Database

# Stands for the root of documents that are no files; no absolute path lies in it.
NO_ROOT = Path()
# No model has this number: with it every passage waits.
NO_MODEL = 0


@dataclass(frozen=True, slots=True)
class Parsed:
    """One draft with what came of it; ``edition`` rises with every change that its editor makes anywhere."""

    draft: Draft
    edition: int
    outcome: Outcome


class Drafts:
    """The drafts of one editor in one root. Not thread-safe."""

    def __init__(self, root: Path, vector_cache: Path) -> None:
        """Begin with none; ``root`` is `NO_ROOT` for documents that are no files."""
        self.root = root
        self.edition = 0
        self._catalogue: Database = open_catalogue_in_memory(vector_cache)
        self._drafts: dict[str, Draft] = {}
        self._model = NO_MODEL

    @property
    def paths(self) -> frozenset[str]:
        """The paths, relative to the root, whose files these drafts stand for."""
        return frozenset(self._drafts)

    def keep(self, parsed: Parsed) -> None:
        """Put a draft in the place of the one of its path before."""
        outcome = parsed.outcome
        file = outcome.job.file
        record = FileRecord(*file[:5], outcome.digest, file.language, outcome.problem, file.marks)
        entries = [Entry(function, text) for function, text in zip(outcome.functions or (), outcome.texts, strict=True)]
        with self._catalogue.transaction():
            advance(self._catalogue)
            replace_file(self._catalogue, record, entries, model=self._model)
        self._drafts[file.path] = parsed.draft
        self.edition = max(self.edition, parsed.edition)

    def drop(self, path: str, edition: int) -> None:
        """Forget the draft of a path; where there is none that is no error."""
        if self._drafts.pop(path, None) is not None:
            with self._catalogue.transaction():
                advance(self._catalogue)
                remove_file(self._catalogue, path)
        self.edition = max(self.edition, edition)

    def adopt(self, model: int) -> None:
        """Embed with the model of this number, the first one there is; drafts do not outlive a model."""
        if model != self._model:
            self._model = model
            own_vectors(self._catalogue, model)

    def waiting(self, count: int) -> list[tuple[int, bytes, str]]:
        """Return up to ``count`` passages without a vector, each with its label and digest; the newest first."""
        return pending_passages(self._catalogue, count)

    def settle(self, labels: Iterable[int]) -> None:
        """Note that these passages have their vectors now."""
        settle_passages(self._catalogue, labels)

    def source(self, like: Source) -> Source:
        """Return the drafts as a source for what another source, that of their root, is asked."""
        meaning = like.meaning
        if meaning is not None:
            meaning = replace(meaning, nearest=_unknown)
        below = like.below if self.root != NO_ROOT else ""
        return Source(self.root, self._catalogue, meaning, below, drafts=self._drafts, measured_by=like.catalogue)

    def close(self) -> None:
        """Forget everything."""
        self._catalogue.close()


def _unknown(_vector: object, _count: int) -> None:
    """There is no graph of so few: every vector is compared."""


def job_of(file: FoundFile, draft: Draft) -> Job:
    """Return what is to be read of a draft."""
    return Job(file, draft=draft.content)


def loose_file(draft: Draft, language: str) -> FoundFile:
    """Return a document that is no file as one: its path is its URI."""
    return FoundFile(draft.uri, len(draft.content), 0, 0, 0, 0, language)


def over(sources: Sequence[Source], drafted: Sequence[Drafts]) -> list[Source]:
    """Return the sources without the files that drafts stand for, and with the drafts."""
    return [*(_without(source, drafted) for source in sources), *_sources_of(sources, drafted)]


def _without(source: Source, drafted: Sequence[Drafts]) -> Source:
    hidden = [path for drafts in drafted if drafts.root == source.root for path in drafts.paths]
    return replace(source, hidden=frozenset(hidden)) if hidden else source


def _sources_of(sources: Sequence[Source], drafted: Sequence[Drafts]) -> Iterator[Source]:
    for drafts in drafted:
        if not drafts.paths:
            continue
        likes = sources[:1] if drafts.root == NO_ROOT else [one for one in sources if one.root == drafts.root]
        yield from (drafts.source(like) for like in likes)
