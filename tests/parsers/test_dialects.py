"""A file's content tells its language where its name does not."""

from __future__ import annotations

from time import process_time

import pytest

from funcseek.parsers import extract, language_for

OBJECTIVE_C_HEADER = b"""\
// Its suffix could be that of C++.
#import <Foundation/Foundation.h>

@class Lease;

/** Gives out leases. */
@protocol Renting <NSObject>
@optional
- (void)pool:(Pool *)pool didRent:(nullable Lease *)lease;
@end

@interface Pool (Rental)
// Rents for a while.
- (Lease *)rentFor:(NSTimeInterval)seconds NS_UNAVAILABLE;
@end

NSString *PoolName(Pool *pool);
"""
MIXED = b"""\
#import "Pool.h"

namespace net {
// Adds.
static id add(const std::vector<int> &numbers) { return @(numbers.size() + [pool size]); }
}

@implementation Pool {
  std::shared_ptr<net::Lease> _lease;
}

static std::map<int, int> &shared() { static std::map<int, int> map; return map; }

/// Rents.
- (const net::Lease &)rentFor:(NSTimeInterval)seconds
{
  auto lease = [seconds](auto x) -> std::string { return {x}; };
  return *_lease;
}
@end
"""


def check(path: str, content: bytes, *expected: str) -> None:
    language = language_for(path)
    assert language is not None
    extraction = extract(content, language)
    assert extraction.problem is None
    assert [f"{one.language} {one.qualified_name}" for one in extraction.functions] == list(expected)


def test_header_of_objective_c_is_read_as_such() -> None:
    check("Pool.h", OBJECTIVE_C_HEADER, "objc Renting.pool:didRent:", "objc Pool.rentFor:", "objc PoolName")


def test_other_header_is_read_as_cpp() -> None:
    check("pool.h", b"/* Not @interface. */\nint size(const Pool& pool);\n", "cpp size")


@pytest.mark.parametrize("path", ["Pool.mm", "Pool.h"])
def test_objective_cpp_is_read_in_two_languages(path: str) -> None:
    check(path, MIXED, "cpp net::add", "cpp shared", "objc Pool.rentFor:")


def test_comment_above_a_method_among_cpp_documents_it() -> None:
    language = language_for("Pool.mm")
    assert language is not None
    assert [one.doc for one in extract(MIXED, language).functions] == ["Adds.", "", "Rents."]


@pytest.mark.parametrize(
    "content",
    [
        b"function y = twice(x)\n  % Doubles.\n  y = 2 * x;\nend\n",
        b"% A script.\nif (a)\n  disp(f(1)); end\n",
        b":- module pool.\n:- func size(pool) = int.\n",
        b"classdef Pool < handle\n  methods\n    function close(self) { }\n  end\nend\n",
    ],
)
def test_m_file_of_another_language_gives_nothing(content: bytes) -> None:
    check("twice.m", content)


def test_m_file_without_marks_is_objective_c() -> None:
    check("twice.m", b"int twice(int x) { return 2 * x; }\n", "objc twice")


@pytest.mark.parametrize(
    "content",
    [
        b"- (\n",
        b"-(a){\n",
        b"@interface\n",
        b"A_METHOD(a:\n",
        b"- (\nA_A(",
        b"[a [a ",
        b"#if\n",
        b"A_A(()\n",
        b"template < A_A ",
    ],
)
def test_hostile_content_takes_linear_time(content: bytes) -> None:
    language = language_for("pool.mm")
    assert language is not None
    before = process_time()
    extract(b"@implementation A\n" + content * (100_000 // len(content)) + b"a::b", language)
    assert process_time() - before < 10
