"""Every error this project raises on purpose, in one tree. No logic, no imports from the rest.

FuncseekError                what a user may see: one sentence that says what to do
├── RootError                a folder cannot be indexed: missing, a file, unreadable
│   └── RootGone             one that was indexed is not there now; its index is kept
├── UsageError               a command cannot run as it was called
├── QueryError               a query or its filters cannot be answered as given
├── ModelError               a model is missing, damaged or not what it claims to be
│   ├── ModelMissing         no model is installed: search goes on by words only
│   └── ModelAway            the server of a model cannot be reached for now: ask again later
├── IndexFailure             an index on disk cannot be used
│   ├── IndexBusy            another process is its writer
│   ├── IndexTooNew          a newer funcseek wrote it
│   ├── IndexDamaged         its bytes are not what was written; it is set aside and built anew
│   └── StorageFailure       the disk is full, read-only or failing
└── ServiceError             the background service cannot be reached or answered with an error
    ├── StillReading         it goes on reading a folder for longer than the caller would wait
    └── DraftsLost           it no longer knows what an editor has not saved: tell it again
"""

from __future__ import annotations


class FuncseekError(Exception):
    """Base of all errors meant for the user; its text is one sentence that says what to do."""


class RootError(FuncseekError):
    """A folder cannot be indexed."""


class RootGone(RootError):
    """A folder that was indexed is not there now; its index is kept."""


class UsageError(FuncseekError):
    """A command cannot run as it was called."""


class QueryError(FuncseekError):
    """A query or one of its filters cannot be answered as given."""


class ModelError(FuncseekError):
    """A model is damaged, incomplete or not what it claims to be."""


class ModelMissing(ModelError):
    """No model is installed; search goes on by words only."""


class ModelAway(ModelError):
    """The server of a model is down, slow or too busy for now; the same request may succeed later.

    ``retry_after_seconds`` is what the server asked for, None where it did not say.
    """

    def __init__(self, sentence: str, *, retry_after_seconds: float | None = None) -> None:
        """Say what is wrong in one sentence."""
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class IndexFailure(FuncseekError):
    """An index on disk cannot be used."""


class IndexBusy(IndexFailure):
    """Another process is the writer of this index."""


class IndexTooNew(IndexFailure):
    """The index was written by a newer version."""


class IndexDamaged(IndexFailure):
    """The bytes of the index are not what was written."""


class StorageFailure(IndexFailure):
    """The disk is full, read-only or failing."""


class ServiceError(FuncseekError):
    """The background service cannot be reached, or it answered with an error."""


class StillReading(ServiceError):
    """The service goes on reading a folder for longer than the caller would wait."""


class DraftsLost(ServiceError):
    """The service no longer knows an editor's unsaved text, which has to be told again."""
