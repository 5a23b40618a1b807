"""A program of the servers' environment: ``llama_cpp.py FILE PORT NAME [KEY]`` is llama.cpp's server over a GGUF file.

Says its URL in one line, and ends when its input does.
"""

from __future__ import annotations

import sys

import xllamacpp

# For all that are embedded at a time; one text has a quarter of it.
CONTEXT_TOKENS = 4096
AT_ONCE = 4


def main() -> None:
    """Serve."""
    file, port, name, *keys = sys.argv[1:]
    params = xllamacpp.CommonParams()
    params.model.path = file
    params.model_alias = {name}
    params.embedding = True
    params.port = int(port)
    params.api_keys = keys
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = AT_ONCE
    # Two would wait for each other at every layer, forever on a busy machine.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.offline = True
    params.ui = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
