"""Runs in semble's own environment: ``python semble_program.py ROOT MODEL``. Imports nothing of this project.

Prints ``ready``, then for each line ``[query, count]`` of its input the chunks found: ``[[path, first, last], ...]``.
"""

from __future__ import annotations

import importlib
import json
import sys


def main() -> None:
    """Index the root and answer until the input ends."""
    root, model = sys.argv[1:]
    index = importlib.import_module("semble").SembleIndex.from_path(root, model_path=model)
    print("ready", flush=True)
    for line in sys.stdin:
        query, count = json.loads(line)
        chunks = [result.chunk for result in index.search(query, top_k=count)]
        print(json.dumps([[one.file_path, one.start_line, one.end_line] for one in chunks]), flush=True)


if __name__ == "__main__":
    main()
