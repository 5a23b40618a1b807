"""The functions of one document as an editor shows it, and what it offers to do with them. Asks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .convert import offset, position
from .greeting import ACTION_KIND, PICK_SIMILAR, SHOW_SIMILAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .convert import Position, Range, Text
    from .greeting import Greeting
    from .protocol import OutlinedJson

TITLE = "Find similar functions"


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's text and its functions in their order."""

    text: Text
    functions: list[OutlinedJson]
    encoding: str

    def at(self, place: Position) -> OutlinedJson | None:
        """Return the innermost function at a position, None where there is none."""
        byte = offset(self.text, place, self.encoding)
        around = [one for one in self.functions if one["start_byte"] <= byte <= one["end_byte"]]
        return min(around, key=lambda one: one["end_byte"] - one["start_byte"], default=None)

    def name_of(self, function: OutlinedJson) -> Range:
        """Return the range of a function's name."""
        first, last = (
            position(self.text, byte, self.encoding)
            for byte in (function["name_start_byte"], function["name_end_byte"])
        )
        return {"start": first, "end": last}


def actions(outline: Outline, uri: str, place: Position, greeting: Greeting) -> list[dict[str, Any]]:
    """Return the code actions at a position: one in a function, none elsewhere."""
    function = outline.at(place)
    if function is None:
        return []
    command = similar_command(uri, outline.name_of(function)["start"], greeting)
    if greeting.capability("textDocument", "codeAction", "codeActionLiteralSupport") is None:
        return [command]
    return [{"title": TITLE, "kind": ACTION_KIND, "command": command}]


def lenses(outline: Outline, uri: str, greeting: Greeting) -> Iterator[dict[str, Any]]:
    """Yield a code lens for each function that has a name and a body."""
    for function in outline.functions:
        if function["name"] and not function["is_declaration"]:
            name = outline.name_of(function)
            yield {"range": name, "command": similar_command(uri, name["start"], greeting)}


def similar_command(uri: str, place: Position, greeting: Greeting) -> dict[str, Any]:
    """Return the command that shows functions like the one at a position: the client's own where it has one."""
    known = greeting.capability("experimental", "commands", "commands")
    command = SHOW_SIMILAR if isinstance(known, list) and SHOW_SIMILAR in known else PICK_SIMILAR
    arguments = [{"textDocument": {"uri": uri}, "position": place}]
    return {"title": TITLE, "command": command, "arguments": arguments}


def is_wanted(kinds: list[str] | None) -> bool:
    """Say whether a client that asks for code actions of these kinds only asks for ours too."""
    return kinds is None or any(kind == "" or f"{ACTION_KIND}.".startswith(f"{kind}.") for kind in kinds)
