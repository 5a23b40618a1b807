"""What compilers' own parsers find in real source, to hold against what we find. Used by the tests and by ``bench``."""
