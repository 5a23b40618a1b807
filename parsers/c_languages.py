"""The rows of C, C++ and Objective-C, which share their macros; part of the table in `languages`."""

from __future__ import annotations

from .language import Language

_C_KEYWORDS = frozenset(
    {"if", "else", "for", "while", "do", "switch", "case", "return", "catch", "try", "sizeof", "defined"}
    | {"decltype", "noexcept", "alignas", "static_assert", "requires", "new", "delete", "throw", "typedef", "using"}
    | {"class", "struct", "union", "enum", "namespace", "public", "private", "protected"}
)
_C_DIRECTIVES = ("NOLINT", "clang-format", "NOSONAR", "coverity", "LCOV_")
# Broken C yields false functions, which a repair rightly loses.
_LEAST_KEPT = 0.75

C_LANGUAGES: tuple[Language, ...] = (
    Language(
        name="c",
        suffixes=(".c",),
        grammar=("tree_sitter_c", "language"),
        queries=("c.scm", "c_functions.scm"),
        editor_ids=("c",),
        separator="::",
        directives=_C_DIRECTIVES,
        not_names=_C_KEYWORDS,
        repair="macros",
        least_kept=_LEAST_KEPT,
    ),
    Language(
        name="cpp",
        suffixes=(
            ".cpp",
            ".cc",
            ".cxx",
            ".c++",
            ".C",
            ".h",
            ".hpp",
            ".hh",
            ".hxx",
            ".h++",
            ".H",
            ".inl",
            ".ipp",
            ".tpp",
            ".cu",
            ".cuh",
            ".ino",
        ),
        grammar=("tree_sitter_cpp", "language"),
        queries=("c.scm", "cpp.scm"),
        editor_ids=("cpp", "cuda-cpp"),
        separator="::",
        constructors=frozenset({""}),
        directives=_C_DIRECTIVES,
        prototypes=True,
        test_names=r"(TYPED_)?TEST(_[A-Z]+)?\(.*\)",
        not_names=_C_KEYWORDS,
        repair="macros",
        least_kept=_LEAST_KEPT,
        dialect="header",
    ),
    Language(
        name="objc",
        suffixes=(".m", ".mm"),
        grammar=("tree_sitter_objc", "language"),
        queries=("c.scm", "c_functions.scm", "objc.scm"),
        editor_ids=("objective-c", "objective-cpp"),
        aliases=("objectivec",),
        directives=_C_DIRECTIVES,
        prototypes=True,
        not_names=_C_KEYWORDS,
        repair="objective-c",
        least_kept=_LEAST_KEPT,
        dialect="objective-c",
    ),
)
