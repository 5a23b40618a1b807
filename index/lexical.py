"""Identifiers and prose turned into search words. Pure: text in, text out; the full-text engine stems and folds case.

SQLite's ``unicode61`` tokenizer already splits at ``_``, ``.``, ``:`` and all punctuation, so what is left to do for
source text is to open up camelCase and unspaced scripts, and for queries to quote each word and drop those that say
nothing.
"""

from __future__ import annotations

import re

# fooBar → foo Bar, HTTPServer → HTTP Server; digits stay with the word before them (utf8, sha256). It begins with a set
# of letters and looks back from there, which takes a third of the time of looking around at every place.
_CAMEL_WORD = re.compile(r"[A-Z](?:(?<=[a-z0-9].)|(?<=[A-Z].)(?=[a-z]))")
WORD = re.compile(r"[^\W_]+")
# Kana, Han and Hangul: written without spaces, so pairs of neighbours stand for words, as full-text engines do it.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_IDENTIFIER = re.compile(r"[^\W\d]\w*(?:(?:\.|::|#|->|\\)[^\W\d]\w*)*(?:\(\))?[?!]?")
_SCOPE_MARK = re.compile(r"\.|::|#|->|\\")

# Words of questions and instructions that say nothing about code; "for", "if", "not" and "all" do say something.
STOP_WORDS = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "code", "could", "do", "does", "find", "from",
    "function", "how", "i", "in", "into", "is", "it", "its", "me", "method", "my", "of", "on", "or", "please",
    "should", "show", "so", "some", "that", "the", "their", "them", "then", "there", "this", "to", "want", "was",
    "way", "we", "what", "when", "where", "which", "who", "will", "with", "would", "you",
))  # fmt: skip

# Past this many distinct words a query is a pasted document; the rest adds cost and no precision.
MAX_QUERY_WORDS = 48
# Of so few words each may be meant, a single letter too; of more it is the rest of an apostrophe, and matches anything.
FEW_WORDS = 2


def spread(text: str) -> str:
    """Return ``text`` with camelCase opened up and unspaced scripts in pairs, so that a word tokenizer sees words."""
    if not text.isascii():
        text = _UNSPACED.sub(_pairs, text)
    # A replacement that holds what was matched is put together in Python, match by match: cutting takes two thirds.
    starts = [match.start() for match in _CAMEL_WORD.finditer(text)]
    if not starts:
        return text
    return " ".join([text[start:end] for start, end in zip([0, *starts], [*starts, None], strict=True)])


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    pairs = [characters[place : place + 2] for place in range(len(characters) - 1)] or [characters]
    return f" {' '.join(pairs)} "


def spread_and_whole(name: str) -> str:
    """Return the parts of an identifier followed by the identifier itself, so that both spellings are found."""
    parts = spread(name)
    return parts if parts == name else f"{parts} {name}"


def query_words(query: str) -> tuple[str, ...]:
    """Return the distinct words of a query that are worth matching, in order, lower-cased.

    Stop words are dropped unless nothing else is left, and of many words single letters, as the last of "the file's".
    """
    whole = _UNSPACED.sub(" ", query)
    words = list(dict.fromkeys(word.lower() for word in WORD.findall(f"{whole} {spread(query)}")))
    telling = [word for word in words if word not in STOP_WORDS]
    if len(telling) > FEW_WORDS:
        telling = [word for word in telling if len(word) > 1 or not word.isascii()]
    return tuple((telling or words)[:MAX_QUERY_WORDS])


def match_expression(words: tuple[str, ...]) -> str:
    """Return an FTS5 expression that matches any of ``words``; quoted, so that no operator can be smuggled in.

    A single character of an unspaced script matches every pair that begins with it.
    """
    return " OR ".join(f'"{word}"*' if len(word) == 1 and _UNSPACED.match(word) else f'"{word}"' for word in words)


def as_identifier(query: str) -> tuple[str, ...]:
    """Return the scopes and name of a query that is one identifier (``Pool.get``, ``Foo::bar()``), else ``()``."""
    stripped = query.strip()
    if not _IDENTIFIER.fullmatch(stripped):
        return ()
    return tuple(_SCOPE_MARK.split(stripped.removesuffix("()")))
