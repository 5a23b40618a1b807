#!/usr/bin/env python3
# A pool of connections: the sample for Python.
from __future__ import annotations

import functools
from typing import overload

DEFAULT = 4
is_idle = lambda connection: connection.idle and not connection.closed
scale: Callable[[int], int] = lambda n: n * 2
first, second = (lambda: 1), (lambda: 2)


def connect(host: str, port: int = 5432) -> Connection:
    """Open a connection.

    Tries again with growing pauses:
        1 s, 2 s, 4 s.
    """

    def attempt(n):
        # Not a docstring.
        pause = lambda: 2**n
        return pause()

    return attempt(1)


# Waits for what it cannot help.
# type: ignore
@functools.lru_cache(
    maxsize=None,  # forever
)
# Between a decorator and its function.
@deprecated("use `connect`")
async def patience(
    seconds: float,  # how long
    *,
    jitter: bool = False,
) -> None: r'''Sleep \ a while.'''; await sleep(seconds)


class Pool(Base, metaclass=Meta):
    """Holds connections."""

    factory = staticmethod(lambda: connect("localhost"))

    def __init__(self, size: int):  # trailing
        self.size = size
        self.on_close = lambda reason: None

    @property
    def free(self) -> int:
        "How many are free."
        return self.size

    @free.setter
    def free(self, value: int) -> None:
        self.size = value

    @overload
    def get(self, key: int) -> Connection: ...
    @overload
    def get(self, key: str) -> Connection: ...
    def get(self, key):
        f"""Not {key} documentation."""
        class Lease:
            def __enter__(self):
                return self

        return Lease()

    class Stats:
        @classmethod
        def of[T: Pool](cls, pool: T) -> Stats:
            b"bytes"
            return cls()


if DEFAULT > 3:
    def retry(): return 1
else:
    def retry():
        """With one of the quotes: \"."""

try:
    pass
finally:
    def cleanup(): pass

match DEFAULT:
    case 4:
        def größe(): return "große"

# Above, but apart.

def apart(): pass


class Handlers:
    opened: Handler = (
        lambda self: True
    )

    def __init__(self):
        self.table = {"open": lambda name: name, 3: lambda: 3}
        self.pool.retry = lambda: 1
        if (pause := lambda seconds: seconds):
            pass
        # It ends here.

    @functools.cached_property
    def idle(self) -> int:
        return 0

    @staticmethod
    def __class_getitem__(item, /, *args: int, key: str = "a, b", **others): ...
