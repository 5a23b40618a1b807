"""Source a grammar cannot read as it is: the functions are found where they stand."""

from __future__ import annotations

import pytest

from funcseek.parsers import LANGUAGES, extract, language_named
from funcseek.parsers.branches import without_torn_branches
from funcseek.parsers.dart_repairs import readable_dart
from funcseek.parsers.kotlin_repairs import readable_kotlin
from funcseek.parsers.macros import without_macros
from funcseek.parsers.repairs import REPAIRS, with_first_branches
from funcseek.parsers.statements import as_views


def check(source: bytes, language: str, *qualified_names: str) -> None:
    found = language_named(language)
    assert found is not None
    functions = extract(source, found).functions
    assert [function.qualified_name for function in functions] == list(qualified_names)
    for function in functions:
        assert source[function.name_span.start : function.name_span.end].decode() == function.name


@pytest.mark.parametrize(
    ("source", "blanked"),
    [
        (b"API_BEGIN\nint f();\n", b"         \nint f();\n"),
        (b"LIB_NOINLINE\nint f();\n", b"[[________]]\nint f();\n"),
        (b"LIB_EXPORT int f();\n", b"[[______]] int f();\n"),
        (b"LIB_EXPORT class A;\n", b"           class A;\n"),
        (b"LIB_HINT(\n  a(b))\nint f();\n", b"[[_      \n     ]]\nint f();\n"),
        (b"static LIB_BOOL f(int a)", b"static LIB_BOOL f(int a)"),
        (b"static LIB_TYPE(int) f(int a)", b"static auto          f(int a)"),
        (b"int x =\n  MAX_OF(a, b);\n", b"int x =\n  MAX_OF(a, b);\n"),
        (b"  DECLARE(pool, 3);\n", b"                  ;\n"),
        (b"int f() const LIB_REQUIRES(a) {", b"int f() const                 {"),
        (b"int a LIB_GUARDED_BY(b);", b"int a                  ;"),
        (b"while IS_BLANK(*c) c++;", b"while         (*c) c++;"),
        (b"  LIB_TRY {\n", b"          {\n"),
        (b"int f LIB_ARGS2((a), int a)\n{", b"int f          (     int a)\n{"),
        (b"public slots:\n", b"             \n"),
        (b"f(R (A::*p)(int), &a = {})", b"f(R (   *p)(int), &a     )"),
        (b"static LIB_INLINE int f() {}", b"static            int f() {}"),
        (b"void clear() LIB_NOEXCEPT {", b"void clear()              {"),
        (b"#define LIB_INLINE inline\n", b"#define LIB_INLINE inline\n"),
        (b"#define A \\\n  LIB_BEGIN\nLIB_END\n", b"#define A \\\n  LIB_BEGIN\n       \n"),
        (b"TEST(Suite, Name)\n{\n}\n", b"TEST(Suite, Name)\n{\n}\n"),
        (b"int MAX_SIZE = 3;", b"int MAX_SIZE = 3;"),
    ],
)
def test_macro_calls_are_blanked_in_place(source: bytes, blanked: bytes) -> None:
    assert without_macros(source) == blanked
    assert len(source) == len(blanked)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        (
            b"#if A\nint f(int a) {\n#else\nint f() {\n#endif\n}\n",
            b"     \nint f(int a) {\n     \n         \n      \n}\n",
        ),
        (b"#if A\nint f(int)\n#else\nint f()\n#endif\n{}\n", b"     \nint f(int)\n     \n       \n      \n{}\n"),
        (b"if (a\n#ifdef B\n && b\n#endif\n) c();\n", b"if (a\n        \n && b\n      \n) c();\n"),
        (b"}\n#ifdef B\nelse if (b) {}\n#endif\n", b"}\n        \nelse if (b) {}\n      \n"),
        (b"#if A\nint f() {}\n#else\nint g() {}\n#endif\n", b"#if A\nint f() {}\n#else\nint g() {}\n#endif\n"),
        (b"LIB_BEGIN\n#if A\nint f();\n#endif\n", b"LIB_BEGIN\n#if A\nint f();\n#endif\n"),
        (b'#if A\nchar *a = "{";\n// {\n#endif\n', b'#if A\nchar *a = "{";\n// {\n#endif\n'),
    ],
)
def test_torn_conditional_keeps_one_branch(source: bytes, kept: bytes) -> None:
    assert without_torn_branches(source) == kept


def test_functions_among_macros_are_found() -> None:
    source = b"LIB_BEGIN_NAMESPACE\nclass LIB_EXPORT Pool {\n LIB_NODISCARD int get() const { return 1; }\n};\n"
    check(source, "cpp", "Pool::get")


def test_source_that_parses_is_left_alone() -> None:
    check(b"FILE_HANDLE open_file(void) { return 0; }\n", "c", "open_file")


@pytest.mark.parametrize(
    ("declaration", "name"),
    [
        ("int f(void)", "f"),
        ("char **f(int a)", "f"),
        ("int (*f(int a))(int)", "f"),
        ("struct s *(f)(void)", "f"),
        ("void a::b::f()", "a::b::f"),
        ("A<T>::A(int x) : y(x)", "A::A"),
        ("ns::A::~A()", "ns::A::~A"),
        ("A::operator bool() const", "A::operator bool"),
        ("bool operator==(const A& a, const A& b)", "operator=="),
        ("auto f() -> decltype(g())", "f"),
        ("int& A::f()", "A::f"),
        ("TEST_F(Suite, Name)", "TEST_F(Suite, Name)"),
    ],
)
def test_name_is_found_in_any_declarator(declaration: str, name: str) -> None:
    language = language_named("cpp")
    assert language is not None
    functions = extract(f"{declaration} {{ }}".encode(), language).functions
    assert [function.qualified_name for function in functions] == [name]


@pytest.mark.parametrize("word", ["if", "while", "switch"])
def test_keyword_is_no_function(word: str) -> None:
    check(b"int x;\n%s (x) { }\nint f() { return 1; }\n" % word.encode(), "c", "f")


def test_kotlin_class_with_its_constructor_in_the_next_line_is_read() -> None:
    source = b"class Pool<T>\n@Inject internal constructor(\n  val size: Int,\n) : Base {\n  fun get(): Int = 1\n}\n"
    check(source, "kotlin", "Pool.get")


@pytest.mark.parametrize(
    "body",
    [
        b"case $1 in -!(-*)@([sD]|[hV]*)) return ;; esac",
        b"if [[ $1 == *.@(asc|sig)\\ * ]]; then echo; fi",
        b"files=($(ls $dir/!(CVS)))",
        b'[ \\( ! -h "$1" -a \\\n -d "$1" \\) -o \\( -h "$1" -a \\( "$1" = a \\) \\) ] && echo',
        b"if [[ $line =~ ^(.*\\ -F)\\ *([^ ]*).*\\ ([^ ]*)$ ]]; then echo; fi",
        b'if [[ $line = *" -o x "* ]] && [[ ! $a = *" $b "* ]]; then echo; fi',
        b"styles=`list | sed s/:$//`",
        b"case $types in $type\\;*|*\\;$type) echo ;; esac",
        b"if ! ( : <>/dev/tty ) 2>/dev/null; then exec 3<> pipe; fi",
    ],
)
def test_function_that_the_shell_grammar_cannot_read_is_whole(body: bytes) -> None:
    source = b"f() {\n%s\n}\ng() { :; }\n" % body
    language = language_named("bash")
    assert language is not None
    functions = extract(source, language).functions
    assert [(function.name, function.end_line) for function in functions] == [
        ("f", 2 + body.count(b"\n")),
        ("g", 3 + body.count(b"\n")),
    ]


def test_every_repair_is_used() -> None:
    assert {language.repair for language in LANGUAGES if language.repair} == set(REPAIRS)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b"class C { val v = 1 }\nfun f() {}", "f"),
        (b"class C { fun f() = 1 }", "C.f"),
        (b"class C { companion object { fun f() = 1 } }", "C.f"),
        (b"fun interface C { fun f() }", "C.f"),
        (b"fun f() = when (x) {\n  is A if b() -> 1\n  A.B if (b) -> 2\n  else -> 3\n}", "f"),
        (b"val x: Int\n  @Read() get() = 1\nfun f() {}", "x f"),
        (b"fun f() {\n  insert { it[a] = b } get C.id\n}", "f"),
        (b"fun f() {\n  where?.let { it }\n  set = 0\n  in1.close()\n  g { open(it) }\n}", "f"),
        (b"context(log: Log)\nfun f() {}", "f"),
        (b"fun f(g: context(Log) A.() -> Unit) {\n}", "f"),
        (b'fun f() = $$"${a.b:}"', "f"),
        (b"@A(b = [])\nclass C {\n  fun f() {}\n}", "C.f"),
        (b"fun f() = g(suspend { 1 })", "f"),
    ],
)
def test_kotlin_that_its_grammar_does_not_know_is_read(source: bytes, name: str) -> None:
    assert len(readable_kotlin(source)) == len(source)
    check(source, "kotlin", *name.split())


def test_kotlin_guard_is_one_more_condition_in_place() -> None:
    assert readable_kotlin(b"  is A if b -> {}\n  else if (c) d { e -> f }") == (
        b"  is A ,  b -> {}\n  else if (c) d { e -> f;}"
    )


@pytest.mark.parametrize(
    ("source", "language", "name"),
    [
        (
            b"class C {\n  int f() {\n#if A\n    if (b) {}\n    else\n#else\n    (\n#endif\n    {}\n  }\n}\n",
            "c_sharp",
            "C.f",
        ),
        (b"func f() {\n  switch a {\n  case 1: b()\n  #if os(iOS)\n  case 2: c()\n  #endif\n  }\n}\n", "swift", "f"),
        (b"func f() {\n#if A\n#error(1)\n#elseif B\n}}}\n#endif\n}\n", "swift", "f"),
    ],
)
def test_what_another_condition_holds_is_blanked_where_source_does_not_parse(
    source: bytes, language: str, name: str
) -> None:
    assert len(with_first_branches(source)) == len(source)
    check(source, language, name)


def test_functions_of_all_branches_are_found_where_the_source_parses() -> None:
    check(b"#if A\nfunc f() {}\n#else\nfunc g() {}\n#endif\n", "swift", "f", "g")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (b"class C(int a, {required String b}) extends D {\n  int f() => 1;\n}\n", "C.f"),
        (b"final class const C<T>._(final List<T> a) implements D {\n  int get f => 1;\n}\n", "C.f"),
        (b"class C(int a) extends D {\n  this : super(a);\n  int f() => 1;\n}\n", "C.f"),
        (b"class C(int a) {\n  this {\n    b = 1;\n  }\n  int f() => 1;\n}\n", "C.f"),
        (b"class C {\n  new empty(this.a);\n  const new(this.a) : b = 1;\n  int f() => 1;\n}\n", "C.empty C.new C.f"),
        (b"class C {\n  external factory({int a});\n  factory(int a) => D();\n}\n", "C.factory C.factory"),
    ],
)
def test_dart_constructor_without_the_name_of_its_class_is_read(source: bytes, names: str) -> None:
    assert len(readable_dart(source)) == len(source)
    check(source, "dart", *names.split())


@pytest.mark.parametrize("repair", sorted(REPAIRS))
def test_every_byte_keeps_its_place(repair: str) -> None:
    source = b"CREATE PROC [a].[b] @x int AS\r\n\tSELECT '\xc3\xa9'; -- async\nasm (: .{ .rcx = true,\n});\n"
    assert len(REPAIRS[repair](source)) == len(source)


def test_haskell_with_tabs_is_read() -> None:
    check(b"module A (\n\tf,\t-- one\n\tg) where\nf x = 1\ng x = 2\n", "haskell", "f", "g")


def test_zig_with_newer_assembler_and_names_is_read() -> None:
    source = b'fn await() void {\n asm volatile ("x" ::: .{ .rcx = true,\n .memory = true });\n}\nfn g() void {}\n'
    check(source, "zig", "await", "g")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b"CREATE FUNCTION f() RETURNS int AS 'lib', 'f' LANGUAGE C; DO $$ x $$;", "f"),
        (b"CREATE OR ALTER PROC dbo.f @a int AS\nBEGIN TRAN; SELECT 1; COMMIT\nGO\nSELECT 2\n", "dbo.f"),
        (b"DELIMITER //\nCREATE PROCEDURE `f`(IN a INT)\nBEGIN\n IF a THEN SELECT 1; END IF;\nEND//\n", "f"),
        (b"CREATE FUNCTION f(a IN INT) RETURN INT IS\n b INT;\nBEGIN\n RETURN b;\nEND;\n/\nSELECT x FROM;", "f"),
        (b"CREATE TRIGGER f AFTER UPDATE ON t BEGIN UPDATE t SET a = CASE a WHEN 1 THEN 2 END; END;", "f"),
    ],
)
def test_functions_of_every_sql_dialect_are_read(source: bytes, name: str) -> None:
    sql = language_named("sql")
    assert sql is not None
    assert [function.qualified_name for function in extract(source, sql).functions] == [name]


def test_sql_of_nothing_but_openings_takes_no_time() -> None:
    for opening in (b"/*", b"$$", b"[", b"CREATE FUNCTION f() AS BEGIN ;"):
        source = opening * (400_000 // len(opening))
        assert len(as_views(source)) == len(source)
