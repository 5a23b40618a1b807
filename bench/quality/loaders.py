"""Public sets, from files that the user has, as questions over a folder with one file for each document.

``codesearchnet:FILE`` and ``cosqa:FILE`` (JSON lines or a JSON list), ``coir:FOLDER`` (as MTEB publishes code tasks),
``repoqa:FILE`` and ``csv:FILE`` (columns query, path, function, beside the code). Fetches nothing.
"""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from funcseek.parsers import LANGUAGES

from .questions import Answer, Question
from .sets import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Document(NamedTuple):
    """A text of a set and the path it gets, relative to the set's folder."""

    path: str
    text: str


class Loaded(NamedTuple):
    """What a set holds. ``has_roots``: each corpus of the questions is a folder of its own in the set's folder."""

    documents: list[Document]
    questions: list[Question]
    has_roots: bool = False


def load(argument: str, cache: Path) -> list[Case]:
    """Return the cases of ``KIND:PATH``; ValueError says in one sentence what is wrong with it."""
    kind, _, name = argument.partition(":")
    place = Path(name).resolve()
    if kind not in _LOADERS or not name or not place.exists():
        raise ValueError(f"{argument!r} is no set to load: give one of {', '.join(_LOADERS)}, a colon and a path.")
    try:
        loaded = _LOADERS[kind](place)
        digest = "" if kind == "csv" else _digest(place)
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        raise ValueError(f"{place.name} is not a set of the kind {kind}: {error!r}.") from error
    root = _written(loaded.documents, cache / "loaded" / f"{kind}-{digest}") if loaded.documents else place.parent
    return [Case(one, root / one.corpus if loaded.has_roots else root) for one in loaded.questions]


def _digest(place: Path) -> str:
    """Return what the documents of a set are known by: its content and the rules of this module."""
    file = place if place.is_file() else _one(place, "corpus.jsonl")
    return blake2b(file.read_bytes() + Path(__file__).read_bytes(), digest_size=6).hexdigest()


def _written(documents: Iterable[Document], root: Path) -> Path:
    """Return the folder of the documents; a process that is killed leaves no half of it."""
    if not root.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent) as scratch:
            whole = Path(scratch, "whole")
            for document in documents:
                file = whole / document.path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(document.text.encode("utf-8", "replace"))
            whole.rename(root)
    return root.resolve()


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON lines or of one JSON list, packed with gzip or not."""
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as content:
        first = content.read(1)
        content.seek(0)
        yield from json.load(content) if first == "[" else (json.loads(line) for line in content if line.strip())


def _path(number: int, language: str) -> str:
    """Return a path for the document of a number, in folders of a thousand."""
    known = next((one for one in LANGUAGES if language in (one.name, *one.aliases)), None)
    return f"{number // 1_000:04}/{number:07}{known.suffixes[0] if known else '.txt'}"


def _codesearchnet(file: Path) -> Loaded:
    """Each line is a function, ``code``, and what its author said of it, ``docstring``."""
    documents, questions = list[Document](), list[Question]()
    for number, line in enumerate(_lines(file)):
        language = str(line.get("language", "python")).lower()
        path = _path(number, language)
        code = str(line.get("original_string") or line.get("code") or line["function"])
        doc = str(line["docstring"])
        documents.append(Document(path, _without(code, doc)))
        name = str(line.get("func_name") or number)
        query = doc.strip().partition("\n\n")[0]
        if query:
            identity = f"codesearchnet:{number}:{name}"
            questions.append(Question(identity, query, file.stem, language, "codesearchnet", (Answer(path),)))
    return Loaded(documents, questions)


def _without(code: str, doc: str) -> str:
    """Return code without the docstring that is the question; where it cannot be found the code stays as it is."""
    for mark in ('"""', "'''", '"', "'"):
        start = code.find(mark)
        end = code.find(mark, start + len(mark))
        if start >= 0 and end >= 0 and doc.strip()[:40] in code[start:end]:
            return code[:start] + "pass" + code[end + len(mark) :]
    return code


def _cosqa(file: Path) -> Loaded:
    """Each line is a query of a web search and a function; ``label`` 1 says that it answers."""
    paths: dict[str, str] = {}
    answers: dict[str, list[str]] = {}
    for line in _lines(file):
        code = str(line.get("code") or line["function"])
        path = paths.setdefault(code, _path(len(paths), "python"))
        if int(line["label"]) == 1:
            answers.setdefault(str(line.get("doc") or line["query"]), []).append(path)
    questions = [
        Question(f"cosqa:{number}", query, file.stem, "python", "cosqa", tuple(map(Answer, dict.fromkeys(found))))
        for number, (query, found) in enumerate(answers.items())
    ]
    return Loaded([Document(path, code) for code, path in paths.items()], questions)


def _coir(folder: Path) -> Loaded:
    """``corpus.jsonl`` and ``queries.jsonl`` with ``_id`` and ``text``, ``qrels/*.tsv`` with their ids and a score."""
    paths, documents, languages = dict[str, str](), list[Document](), dict[str, str]()
    for number, line in enumerate(_lines(_one(folder, "corpus.jsonl"))):
        language = str(line.get("language") or "python").lower()
        paths[str(line["_id"])] = path = _path(number, language)
        languages[path] = language
        title = str(line.get("title") or "")
        documents.append(Document(path, f"{title}\n{line['text']}" if title else str(line["text"])))
    answers: dict[str, list[Answer]] = {}
    for query, document in _relevant(folder):
        answers.setdefault(query, []).append(Answer(paths[document]))
    questions = []
    for line in _lines(_one(folder, "queries.jsonl")):
        found = tuple(answers.get(str(line["_id"]), ()))
        if found:
            language = languages[found[0].path]
            identity = f"coir:{folder.name}:{line['_id']}"
            questions.append(Question(identity, str(line["text"]), folder.name, language, "coir", found))
    return Loaded(documents, questions)


def _one(folder: Path, name: str) -> Path:
    found = [file for file in (folder / name, folder / f"{name}.gz") if file.is_file()]
    if not found:
        raise ValueError(f"there is no {name}")
    return found[0]


def _relevant(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the ids of a query and of a document that answers it, of the test split where there is one."""
    tables = sorted(folder.glob("qrels/*.tsv")) or sorted(folder.glob("qrels*.tsv"))
    chosen = [one for one in tables if "test" in one.stem] or tables
    if not chosen:
        raise ValueError("there are no qrels")
    with chosen[0].open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if float(row["score"]) > 0:
                yield row.get("query-id") or row["query_id"], row.get("corpus-id") or row["corpus_id"]


def _repoqa(file: Path) -> Loaded:
    """By language a list of repositories: ``content`` is their files, ``needles`` are functions with descriptions."""
    documents, questions = list[Document](), list[Question]()
    for language, repositories in json.loads(_text(file)).items():
        for repository in repositories:
            place = _inside(str(repository["repo"]).replace("/", "-"))
            documents += [Document(f"{place}/{_inside(path)}", text) for path, text in repository["content"].items()]
            questions += _needles(repository, place, language)
    return Loaded(documents, questions, has_roots=True)


def _needles(repository: dict[str, Any], place: str, language: str) -> Iterator[Question]:
    for number, needle in enumerate(repository["needles"]):
        answer = Answer(_inside(needle["path"]), str(needle["name"]))
        query = str(needle["description"]).strip()
        yield Question(f"repoqa:{place}:{number}", query, place, language, "repoqa", (answer,))


def _text(file: Path) -> str:
    packed = file.read_bytes()
    return (gzip.decompress(packed) if file.suffix == ".gz" else packed).decode()


def _inside(path: str) -> str:
    if path.startswith("/") or ".." in Path(path).parts:
        raise ValueError(f"{path!r} lies outside of its repository")
    return path


def _csv(file: Path) -> Loaded:
    """Rows with the same query are one question with several answers; the code lies beside the file."""
    answers: dict[str, list[Answer]] = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            answers.setdefault(row["query"], []).append(Answer(_inside(row["path"]), row.get("function") or ""))
    return Loaded(
        [],
        [
            Question(f"csv:{number}", query, file.stem, _language(found[0].path), "csv", tuple(found))
            for number, (query, found) in enumerate(answers.items())
        ],
    )


def _language(path: str) -> str:
    suffix = Path(path).suffix
    return next((one.name for one in LANGUAGES if suffix in one.suffixes), "unknown")


_LOADERS: dict[str, Callable[[Path], Loaded]] = {
    "codesearchnet": _codesearchnet, "cosqa": _cosqa, "coir": _coir, "repoqa": _repoqa, "csv": _csv,
}  # fmt: skip
