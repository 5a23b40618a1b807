"""Copies are told from functions that only do something alike."""

from __future__ import annotations

import pytest

from funcseek.index.likeness import Likeness, code_of, likeness

ORIGINAL = '''\
def merge(target, changes, limit):
    """Merge some changes."""
    done = []
    for key, value in changes.items():
        if key in target and len(done) < limit:
            target.update({key: value})
            done.append("merged %s" % key)
        elif value is None:
            target.pop(key)
    return sorted(done)
'''
RENAMED = '''\
def apply(store, edits, most):
    """Apply edits to a store, at most some."""
    log = []
    for name, fresh in edits.items():
        if name in store and len(log) < most:
            store.update({name: fresh})
            log.append("applied %s" % name)
        elif fresh is None:
            store.pop(name)
    return sorted(log)
'''
EDITED = RENAMED.replace("    log = []\n", "    log = []\n    started = time.time()\n")
RELATED = '''\
def merge(target, changes, limit):
    """Merge some changes."""
    merged = dict(itertools.islice(((k, v) for k, v in changes.items() if v is not None), limit))
    target |= merged
    return [f"merged {key}" for key in sorted(merged)]
'''
REINDENTED = "\n".join(f"        {line}" for line in ORIGINAL.replace("Merge some", "Take up some").splitlines())


def check(one: str, other: str, expected: Likeness) -> None:
    docs = [text.split('"""')[1] if '"""' in text else "" for text in (one, other)]
    codes = [code_of(text, doc) for text, doc in zip((one, other), docs, strict=True)]
    assert likeness(codes[0], codes[1]) == likeness(codes[1], codes[0]) == expected


def test_same_code_with_other_space_and_documentation_is_a_duplicate() -> None:
    check(ORIGINAL, ORIGINAL, "duplicate")
    check(ORIGINAL, REINDENTED, "duplicate")


def test_copy_with_other_names_and_edits_is_a_near_duplicate() -> None:
    check(ORIGINAL, RENAMED, "near-duplicate")
    check(ORIGINAL, EDITED, "near-duplicate")


def test_other_way_to_do_the_same_is_related() -> None:
    check(ORIGINAL, RELATED, "related")


def test_functions_too_short_to_tell_are_related_unless_they_are_the_same() -> None:
    check("def a(self): return self._a", "def b(self): return self._b", "related")
    check("def a(self): return self._a", "def a(self):\n    return self._a", "duplicate")


@pytest.mark.parametrize("text", ["", " \n", "'", '"\\', "\0\ud800", "((((" * 9000, "ü 数 🙂"])
def test_any_text_is_compared(text: str) -> None:
    assert likeness(code_of(text), code_of(ORIGINAL)) == "related"
