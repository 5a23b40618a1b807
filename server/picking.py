"""Functions like another one, shown in any editor: as buttons of a message where it can open a file, else as text.

Holds up nobody: the command has been answered, and an editor that never answers costs one waiting task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .folders import path_of

if TYPE_CHECKING:
    from .window import Window

# Buttons that fit into a message.
MOST_CHOICES = 5


async def pick(window: Window, answer: dict[str, Any]) -> None:
    """Show the first results and open the one that is chosen."""
    places = {_title(item): item for item in answer["items"][:MOST_CHOICES]}
    if not places:
        window.tell(next(iter(answer["notices"]), "No similar function was found."))
    elif not window.can_show_documents:
        window.tell(f"Similar functions: {'; '.join(places)}")
    elif (chosen := await window.choose("Similar functions:", list(places))) in places:
        await window.show_document(places[chosen]["uri"], places[chosen]["selectionRange"])


def _title(item: dict[str, Any]) -> str:
    path = path_of(item["uri"]) or item["uri"]
    place = f"{path.rpartition('/')[2]}:{item['selectionRange']['start']['line'] + 1}"
    marks = "" if item.get("likeness", "related") == "related" else f", {item['likeness']}"
    return f"{item['qualifiedName'] or item['kind']} ({place}{marks})"
