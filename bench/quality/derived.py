"""Questions derived from others: exact names, names and sentences with one typo, and nonsense, which nothing answers.

Pure. The same corpora give the same questions, whatever the order of their functions: chance comes from the ids.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

from .asides import is_aside
from .questions import NONSENSE, Answer, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from funcseek.parsers import Function

    from .packages import Package

MIN_NAME, MIN_TYPO_NAME = 6, 8
MISSPELLED = "misspelled"
NAMES, QUALIFIED, TYPOS = 20, 10, 15
SENTENCES = Path(__file__).with_name("nonsense.txt")
SALADS, INVENTED = 70, 70

_SEED = 6
_PLAIN = re.compile(r"[A-Za-z]\w*[?!]?")
_LAST_TWO = re.compile(r"[A-Za-z_]\w*(?:\.|::|#|\\)[A-Za-z_]\w*[?!]?$")
# Words of a sentence in which a typo is made: a shorter one may become another word.
_LONG_WORD = re.compile(r"[a-z]{6,}")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def name_questions(package: Package, found: Iterable[tuple[str, Function]]) -> Iterator[Question]:
    """Yield questions of the kinds ``name``, ``qualified`` and ``typo`` from the functions of a corpus and their paths.

    Only names that one function alone has, whichever case they are in, tests and declarations counted.
    """
    everything = list(found)
    names = Counter(function.name.casefold() for _, function in everything)
    unique = [(path, one) for path, one in everything if names[one.name.casefold()] == 1 and _is_asked_for(path, one)]
    for path, one in _by_chance(unique, "name", NAMES):
        yield _question(package, "name", one.name, path=path, function=one)
    qualified = [(path, one) for path, one in unique if _LAST_TWO.search(one.qualified_name)]
    for path, one in _by_chance(qualified, "qualified", QUALIFIED):
        last_two = _LAST_TWO.search(one.qualified_name)
        yield _question(package, "qualified", last_two[0] if last_two else "", path=path, function=one)
    long = [(path, one) for path, one in unique if len(one.name) >= MIN_TYPO_NAME]
    for path, one in _by_chance(long, "typo", TYPOS):
        misspelled = with_typo(one.name, random.Random(f"{_SEED}:{package.name}:{one.qualified_name}"))
        if misspelled.casefold() not in names:
            yield _question(package, "typo", misspelled, path=path, function=one)


def _is_asked_for(path: str, function: Function) -> bool:
    is_other = function.is_declaration or function.is_test or function.is_generated or is_aside(path)
    return not is_other and len(function.name) >= MIN_NAME and bool(_PLAIN.fullmatch(function.name))


def _by_chance(found: Iterable[tuple[str, Function]], kind: str, most: int) -> list[tuple[str, Function]]:
    """Return so many of the functions, always the same ones."""

    def rank(place: tuple[str, Function]) -> bytes:
        return blake2b(f"{kind}:{place[0]}:{place[1].qualified_name}".encode(errors="replace"), digest_size=8).digest()

    return sorted(found, key=rank)[:most]


def _question(package: Package, kind: str, query: str, *, path: str, function: Function) -> Question:
    number = f"{kind}:{package.name}:{path}:{function.qualified_name}"
    answers = (Answer(path, function.qualified_name),)
    return Question(number, query, package.name, function.language, kind, answers, package.split)


def misspelled_questions(questions: Iterable[Question]) -> Iterator[Question]:
    """Yield questions with a typo in one word, of the kind ``misspelled``; those without a long word are left out."""
    for one in questions:
        chance = random.Random(f"{_SEED}:{one.id}")
        if words := list(_LONG_WORD.finditer(one.query)):
            word = chance.choice(words)
            query = one.query[: word.start()] + with_typo(word[0], chance) + one.query[word.end() :]
            yield replace(one, id=f"{MISSPELLED}:{one.id}", query=query, kind=MISSPELLED)


def with_typo(name: str, chance: random.Random) -> str:
    """Return a name with one letter left out, put in, replaced or swapped with the next; never the first one."""
    at = chance.randrange(1, len(name))
    letter = chance.choice(ascii_lowercase.replace(name[at].lower(), ""))
    swapped = at if at + 1 < len(name) else at - 1
    ways = [name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :]]
    # Two equal letters swapped are no typo, and the first letter stays.
    if swapped > 0 and name[swapped] != name[swapped + 1]:
        ways.append(name[:swapped] + name[swapped + 1] + name[swapped] + name[swapped + 2 :])
    return chance.choice(ways)


def nonsense_questions(asked: Sequence[Package], sentences: Sequence[str] = ()) -> list[Question]:
    """Return questions of the kind ``nonsense``, spread over the packages; no function answers any of them.

    Sentences from other walks of life (``nonsense.txt``), words of them thrown together, and words that are none.
    """
    told = list(sentences) or SENTENCES.read_text(encoding="utf-8").splitlines()
    chance = random.Random(_SEED)
    words = sorted({word.lower() for line in told for word in re.findall(r"[A-Za-z]{5,}", line)})
    salads = [" ".join(chance.sample(words, chance.randint(3, 7))) for _ in range(SALADS)]
    invented = [" ".join(_invented_word(chance) for _ in range(chance.randint(1, 5))) for _ in range(INVENTED)]
    queries = [*told, *salads, *invented]
    places = [asked[index % len(asked)] for index in range(len(queries))]
    return [
        Question(f"nonsense:{index:04}", query, package.name, package.languages[0], NONSENSE, (), package.split)
        for index, (query, package) in enumerate(zip(queries, places, strict=True))
    ]


def _invented_word(chance: random.Random) -> str:
    syllables = (chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(chance.randint(2, 4)))
    return "".join(syllables) + chance.choice(_CONSONANTS)
