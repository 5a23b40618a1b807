"""The rows whose grammars come with the extra ``more``; part of the table in `languages`."""

from __future__ import annotations

from .language import Language

_PACKAGE = "semble_grammars"

MORE_LANGUAGES: tuple[Language, ...] = (
    Language(
        name="r",
        suffixes=(".r",),
        grammar=(_PACKAGE, "r"),
        queries=("r.scm",),
        file_names=(".Rprofile",),
        interpreters=("Rscript",),
        editor_ids=("r",),
        separator="$",
        constructors=frozenset({"initialize"}),
        directives=("nolint", "nocov", "styler:"),
        extra="more",
    ),
    Language(
        name="erlang",
        suffixes=(".erl", ".hrl", ".escript"),
        grammar=(_PACKAGE, "erlang"),
        queries=("erlang.scm",),
        interpreters=("escript",),
        editor_ids=("erlang",),
        separator=":",
        clauses=True,
        clause_end=";",
        test_names=r"\w+_test_?|prop_\w+",
        extra="more",
    ),
    Language(
        name="clojure",
        suffixes=(".clj", ".cljs", ".cljc", ".bb"),
        grammar=(_PACKAGE, "clojure"),
        queries=("clojure.scm",),
        interpreters=("bb", "clojure", "clj"),
        editor_ids=("clojure", "clojurescript"),
        test_names=r"\S+-test|test-\S+",
        extra="more",
    ),
    Language(
        name="cmake",
        suffixes=(".cmake",),
        grammar=(_PACKAGE, "cmake"),
        queries=("cmake.scm",),
        file_names=("CMakeLists.txt",),
        editor_ids=("cmake",),
        extra="more",
    ),
    Language(
        name="fortran",
        suffixes=(".f90", ".f95", ".f03", ".f08", ".f18"),
        grammar=(_PACKAGE, "fortran"),
        queries=("fortran.scm",),
        editor_ids=("fortran", "fortran-modern", "FortranFreeForm"),
        separator="::",
        extra="more",
    ),
    Language(
        name="solidity",
        suffixes=(".sol",),
        grammar=(_PACKAGE, "solidity"),
        queries=("solidity.scm",),
        editor_ids=("solidity",),
        directives=("solhint-", "slither-", "SPDX-"),
        test_names=r"test\w*|invariant\w*",
        extra="more",
    ),
)
