"""What has to be known about a language besides its grammar and its query. Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    ``suffixes`` and ``file_names`` are compared without regard to case, after an exact comparison has failed.
    ``interpreters`` are program names in a ``#!`` line, without version digits. ``editor_ids`` are the language
    identifiers of the Language Server Protocol. ``grammar`` is a module and the function in it that gives the grammar.
    ``queries`` are file names in ``queries/``, read as one text.
    ``separator`` joins the parts of a qualified name; ``member_separator`` and ``static_separator``, where set, come
    before a method's own name instead, the second where it names its receiver. Parts in ``silent`` are left out.
    ``absolute_names``: a function whose own name has the separator in it is named from the top.
    A function whose name is in ``constructors``, or is its class's name where that set holds ``""``, is a constructor.
    Lines of documentation, or comments, that start with one of ``directives`` speak to tools, not to people.
    ``docs_below``: a comment that starts with it, right below a function without documentation, documents that.
    ``not_names`` are words that a grammar takes for function names in source it cannot make out.
    ``overloads``: declarations right before a function of the same name belong to it.
    ``prototypes``: declarations of what the file defines belong to it, wherever they stand, and those within functions
    count for nothing.
    ``clauses``: functions of the same name, one right after the other, are one function; where ``clause_end`` is set,
    if the first ends so; with ``arities``, only those that take as many arguments.
    ``bodiless`` is a pattern that the end of a function matches whose body is left to others though it has a form.
    ``test_names`` is a pattern that the whole name of a test matches.
    ``aliases`` are names that documents call it by, besides its name, suffixes, editor ids and interpreters.
    ``repair`` names the change in `repairs` after which source that does not parse is tried again.
    What is found then counts if it is at least ``least_kept`` of the functions found before.
    ``dialect`` names the way in `dialects` to tell, by its content, in which language a file of such a name is.
    ``host`` names the way in `hosts` to find the regions of other languages in a document; such a row has no grammar.
    ``extra`` names the optional dependency that brings the grammar.
    ``largest_bytes``, where set, is the size up to which a file is read, because most of it is data.
    """

    name: str
    suffixes: tuple[str, ...]
    grammar: tuple[str, str] = ("", "")
    queries: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    editor_ids: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    separator: str = "."
    member_separator: str = ""
    static_separator: str = ""
    silent: frozenset[str] = frozenset()
    absolute_names: bool = False
    constructors: frozenset[str] = frozenset()
    directives: tuple[str, ...] = ()
    docs_below: str = ""
    not_names: frozenset[str] = frozenset()
    overloads: bool = False
    prototypes: bool = False
    clauses: bool = False
    arities: bool = False
    clause_end: str = ""
    bodiless: bytes = b""
    test_names: str = r"test(_\w+|[A-Z]\w*)"
    repair: str = ""
    least_kept: float = 1.0
    dialect: str = ""
    host: str = ""
    extra: str = ""
    largest_bytes: int = 0
