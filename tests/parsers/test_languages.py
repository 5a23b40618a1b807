"""Which language a file is in, and what identifies the state of the extractor."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files

import pytest

from funcseek.parsers import (
    LANGUAGES,
    Language,
    fingerprint,
    fingerprint_of_all,
    grammars,
    language_for,
    language_named,
)
from funcseek.parsers.hosts import HOSTS
from funcseek.parsers.languages import language_called


def check(path_name: str, language: str | None, first_line: bytes = b"") -> None:
    found = language_for(path_name, first_line)
    assert (found.name if found else None) == language


@pytest.mark.parametrize(
    ("path_name", "language"),
    [
        ("src/pool.py", "python"),
        ("POOL.PY", "python"),
        ("SConstruct", "python"),
        ("a.b/pool.go", "go"),
        ("src\\pool.rs", "rust"),
        ("types.d.ts", "typescript"),
        ("App.tsx", "tsx"),
        ("lib.mjs", "javascript"),
        ("pool.h", "cpp"),
        ("pool.C", "cpp"),
        ("pool.c", "c"),
        ("Rakefile", "ruby"),
        ("home/.bashrc", "bash"),
        ("view.mm", "objc"),
        ("README", None),
        ("py", None),
        (".py", None),
        ("", None),
        ("archive.py.gz", None),
    ],
)
def test_name_tells_the_language(path_name: str, language: str | None) -> None:
    check(path_name, language)


@pytest.mark.parametrize(
    ("first_line", "language"),
    [
        (b"#!/usr/bin/python3.11\n", "python"),
        (b"#!/usr/bin/env -S FOO=1 node --harmony\nimport x\n", "javascript"),
        (b"#! /usr/bin/env pypy3", "python"),
        (b"#!/bin/sh -e\n", "bash"),
        (b"#!/usr/bin/perl -w\n", "perl"),
        (b"#!/bin/unknown", None),
        (b"#!", None),
        (b"#!\xff\xfe", None),
        (b"import python", None),
    ],
)
def test_first_line_tells_the_language_where_the_name_does_not(first_line: bytes, language: str | None) -> None:
    check("run", language, first_line)


def test_name_counts_more_than_the_first_line() -> None:
    check("run.go", "go", b"#!/usr/bin/python\n")


@pytest.mark.parametrize(
    ("name", "language"), [("python", "python"), ("Python", "python"), ("typescriptreact", "tsx"), ("klingon", None)]
)
def test_language_is_found_by_name_and_by_editor_id(name: str, language: str | None) -> None:
    found = language_named(name)
    assert (found.name if found else None) == language


@pytest.mark.parametrize("column", ["suffixes", "file_names", "interpreters", "editor_ids", "aliases"])
def test_no_two_rows_claim_the_same_key(column: str) -> None:
    claims = Counter(key for language in LANGUAGES for key in getattr(language, column))
    assert {key: count for key, count in claims.items() if count > 1} == {}


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("py", "python"),
        ("Python3.11", "python"),
        ("ipython3", "python"),
        ("js", "javascript"),
        ("node", "javascript"),
        ("sh", "bash"),
        ("shell", "bash"),
        ("c++17", "cpp"),
        ("C", "c"),
        ("c#", "c_sharp"),
        ("golang", "go"),
        ("src/pool.rs", "rust"),
        ("html", "html"),
        ("console", None),
        ("text", None),
        ("", None),
        ("3", None),
    ],
)
def test_language_is_found_by_the_word_a_document_uses(word: str, language: str | None) -> None:
    found = language_called(word)
    assert (found.name if found else None) == language


@pytest.mark.parametrize("language", [row for row in LANGUAGES if not row.host], ids=lambda language: language.name)
def test_every_pattern_has_a_role(language: Language) -> None:
    assert "" not in {role.capture for role in grammars.rules_of(language).roles}


def test_every_way_to_read_a_document_is_used() -> None:
    assert {language.host for language in LANGUAGES if language.host} == {*HOSTS, "notebook"}


def test_every_query_file_is_used() -> None:
    present = {entry.name for entry in files("funcseek.parsers").joinpath("queries").iterdir()}
    assert present == {query for language in LANGUAGES for query in language.queries}


def test_fingerprint_changes_with_the_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(LANGUAGES[0])
    assert re.fullmatch(r"[0-9a-f]{16}", before)
    monkeypatch.setattr(grammars, "EXTRACTOR_VERSION", grammars.EXTRACTOR_VERSION + 1)
    assert grammars.fingerprint.__wrapped__(LANGUAGES[0]) != before


def test_no_two_languages_share_a_fingerprint() -> None:
    assert len({fingerprint(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_fingerprint_is_the_same_in_every_process() -> None:
    program = "from funcseek.parsers import fingerprint_of_all; print(fingerprint_of_all())"
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        assert run.stdout.decode().strip() == fingerprint_of_all()
