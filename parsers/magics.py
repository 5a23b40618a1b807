"""The code of a notebook's cell without what only IPython understands, and the language it is in. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .languages import language_called, language_for
from .regions import blanked

if TYPE_CHECKING:
    from .language import Language

# `%%bash`, `%%script --out x perl`, `%%writefile pool.py`; leading blank lines and comments may stand above.
_CELL_MAGIC = re.compile(rb"\s*%%[ \t]*([\w!.]+)([^\n]*)\n?")
_WRITERS = (b"writefile", b"file")
# `%time f()`, `!ls`, `?f`, `f?`, `files = !ls`, `x = %sql …`; not the operator of a line that goes on.
_LINE_MAGIC = re.compile(
    rb"(?m)^([ \t]*+)((?:[\w, .\[\]]++=[ \t]*+)?(?:%{1,2}[a-zA-Z]|!(?!=))[^\n]*+|[?][^\n]*+|[%\w.*]++\?{1,2}[ \t\r]*+$)"
)


def code_of(cell: bytes, kernel: Language | None) -> tuple[bytes, Language] | None:
    """Return a cell as its language reads it, as long as it is, and its language; None where it is in no known one."""
    if kernel is None or kernel.name != "python":
        return (cell, kernel) if kernel else None
    magic = _CELL_MAGIC.match(cell)
    if magic is None:
        return _without_magics(cell), kernel
    code = blanked(magic[0]) + cell[magic.end() :]
    words = [word.decode("utf-8", "replace") for word in (magic[1], *magic[2].split()) if not word.startswith(b"-")]
    if magic[1] in _WRITERS:
        language = language_for(words[-1])
    elif magic[1] == b"script":
        language = language_called(words[1]) if len(words) > 1 else None
    else:
        # What is no language runs the cell in some other way, such as `%%time`.
        language = language_called(words[0]) or kernel
    if language is None:
        return None
    return (_without_magics(code) if language is kernel else code), language


def _without_magics(code: bytes) -> bytes:
    """Return Python with a number in place of each line of IPython: a block may consist of nothing else."""
    if not any(mark in code for mark in (b"%", b"!", b"?")):
        return code
    return _LINE_MAGIC.sub(lambda line: line[1] + b"0" + blanked(line[2])[1:], code)
