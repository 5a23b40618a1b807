"""Whether source is minified, which nobody reads and no name in it says anything. Pure."""

from __future__ import annotations

# Nobody writes lines like these; functions in them are called e, t and n. A small file may hold one long string.
MINIFIED_MEAN_LINE = 300
MINIFIED_MIN_BYTES = 2_000
MINIFIED_LONGEST_LINE = 5_000
MINIFIED_LONGEST_LINE_MIN_BYTES = 20_000
# Embedded pictures and tables also make long lines, between ordinary code; minified code is nothing but long lines.
MINIFIED_SHARE = 0.5


def is_minified(data: bytes) -> bool:
    """Tell by the length of its lines whether source is minified."""
    if len(data) < MINIFIED_MIN_BYTES:
        return False
    lines = data.split(b"\n") if b"\n" in data else data.split(b"\r")
    if len(data) > MINIFIED_MEAN_LINE * len(lines):
        return True
    longest = [length for length in map(len, lines) if length > MINIFIED_LONGEST_LINE]
    return len(data) > MINIFIED_LONGEST_LINE_MIN_BYTES and sum(longest) > MINIFIED_SHARE * len(data)
