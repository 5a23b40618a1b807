"""Files without the documentation of their functions."""

from __future__ import annotations

import pytest

from bench.quality.stripping import strip
from funcseek.parsers import extract, language_named

SAMPLES = {
    "python": 'class Pool:\n    def get(self):\n        """Take one."""\n        1\n    def put():\n        "Docs."\n',
    "go": "package pool\n\n// Get takes one.\n// Or none.\nfunc Get() int { return 1 }\n",
    "java": "class Pool {\n  /** Takes one. */\n  @Override\n  int get() { return 1; }\n}\n",
    "c": "/* The licence. */\n\n/**\n * Take one.\n */\n/* static */\nint get(void) { return 1; }\n",
    "haskell": "-- | Take one.\nget :: Int -> Int -- ^ one\nget x = x\n",
    "ruby": "class Pool\n  # Takes one.\n  #\n  # @return [Integer]\n  def get\n    1\n  end\nend\n",
    "elixir": 'defmodule Pool do\n  @doc """\n  Takes one.\n  """\n  def get(x) do\n    x\n  end\nend\n',
    "rust": "impl Pool {\n    /// Takes one.\n    #[inline]\n    pub fn get(&self) -> u8 { 1 }\n}\n",
    "c_sharp": "class Pool {\n  /// <summary>Takes one.</summary>\n  int Get() { return 1; }\n}\n",
    "perl": "=head2 get\n\nTakes one.\n\n=cut\n\nsub get {\n  return 1;\n}\n",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_stripped_file_has_the_same_functions_in_place_and_no_documentation(name: str) -> None:
    language = language_named(name)
    assert language is not None
    source = SAMPLES[name].encode()
    stripped = strip(source, language)
    assert stripped is not None
    assert all(stripped.bare)
    assert any(one.doc for one in stripped.functions)
    assert len(stripped.content) == len(source)
    assert stripped.content.count(b"\n") == source.count(b"\n")
    assert b"ake" not in stripped.content
    left = extract(stripped.content, language).functions
    assert [(one.qualified_name, one.name_start) for one in left] == [
        (one.qualified_name, one.name_start) for one in stripped.functions
    ]


def test_body_that_was_only_documentation_is_still_a_body() -> None:
    language = language_named("python")
    assert language is not None
    stripped = strip(b"def get():\n    'Takes one.'\n", language)
    assert stripped is not None
    assert stripped.content == b"def get():\n    pass        \n"


def test_comments_that_document_nothing_stay() -> None:
    language = language_named("go")
    assert language is not None
    stripped = strip(b"package pool\n\n// Get takes one.\nfunc Get() {\n\t// why\n}\n", language)
    assert stripped is not None
    assert b"// why" in stripped.content
    assert stripped.texts == ("func Get() {\n\t// why\n}",)
