"""How sure it is that a hit is what was asked for, so that nonsense is answered with "no good match". Pure.

Not a probability of being right: among real questions and as much nonsense, that of the question being a real one. A
logistic model of two things that can be seen of a hit: its cosine, and how many of the query's words stand in its
name, scopes, path and signature. Fitted by `python -m bench.quality.calibrate` for the embedded default, whose cosines
it knows; of another model's it says nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .asked import words_in
from .ranking import TYPED_NAME

if TYPE_CHECKING:
    from .asked import Asked
    from .ranking import Candidate, Ranked

# Whose cosines the numbers below were fitted on.
CALIBRATED_MODEL = "all-MiniLM-L6-v2"
INTERCEPT, COSINE_WEIGHT, SHARE_WEIGHT = -5.44, 11.81, 10.95
# Below it a hit is no good match: the best hits of 96 % of the nonsense of the fit split lie there and of .1 % of its
# real questions, of 1 % of those of the report split (2.4 % of what developers ask). At 0.5 it would be 100, 1 and 3 %.
LEAST_CONFIDENCE = 0.2
# A name that was typed is what was asked for; one that was nearly typed is, nine times in ten.
TYPED, NEARLY_TYPED = 1.0, 0.9


def confidence(asked: Asked, one: Ranked) -> float | None:
    """Return a number from 0 to 1, None for a function that has no vector yet."""
    if TYPED_NAME in one.parts:
        return TYPED
    if one.candidate.dense is None:
        return None
    found = likelihood(one.candidate.dense, share(asked, one.candidate))
    return max(found, NEARLY_TYPED) if "nearly typed name" in one.parts else found


def likelihood(cosine: float, shared: float) -> float:
    """Return how sure a hit with this cosine and this share of words is."""
    return 1.0 / (1.0 + math.exp(-(INTERCEPT + COSINE_WEIGHT * cosine + SHARE_WEIGHT * shared)))


def share(asked: Asked, candidate: Candidate) -> float:
    """Return the share of the query's words that stand in the name, the scopes, the path or the signature."""
    texts = candidate.qualified_name, candidate.path, candidate.signature
    known = frozenset().union(*(words_in(text, asked.words) for text in texts))
    return len(known) / max(1, len(asked.words))
