"""What a user can set, read from whatever an editor sends. Nothing here can choose a program, a model or an endpoint.

A value of the wrong type or range is reported by name and the default holds; an unknown name is left alone, because
editors keep their own settings beside ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any

from ..index.errors import QueryError
from ..index.hits import DEFAULT_LIMIT, MAX_LIMIT, check_known

if TYPE_CHECKING:
    from collections.abc import Callable

SECTION = "funcseek"


@dataclass(frozen=True, slots=True)
class Settings:
    """How searches are made that do not say otherwise; empty ``languages`` and ``globs`` mean all.

    ``code_lens``: show "Find similar functions" above each function.
    """

    limit: int = DEFAULT_LIMIT
    languages: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    code_lens: bool = False


def section_of(values: object) -> object:
    """Return our section of what an editor sent; None where it says nothing about us.

    Editors send the section alone, all settings with the section under its name, or other servers' settings only.
    """
    if not isinstance(values, dict) or SECTION in values:
        return values.get(SECTION) if isinstance(values, dict) else values
    return values if CHECKS.keys() & values.keys() else None


def settings_from(section: object) -> tuple[Settings, list[str]]:
    """Return the settings in a section, and one sentence for each value that cannot be used."""
    if not isinstance(section, dict):
        return Settings(), [f"The settings of {SECTION} must be an object; the defaults are used."]
    found: dict[str, Any] = {}
    problems = []
    for name, check in CHECKS.items():
        try:
            if section.get(name) is not None:
                found[_FIELDS.get(name, name)] = check(section[name])
        except QueryError as error:
            problems.append(f"Setting {SECTION}.{name}: {error} The default is used.")
    return Settings(**found), problems


def checked_limit(value: object) -> int:
    """Return a number of results; raise QueryError for what is none."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_LIMIT:
        raise QueryError(f"The limit must be a whole number from 1 to {MAX_LIMIT}; it is {shortened(value)}.")
    return value


def checked_globs(value: object) -> tuple[str, ...]:
    """Return path patterns; raise QueryError for what are none."""
    return checked_texts(value, "globs")


def checked_languages(value: object) -> tuple[str, ...]:
    """Return names of languages; raise QueryError for what are none."""
    from ..parsers import LANGUAGES

    names = checked_texts(value, "languages")
    check_known("language", names, [language.name for language in LANGUAGES])
    return names


def known_language(name: object) -> str:
    """Return an editor's name for a language where it is one of ours, else ``""``."""
    from ..parsers import language_named

    return name if isinstance(name, str) and language_named(name) else ""


def checked_truth(value: object) -> bool:
    """Return true or false; raise QueryError for what is neither."""
    if not isinstance(value, bool):
        raise QueryError(f"It must be true or false; it is {shortened(value)}.")
    return value


# What a request may set too.
NARROWING: dict[str, Callable[[object], Any]] = {
    "limit": checked_limit,
    "languages": checked_languages,
    "globs": checked_globs,
}
CHECKS: dict[str, Callable[[object], Any]] = NARROWING | {"codeLens": checked_truth}
# Where a setting's name differs from its field's.
_FIELDS = {"codeLens": "code_lens"}


def checked_texts(value: object, name: str) -> tuple[str, ...]:
    """Return a list of texts; raise QueryError for what is none, or holds an empty one."""
    if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
        raise QueryError(f"The {name} must be a list of texts; they are {shortened(value)}.")
    return tuple(value)
