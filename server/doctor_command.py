"""``funcseek doctor``: looks at all that must be right, one line for each, and repairs what it can if asked to."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from .display import escaped
from .findings import PROBLEM, found_by, repaired
from .index_checks import caches, indexes, size_of
from .machine_checks import disk, gpu, grammars, versions, watch_limits
from .model_checks import model, reranker
from .place_checks import folders, permissions, service
from .places import places
from .protocol import DoctorJson, FindingJson

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from .findings import Finding
    from .places import Places

HEALTHY, ILL = 0, 1


def run(chosen: argparse.Namespace) -> int:
    """Run the command; returns 1 where something is wrong that was not repaired."""
    findings: list[Finding] = []
    for found in examined(places()):
        finding = repaired(found) if chosen.repair else found
        findings.append(finding)
        if not chosen.json:
            print(f"{finding.state:<8}  {finding.check}: {escaped(finding.told)}", flush=True)
    wrong = [finding for finding in findings if finding.state == PROBLEM]
    if chosen.json:
        listed = [FindingJson(check=one.check, state=one.state, told=one.told) for one in findings]
        print(json.dumps(DoctorJson(is_healthy=not wrong, findings=listed), indent=2))
    return ILL if wrong else HEALTHY


def examined(here: Places) -> Iterator[Finding]:
    """Yield what every check finds, each as it is done: a large index takes seconds."""
    yield from found_by("version", versions)
    yield from found_by("grammars", grammars)
    yield from found_by("folders", partial(folders, here))
    yield from found_by("permissions", partial(permissions, here))
    yield from found_by("disk", partial(disk, here.cache))
    yield from found_by("service", partial(service, here))
    yield from found_by("model", partial(model, here))
    yield from found_by("reranker", partial(reranker, here))
    yield from found_by("gpu", gpu)
    yield from found_by("vectors", partial(caches, here))
    yield from found_by("index", partial(indexes, here))
    yield from found_by("watch limits", partial(watch_limits, *size_of(here)))
