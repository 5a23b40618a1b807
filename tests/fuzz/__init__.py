"""Fuzzing: what is fuzzed, the program that does it, and the test of what it found."""
