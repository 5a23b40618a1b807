"""Questions out of documentation."""

from __future__ import annotations

import pytest

from bench.quality.sentences import first_sentence, question_of


def check(doc: str, expected: str, name: str = "run") -> None:
    assert question_of(doc, name) == expected


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        ("Removes `stale` entries from {@link Cache the cache}. Then more.", "Removes stale entries from the cache"),
        (
            "Render a :class:`~rich.Table` with\n:attr:`x <y>` columns.\n\n:param x: no",
            "Render a rich.Table with x columns",
        ),
        ("<p>Parses the <code>header</code> of\na request.</p>\n@param x the text", "Parses the header of a request"),
        ("/O(n)/ Yield all indices satisfying 'p' lazily", "Yield all indices satisfying p lazily"),
        ("Wait for C<timeout> seconds, e.g. before a retry. Or not.", "Wait for timeout seconds, e.g. before a retry"),
        ("@brief Closes the stream gracefully today.\n@return nothing", "Closes the stream gracefully today"),
        ("Sends a [`Request`](crate::Request) upstream quickly", "Sends a Request upstream quickly"),
    ],
)
def test_question_is_the_first_sentence_without_markup(doc: str, expected: str) -> None:
    check(doc, expected)


def test_own_name_in_front_is_left_out() -> None:
    check("MoveFile renames a file across devices.", "renames a file across devices", name="MoveFile")
    check(
        "xmlNewDoc:\n@version:  the version\n\nCreates a fresh empty document",
        "Creates a fresh empty document",
        "xmlNewDoc",
    )


@pytest.mark.parametrize(
    "doc",
    [
        "TODO: write down what happens here",
        "Constructor for the connection pool class",
        "{@inheritDoc}",
        "Deprecated in favour of the other pool",
        "See the class documentation for details",
        "Returns the value.",
        "Like moveFile, but across several devices",
        "Copies a file the way moveFile moves it",
        "Uses foo(bar) => baz whenever possible here",
        "把文件移动到另一个设备上面的文件夹里",
        "The following things are done here:",
        "word " * 31,
    ],
)
def test_documentation_that_asks_nothing_gives_no_question(doc: str) -> None:
    check(doc, "", name="moveFile")


def test_call_sequence_is_passed_over() -> None:
    assert first_sentence("call-seq:\n  run(x)\n\nStarts a worker.", "run") == "Starts a worker"
