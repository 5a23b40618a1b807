"""How good the answers are, measured on labelled questions. Ranks nothing itself: every system answers for itself."""
