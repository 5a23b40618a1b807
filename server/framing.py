"""Messages on a pair of pipes, as the Language Server Protocol frames them. Standard library only; knows no method.

Reads and writes file descriptors directly: a thread blocked in ``sys.stdin`` would make the interpreter abort at exit.
"""

from __future__ import annotations

import json
import os
from typing import Any

# As much as a pipe holds.
READ_BYTES = 1 << 16
# No file that an editor opens is larger; a length that is beyond any machine must not be asked of this one.
MAX_BODY_BYTES = 1 << 30


class FramingError(Exception):
    """The peer does not speak the protocol; nothing that follows can be understood."""


class Incoming:
    """The messages that arrive. For one thread at a time."""

    def __init__(self, descriptor: int) -> None:
        """Read from a descriptor, which stays the caller's."""
        self._descriptor = descriptor
        self._read = bytearray()

    def body(self) -> bytes | None:
        """Wait for the next message and return its body; None at the end. Raises FramingError."""
        length = None
        while (line := self._line()) is not None:
            if line:
                length = _length(line, length)
            elif length is not None:
                return self._exactly(length)
        return None

    def _line(self) -> bytes | None:
        while (end := self._read.find(b"\n")) < 0:
            if not self._more():
                return None
        return self._take(end + 1).strip()

    def _exactly(self, count: int) -> bytes | None:
        while len(self._read) < count:
            if not self._more():
                return None
        return self._take(count)

    def _more(self) -> bool:
        chunk = os.read(self._descriptor, READ_BYTES)
        self._read += chunk
        return bool(chunk)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._read[:count])
        del self._read[:count]
        return taken


def _length(header: bytes, before: int | None) -> int | None:
    name, _, value = header.partition(b":")
    if name.strip().lower() != b"content-length":
        return before
    digits = value.strip()
    if not digits.isdigit() or len(digits) > len(str(MAX_BODY_BYTES)) or int(digits) > MAX_BODY_BYTES:
        raise FramingError(f"The header {header[:80]!r} is no length of up to {MAX_BODY_BYTES:,} bytes.")
    return int(digits)


class Outgoing:
    """The messages that leave; a writer as pygls wants one. A peer that has gone is told nothing."""

    def __init__(self, descriptor: int) -> None:
        """Write to a descriptor, which stays the caller's."""
        self._descriptor = descriptor

    def write(self, data: bytes) -> None:
        """Write a framed message; a lost peer is found by the reading side, which ends the process."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            return

    def close(self) -> None:
        """Leave the descriptor to the system: answers of requests that are being cancelled may still come."""

    def send(self, **message: Any) -> None:
        """Frame and write one JSON-RPC message."""
        self.write(framed(json.dumps({"jsonrpc": "2.0", **message}).encode()))

    def refuse(self, request_id: Any, code: int, sentence: str) -> None:
        """Answer a request with an error."""
        self.send(id=request_id, error={"code": code, "message": sentence})


def framed(body: bytes) -> bytes:
    """Return a message with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
