"""Who is at the other end of a Unix socket: only processes of this user are spoken to, whatever the folder's mode.

The kernel tells the user of the process that connected or listens; nothing that it sends can change that.
"""

from __future__ import annotations

import logging
import os
import socket
import struct
from typing import Any

_logger = logging.getLogger(__name__)

# struct ucred of unix(7): process, user, group.
_CREDENTIALS = struct.Struct("3i")
# struct xucred of macOS: version, user, then groups; no header names these numbers to Python.
_MAC_LEVEL, _MAC_OPTION, _MAC_CREDENTIALS = 0, 1, struct.Struct("=II68x")


def user_of(connection: socket.socket) -> int | None:
    """Return the user at the other end of a connected Unix socket, None where the system does not tell."""
    if hasattr(socket, "SO_PEERCRED"):
        told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        return int(_CREDENTIALS.unpack(told)[1])
    try:
        told = connection.getsockopt(_MAC_LEVEL, _MAC_OPTION, _MAC_CREDENTIALS.size)
        return int(_MAC_CREDENTIALS.unpack(told)[1])
    except (OSError, struct.error):
        return None


def is_ours(connection: socket.socket) -> bool:
    """Say whether this user is at the other end; where the system does not tell, the folder's mode has to do."""
    return user_of(connection) in (os.geteuid(), None)


class OwnSocket(socket.socket):
    """A listening Unix socket that accepts connections of this user only; those of others end without a byte."""

    def accept(self) -> tuple[socket.socket, Any]:
        """Return the next connection of this user; raises BlockingIOError where none waits, as any such socket does."""
        while True:
            connection, address = super().accept()
            if is_ours(connection):
                return connection, address
            _logger.warning("A process of user %s was turned away", user_of(connection))
            connection.close()
