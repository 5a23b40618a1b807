"""What every editor has not saved: read, embedded and lent to its searches. Thread-safe; knows nothing of HTTP.

An editor that has not asked for long is forgotten, and after a restart none is known: whoever relies on its drafts is
refused with DraftsLost and tells them again. Texts are kept in memory only.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.drafts import NO_ROOT, Drafts, Parsed, job_of, loose_file
from ..index.errors import DraftsLost, FuncseekError, ModelError
from ..index.extraction import Job
from ..index.files import FoundFile, foresee
from ..index.search import Draft
from ..index.vector_cache import keep_vectors, model_number, open_vector_cache
from ..index.workers import Pool
from ..parsers import language_for, language_named
from .protocol import OutlinedJson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..index.code_index import Home
    from ..index.extraction import Outcome
    from ..index.store import Database
    from .model import Model
    from .protocol import DeskRequest, DraftRequest

_logger = logging.getLogger(__name__)

# An editor that has asked nothing for so long may be gone; if not, it tells its drafts again.
SESSION_SECONDS = 3600.0
# Passages in one batch: a function just typed must not wait behind a file that was just opened.
BATCH_PASSAGES = 8
# After a model could not embed it is left alone for so long.
RETRY_SECONDS = 10.0


@dataclass(slots=True)
class Session:
    """The drafts of one editor by root, each document's last edition, and when it asked last; guarded by ``lock``."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    shelves: dict[Path, Drafts] = field(default_factory=dict)
    editions: dict[str, int] = field(default_factory=dict)
    # Where each draft that counts is: its root and its path in it.
    places: dict[str, tuple[Path, str]] = field(default_factory=dict)
    asked: float = field(default_factory=time.monotonic)


class DraftStore:
    """The drafts of all editors."""

    def __init__(self, home: Home, model: Model, *, is_paused: Callable[[Path], bool]) -> None:
        """Start nothing yet; ``is_paused`` says whether nothing of a root is to be embedded."""
        self._home = home
        self._model = model
        self._is_paused = is_paused
        self._pool = Pool(Path("/"), size=1, cache=home.extraction_cache)
        # Held while something is parsed: a pool belongs to one thread.
        self._parsing = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()
        self._due = threading.Event()
        self._is_closed = False
        self._number = 0
        self._thread: threading.Thread | None = None

    def keep(self, request: DraftRequest, root: Path | None) -> bool:
        """Take up a draft in a root, None for a document that is no file; say whether it counts.

        It does where its file would if it were saved. What an editor has closed is forgotten.
        """
        session = self._session(request.session)
        with session.lock:
            if session.editions.get(request.uri, -1) > request.edition:
                return request.uri in session.places
            session.editions[request.uri] = request.edition
        draft = None if request.text is None else Draft(request.uri, request.text.encode("utf-8", "replace"))
        file = None if draft is None else _file(request, root, draft)
        outcome = None if draft is None or file is None else self._parsed(job_of(file, draft))
        with session.lock:
            if session.editions[request.uri] == request.edition:
                self._put(session, request, root or NO_ROOT, draft=draft, outcome=outcome)
            is_kept = request.uri in session.places
        self._due.set()
        return is_kept

    def _put(
        self, session: Session, request: DraftRequest, root: Path, *, draft: Draft | None, outcome: Outcome | None
    ) -> None:
        before = session.places.pop(request.uri, None)
        place = None if outcome is None else (root, outcome.job.file.path)
        if before is not None and before != place:
            session.shelves[before[0]].drop(before[1], request.edition)
        if request.text is None:
            del session.editions[request.uri]
        if draft is None or outcome is None or place is None:
            return
        if root not in session.shelves:
            session.shelves[root] = Drafts(root, self._home.vector_cache)
        session.shelves[root].keep(Parsed(draft, request.edition, outcome))
        session.places[request.uri] = place

    def count(self, session: str) -> int:
        """Return how many drafts of an editor count."""
        found = self._session(session)
        with found.lock:
            return len(found.places)

    @contextlib.contextmanager
    def lent(self, desk: DeskRequest | None, roots: Iterable[Path]) -> Iterator[list[Drafts]]:
        """Lend an editor's drafts in some roots; raises DraftsLost where fewer are known than it has told."""
        if desk is None:
            yield []
            return
        session = self._session(desk.session)
        with session.lock:
            if len(session.places) < desk.drafts:
                raise DraftsLost("The service does not know the editor's unsaved text; tell it again.")
            wanted = {*roots, *([NO_ROOT] if desk.is_whole else [])}
            yield [shelf for root, shelf in session.shelves.items() if root in wanted and shelf.paths]

    def outline(self, content: bytes, *, path: str, language: str) -> list[OutlinedJson]:
        """Return the functions in a text, whose language the name of its path tells, or else its editor."""
        known = language_for(path, content.partition(b"\n")[0]) or language_named(language)
        if known is None:
            return []
        file = FoundFile(path or "text", len(content), 0, 0, 0, 0, known.name)
        return [
            OutlinedJson(
                name=one.name, kind=one.kind, is_declaration=one.is_declaration, start_byte=one.start,
                end_byte=one.end, name_start_byte=one.name_start, name_end_byte=one.name_end,
            )
            for one in self._parsed(Job(file, wants_texts=False, draft=content)).functions or ()
        ]  # fmt: skip

    def _parsed(self, job: Job) -> Outcome:
        with self._parsing:
            return next(iter(list(self._pool.run([job]))))

    def _session(self, name: str) -> Session:
        now = time.monotonic()
        with self._lock:
            for old in [key for key, one in self._sessions.items() if now - one.asked > SESSION_SECONDS]:
                self._forget(old)
            session = self._sessions.setdefault(name, Session())
            session.asked = now
            if self._thread is None and not self._is_closed:
                # There must be a cache before a catalogue can be opened beside it.
                open_vector_cache(self._home.vector_cache).close()
                self._thread = threading.Thread(target=self._run, name="drafts", daemon=True)
                self._thread.start()
            return session

    def _forget(self, name: str) -> None:
        session = self._sessions.pop(name)
        with session.lock:
            for shelf in session.shelves.values():
                shelf.close()
            session.shelves.clear()
            session.places.clear()

    def forget_all(self) -> None:
        """Forget every editor's drafts, which will tell them again: there is another model."""
        with self._lock:
            for name in list(self._sessions):
                self._forget(name)
            self._number = 0

    def close(self) -> None:
        """End what runs."""
        self._is_closed = True
        self._due.set()
        if self._thread is not None:
            self._thread.join(RETRY_SECONDS)
        self.forget_all()
        with self._parsing:
            self._pool.close()

    def _run(self) -> None:
        cache = open_vector_cache(self._home.vector_cache)
        while not self._is_closed:
            self._due.wait()
            self._due.clear()
            try:
                while not self._is_closed and self._embed(cache):
                    pass
            except ModelError as error:
                _logger.warning("Drafts are not embedded for now: %s", error)
                threading.Timer(RETRY_SECONDS, self._due.set).start()
            except FuncseekError:
                _logger.exception("Drafts could not be embedded and are forgotten")
                self.forget_all()
                cache.close()
                cache = open_vector_cache(self._home.vector_cache)
        cache.close()

    def _embed(self, cache: Database) -> bool:
        """Embed a batch of the first draft that waits; say whether one did."""
        with self._lock:
            sessions = list(self._sessions.values())
        return any(self._embed_one(session, root, cache) for session in sessions for root in list(session.shelves))

    def _embed_one(self, session: Session, root: Path, cache: Database) -> bool:
        embedder = None if self._is_paused(root) else self._model.get_for(root)
        if embedder is None:
            return False
        number = model_number(cache, embedder.identity)
        with session.lock:
            shelf = session.shelves.get(root)
            if shelf is None:
                return False
            shelf.adopt(number)
            batch = shelf.waiting(BATCH_PASSAGES)
        if not batch:
            return False
        rows = embedder.embed_passages([text for _, _, text in batch])
        keep_vectors(cache, number, [(digest, row) for (_, digest, _), row in zip(batch, rows, strict=True)])
        with session.lock:
            if session.shelves.get(root) is shelf:
                shelf.settle([label for label, _, _ in batch])
        return True


def _file(request: DraftRequest, root: Path | None, draft: Draft) -> FoundFile | None:
    """Return the file that a document would be; None where it would not be searched."""
    if root is None:
        language = language_named(request.language)
        return None if language is None else loose_file(draft, language.name)
    path = Path(request.path)
    found = foresee(root, path.relative_to(root).as_posix(), draft.content) if path.is_relative_to(root) else ""
    return found if isinstance(found, FoundFile) else None
