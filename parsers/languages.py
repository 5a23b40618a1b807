"""The table of languages and how a file's language is recognised.

A new language is one row here, one query file, one sample and one snapshot. Knows nothing of tree-sitter's types, so
that asking for a file's language loads no native code.
"""

from __future__ import annotations

from functools import cache

from .c_languages import C_LANGUAGES
from .documents import DOCUMENTS
from .language import Language
from .more_languages import MORE_LANGUAGES

# `module.exports.f`, `Pool.prototype.f` and `this.f` are known as `f`, `Pool.f` and `f`.
_SCRIPT_SILENT = frozenset({"module", "exports", "prototype", "this", "window", "globalThis"})
_SCRIPT_DIRECTIVES = (
    "eslint",
    "@ts-",
    "prettier-",
    "istanbul ",
    "c8 ",
    "v8 ",
    "biome-",
    "jshint",
    "#__",
    "@__",
    "tslint:",
    "/** @typedef",
    "/** @import",
    "/** @callback",
)
_SCRIPT_CONSTRUCTOR = frozenset({"constructor"})
# The constructor is named like its class.
_CLASS_NAME = frozenset({""})
_JVM_DIRECTIVES = ("CHECKSTYLE", "NOPMD", "NOSONAR", "noinspection", "@formatter:", "ktlint-", "scalastyle:")

LANGUAGES: tuple[Language, ...] = (
    Language(
        name="python",
        suffixes=(".py", ".pyi", ".pyw"),
        grammar=("tree_sitter_python", "language"),
        queries=("python.scm",),
        file_names=("SConstruct", "SConscript", "wscript"),
        interpreters=("python", "pypy"),
        editor_ids=("python",),
        aliases=("ipython",),
        silent=frozenset({"self", "cls"}),
        constructors=frozenset({"__init__"}),
        directives=("type:", "noqa", "pylint:", "fmt:", "mypy:", "pragma:", "isort:", "ruff:", "pyright:"),
        # `def f(self) -> int: ...` in a stub file or a protocol, with documentation or without.
        bodiless=rb"[:\"']\s*\.\.\.\s*",
    ),
    Language(
        name="javascript",
        suffixes=(".js", ".jsx", ".mjs", ".cjs"),
        grammar=("tree_sitter_javascript", "language"),
        queries=("ecmascript.scm", "javascript.scm"),
        file_names=("Jakefile",),
        interpreters=("node", "nodejs", "bun"),
        editor_ids=("javascript", "javascriptreact"),
        aliases=("ecmascript", "babel"),
        silent=_SCRIPT_SILENT,
        constructors=_SCRIPT_CONSTRUCTOR,
        directives=_SCRIPT_DIRECTIVES,
    ),
    Language(
        name="typescript",
        suffixes=(".ts", ".mts", ".cts"),
        grammar=("tree_sitter_typescript", "language_typescript"),
        queries=("ecmascript.scm", "typescript.scm"),
        interpreters=("ts-node", "deno"),
        editor_ids=("typescript",),
        silent=_SCRIPT_SILENT,
        constructors=_SCRIPT_CONSTRUCTOR,
        directives=_SCRIPT_DIRECTIVES,
        overloads=True,
    ),
    Language(
        name="tsx",
        suffixes=(".tsx",),
        grammar=("tree_sitter_typescript", "language_tsx"),
        queries=("ecmascript.scm", "typescript.scm"),
        interpreters=("tsx",),
        editor_ids=("typescriptreact",),
        silent=_SCRIPT_SILENT,
        constructors=_SCRIPT_CONSTRUCTOR,
        directives=_SCRIPT_DIRECTIVES,
        overloads=True,
    ),
    Language(
        name="go",
        suffixes=(".go",),
        grammar=("tree_sitter_go", "language"),
        queries=("go.scm",),
        editor_ids=("go",),
        aliases=("golang",),
        # Words about an export or a line begin like a directive but for the space after the mark.
        directives=("//go:", "//export ", "//extern ", "//line ", "//lint:", "//nolint", "nolint:", "+build"),
        test_names=r"(Test|Benchmark|Fuzz|Example)([A-Z0-9_]\w*)?",
    ),
    Language(
        name="rust",
        suffixes=(".rs",),
        grammar=("tree_sitter_rust", "language"),
        queries=("rust.scm",),
        interpreters=("rust-script",),
        editor_ids=("rust",),
        separator="::",
    ),
    Language(
        name="java",
        suffixes=(".java",),
        grammar=("tree_sitter_java", "language"),
        queries=("java.scm",),
        editor_ids=("java",),
        directives=_JVM_DIRECTIVES,
    ),
    Language(
        name="c_sharp",
        suffixes=(".cs", ".csx", ".cake"),
        grammar=("tree_sitter_c_sharp", "language"),
        queries=("c_sharp.scm",),
        interpreters=("dotnet-script",),
        editor_ids=("csharp",),
        aliases=("c#",),
        directives=("ReSharper ",),
        # `extension(Pool pool) { … }` holds extension members and is read as a constructor.
        not_names=frozenset({"extension"}),
        repair="first branches",
    ),
    Language(
        name="ruby",
        suffixes=(".rb", ".rake", ".gemspec", ".ru", ".rbi", ".podspec"),
        grammar=("tree_sitter_ruby", "language"),
        queries=("ruby.scm",),
        file_names=("Rakefile", "Gemfile", "Guardfile", "Capfile", "Vagrantfile", "Fastfile", "Podfile", "Brewfile"),
        interpreters=("ruby", "jruby", "rake"),
        editor_ids=("ruby",),
        separator="::",
        member_separator="#",
        static_separator=".",
        silent=frozenset({"self"}),
        constructors=frozenset({"initialize"}),
        directives=("rubocop:", "frozen_string_literal:", "typed:", ":nodoc:", "encoding:"),
    ),
    Language(
        name="php",
        suffixes=(".php", ".phtml", ".php5", ".inc"),
        grammar=("tree_sitter_php", "language_php"),
        queries=("php.scm",),
        interpreters=("php",),
        editor_ids=("php",),
        separator="\\",
        member_separator="::",
        silent=frozenset({"this"}),
        constructors=frozenset({"__construct"}),
        directives=("phpcs:", "@phpstan-ignore", "@codeCoverageIgnore"),
    ),
    Language(
        name="kotlin",
        suffixes=(".kt", ".kts"),
        grammar=("tree_sitter_kotlin", "language"),
        queries=("kotlin.scm",),
        interpreters=("kotlin",),
        editor_ids=("kotlin",),
        directives=_JVM_DIRECTIVES,
        repair="kotlin",
    ),
    Language(
        name="swift",
        suffixes=(".swift",),
        grammar=("tree_sitter_swift", "language"),
        queries=("swift.scm",),
        interpreters=("swift",),
        editor_ids=("swift",),
        directives=("swiftlint:", "MARK:"),
        repair="first branches",
    ),
    Language(
        name="scala",
        suffixes=(".scala", ".sc", ".sbt"),
        grammar=("tree_sitter_scala", "language"),
        queries=("scala.scm",),
        interpreters=("scala", "amm"),
        editor_ids=("scala",),
        constructors=frozenset({"this"}),
        directives=_JVM_DIRECTIVES,
    ),
    Language(
        name="lua",
        suffixes=(".lua", ".rockspec"),
        grammar=("tree_sitter_lua", "language"),
        queries=("lua.scm",),
        interpreters=("lua", "luajit"),
        editor_ids=("lua",),
        directives=("luacheck:", "stylua:", "@diagnostic"),
    ),
    Language(
        name="bash",
        suffixes=(".sh", ".bash", ".ksh", ".bats", ".zsh"),
        grammar=("tree_sitter_bash", "language"),
        queries=("bash.scm",),
        file_names=(".bashrc", ".bash_profile", ".bash_aliases", ".profile", "PKGBUILD", "APKBUILD"),
        interpreters=("bash", "sh", "dash", "ksh", "zsh", "ash", "bats"),
        editor_ids=("shellscript",),
        aliases=("shell",),
        directives=("shellcheck ",),
        repair="shell patterns",
    ),
    Language(
        name="haskell",
        suffixes=(".hs",),
        grammar=("tree_sitter_haskell", "language"),
        queries=("haskell.scm",),
        interpreters=("runhaskell", "runghc", "stack"),
        editor_ids=("haskell",),
        docs_below="-- ^",
        repair="tabs",
        overloads=True,
        clauses=True,
    ),
    Language(
        name="elixir",
        suffixes=(".ex", ".exs"),
        grammar=("tree_sitter_elixir", "language"),
        queries=("elixir.scm",),
        interpreters=("elixir",),
        editor_ids=("elixir",),
        clauses=True,
        arities=True,
        not_names=frozenset({"unquote"}),
    ),
    Language(
        name="ocaml",
        suffixes=(".ml",),
        grammar=("tree_sitter_ocaml", "language_ocaml"),
        queries=("ocaml.scm",),
        interpreters=("ocaml",),
        editor_ids=("ocaml",),
        docs_below="(**",
    ),
    Language(
        name="ocaml_interface",
        suffixes=(".mli",),
        grammar=("tree_sitter_ocaml", "language_ocaml_interface"),
        queries=("ocaml.scm",),
        editor_ids=("ocaml.interface",),
        docs_below="(**",
    ),
    Language(
        name="julia",
        suffixes=(".jl",),
        grammar=("tree_sitter_julia", "language"),
        queries=("julia.scm",),
        interpreters=("julia",),
        editor_ids=("julia",),
        constructors=_CLASS_NAME,
    ),
    Language(
        name="zig",
        suffixes=(".zig",),
        grammar=("tree_sitter_zig", "language"),
        queries=("zig.scm",),
        editor_ids=("zig",),
        repair="former Zig",
    ),
    Language(
        name="dart",
        suffixes=(".dart",),
        grammar=("tree_sitter_dart", "language"),
        queries=("dart.scm",),
        interpreters=("dart",),
        editor_ids=("dart",),
        constructors=_CLASS_NAME,
        directives=("ignore:", "ignore_for_file:"),
        # What its repair makes of `this { … }`.
        not_names=frozenset({"thi"}),
        repair="dart",
    ),
    Language(
        name="sql",
        suffixes=(".sql", ".pgsql", ".psql", ".ddl"),
        grammar=("tree_sitter_sql", "language"),
        queries=("sql.scm",),
        editor_ids=("sql",),
        aliases=("mysql", "postgresql", "postgres", "plpgsql", "tsql"),
        repair="statements",
    ),
    Language(
        name="perl",
        suffixes=(".pl", ".pm", ".t", ".psgi"),
        grammar=("tree_sitter_perl", "language"),
        queries=("perl.scm",),
        interpreters=("perl",),
        editor_ids=("perl",),
        separator="::",
        absolute_names=True,
        not_names=frozenset({"BEGIN", "INIT", "CHECK", "UNITCHECK", "END"}),
        directives=("no critic", "perltidy"),
    ),
    Language(
        name="powershell",
        suffixes=(".ps1", ".psm1"),
        grammar=("tree_sitter_powershell", "language"),
        queries=("powershell.scm",),
        interpreters=("pwsh", "powershell"),
        editor_ids=("powershell",),
        constructors=_CLASS_NAME,
    ),
    *C_LANGUAGES,
    *MORE_LANGUAGES,
    *DOCUMENTS,
)


@cache
def _table(column: str) -> dict[str, Language]:
    """Return the languages by the keys of a column, as written and in lower case; the first row with a key has it."""
    table: dict[str, Language] = {}
    for language in LANGUAGES:
        for key in getattr(language, column):
            table.setdefault(key, language)
    for key, language in list(table.items()):
        table.setdefault(key.lower(), language)
    return table


def language_for(path_name: str, first_line: bytes = b"") -> Language | None:
    """Return the language of a file by its path or name, else by the ``#!`` line it starts with."""
    suffixes, names = _table("suffixes"), _table("file_names")
    name = path_name.replace("\\", "/").rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    suffix = dot + extension if stem else ""
    found = names.get(name) or suffixes.get(suffix) or suffixes.get(suffix.lower()) or names.get(name.lower())
    return found or _table("interpreters").get(_interpreter(first_line))


def language_named(name: str) -> Language | None:
    """Return the language of a name in this table or of a Language Server Protocol identifier."""
    wanted = name.lower()
    named = (language for language in LANGUAGES if language.name == wanted)
    return next(named, None) or _table("editor_ids").get(wanted)


def language_called(word: str) -> Language | None:
    """Return the language of a name, alias, suffix, program or file name in a document; versions do not count."""
    for wanted in (word.lower(), word.lower().rstrip("0123456789.")):
        for column, key in (("aliases", wanted), ("suffixes", f".{wanted}"), ("interpreters", wanted)):
            if found := language_named(wanted) or _table(column).get(key):
                return found
    return language_for(word)


def _interpreter(first_line: bytes) -> str:
    """Return the program a ``#!`` line starts, without folders and version digits, ``""`` where there is none."""
    if not first_line.startswith(b"#!"):
        return ""
    words = first_line[2:].split(b"\n", 1)[0].decode("utf-8", "replace").split()
    programs = (word.rpartition("/")[2] for word in words if not word.startswith("-") and "=" not in word)
    program = next((program for program in programs if program != "env"), "")
    return program.rstrip("0123456789.").removesuffix(".exe").lower()
