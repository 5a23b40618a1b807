"""Which ignore file the user has for all repositories, from the user's own configuration of git. Never runs git.

Only ``core.excludesFile`` is looked for, and only in ``~/.gitconfig`` and ``$XDG_CONFIG_HOME/git/config``, or in the
file that ``$GIT_CONFIG_GLOBAL`` names. Included files are not followed, the machine's configuration is not read, and
that of a repository never is: whoever made a checkout could make us read any file.
"""

from __future__ import annotations

import os
import re

from .content import head

# People write a few kilobytes.
_MAX_CONFIG_BYTES = 1_000_000

_SECTION = re.compile(rb"[ \t]*\[([^\]\n]*)\]")
_SETTING = re.compile(rb"[ \t]*excludesfile[ \t]*=[ \t]*([^\n]*)", re.IGNORECASE)
# Text in quotes, an escaped character, or anything before a comment.
_VALUE = re.compile(rb'"((?:[^"\\]|\\.)*)"|((?:[^"\\#;]|\\.)+)')
_ESCAPED = re.compile(rb"\\(.)")
_MEANING = {b"n": b"\n", b"t": b"\t", b"b": b"\b"}


def global_excludes() -> str | None:
    """Return the absolute path of the user's ignore file, which need not exist; None where there is none."""
    named: bytes | None = None
    for place in _configurations():
        text = user_file(place, _MAX_CONFIG_BYTES)
        found = _setting(text) if text else None
        named = named if found is None else found
    ours = os.path.join(_settings_folder(), "git", "ignore")
    path = ours if named is None else os.path.expanduser(os.fsdecode(named))
    # Git takes a relative path from wherever it is run, which may be a folder of somebody else's.
    return path if os.path.isabs(path) else None


def user_file(place: str, limit: int) -> bytes | None:
    """Return the first bytes of a file of the user's own, which may well be a link into a folder of such files."""
    try:
        return head(os.path.realpath(place), limit)
    except (OSError, ValueError):
        return None


def _configurations() -> tuple[str, ...]:
    """Return the user's configuration files; later ones are stronger."""
    if (only := os.environ.get("GIT_CONFIG_GLOBAL")) is not None:
        return (only,)
    return os.path.join(_settings_folder(), "git", "config"), os.path.expanduser("~/.gitconfig")


def _settings_folder() -> str:
    return os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")


def _setting(text: bytes) -> bytes | None:
    """Return the last ``core.excludesFile``, None where there is none."""
    found = None
    in_core = False
    for line in text.replace(b"\r\n", b"\n").replace(b"\\\n", b"").split(b"\n"):
        section = _SECTION.match(line)
        if section:
            in_core = section[1].strip().lower() == b"core"
        setting = _SETTING.match(line, section.end() if section else 0)
        if setting and in_core:
            found = _value(setting[1])
    return found


def _value(text: bytes) -> bytes:
    pieces = []
    at = 0
    while part := _VALUE.match(text, at):
        plain = part[2] or b""
        at = part.end()
        # What is at the end, before a comment, is only room.
        pieces.append(part[1] if part[1] is not None else plain if text[at : at + 1] == b'"' else plain.rstrip())
    return _ESCAPED.sub(lambda match: _MEANING.get(match[1], match[1]), b"".join(pieces).strip(b"\0"))
