"""``funcseek status``: the service, the model, every opened folder, and what to do about what is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .client import running
from .display import duration, escaped, rate_of, size
from .places import places

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from .protocol import HealthJson, StoredRootJson


def run(chosen: argparse.Namespace) -> int:
    """Run the command; a service that does not run is no failure."""
    client = running(places())
    health = None
    if client is not None:
        with client:
            health = client.health()
    if chosen.json:
        found: dict[str, Any] = {"running": health is not None, **(health or {})}
        print(json.dumps(found, indent=2))
        return 0
    for line in _lines(health):
        print(line)
    return 0


def _lines(health: HealthJson | None) -> Iterator[str]:
    if health is None:
        yield f"No service runs; the next search starts one. Its log is {places().log}."
        return
    yield f"funcseek {health['version']}, process {health['pid']}, log {escaped(health['log'])}"
    if health["model"]:
        yield f"Model {escaped(health['model'])} ({health['model_reason']})"
    else:
        yield f"No model: {escaped(health['model_problem'] or '') or 'it is still being loaded.'}"
    if health["reranker"]:
        yield f"Reranker {escaped(health['reranker'])}, for searches that ask for it"
    for root in health["roots"]:
        yield from _root(root)
    yield f"Vectors and functions that all folders share take {size(health['shared_bytes'])} of the disk"


def _root(root: StoredRootJson) -> Iterator[str]:
    yield (
        f"{escaped(root['root'])}: {root['phase']}, {root['files']} files, {root['functions']} functions,"
        f" {root['embedded']} embedded, {size(root['disk_bytes'])} of the disk"
        + (f" ({escaped(root['problem'])})" if root["problem"] else "")
    )
    if root["eta_seconds"] is not None:
        slowly = f", held back: {root['throttled']}" if root["throttled"] else ""
        rate = f" at {rate_of(root['passages_per_second'])}" if root["passages_per_second"] else ""
        yield f"  about {duration(root['eta_seconds'])} to go{rate}{slowly}"
    if root["is_paused"]:
        yield "  paused; `funcseek resume` goes on embedding"
    if root["model_problem"]:
        yield f"  {escaped(root['model_problem'])}"
    if root["watch_problem"]:
        yield f"  {escaped(root['watch_problem'])}"
