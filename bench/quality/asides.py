"""Which files of a package nobody asks about: tests, examples, and what others wrote or a program. Pure."""

from __future__ import annotations

import re

_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|testing|testdata|t|specs?|__tests__|unittests?|testsuite|examples?|samples?|docs?|demos?"
    r"|bench(?:marks?|es)?|fixtures?|vendor(?:ed)?|third[_-]?party|3rdparty|extern(?:al)?|deps|node_modules|dist|build"
    r"|generated|gen)/"
    r"|(?:^|/)(?:test_[^/]*|conftest\.py|[^/]*(?:[._](?:test|spec)|Tests?|Spec|[.-]min|\.d)\.\w+)$",
    re.IGNORECASE,
)


def is_aside(path: str) -> bool:
    """Tell by the path of a file, relative to its package, whether its functions are beside the point."""
    return bool(_ASIDE.search(path))
