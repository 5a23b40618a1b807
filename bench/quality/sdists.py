"""Source archives of PyPI, by pip's own session and finder, so that the user's index, proxy and certificates count.

Not by ``pip download``: that runs the build script of what it has downloaded. This stands on parts of pip that are not
promised to stay; where they are gone, ImportError or AttributeError say so.
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def download(package: str, version: str, folder: Path) -> Path:
    """Bring the source archive of a version to a folder and return it. LookupError: there is none; OSError: no answer.

    The caller checks the hash.
    """
    commands: Any = importlib.import_module("pip._internal.commands")
    specifiers: Any = importlib.import_module("pip._vendor.packaging.specifiers")
    # Else it tells of every folder of the user's settings that does not hold this package.
    logging.getLogger("pip").setLevel(logging.ERROR)
    command = commands.create_command("download", isolated=False)
    options, _ = command.parse_args(["--quiet", "--no-deps", "--no-binary", ":all:", package])
    with command._build_session(options) as session:  # noqa: SLF001
        finder = command._build_package_finder(options=options, session=session)  # noqa: SLF001
        found = finder.find_best_candidate(package, specifiers.SpecifierSet(f"=={version}")).best_candidate
        if found is None:
            raise LookupError(f"there is no source archive of {package} {version}")
        target = folder / str(found.link.filename)
        answer = session.get(found.link.url_without_fragment, headers={"Accept-Encoding": "identity"})
        answer.raise_for_status()
        target.write_bytes(answer.content)
    return target
