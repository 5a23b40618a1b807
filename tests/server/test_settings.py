"""Settings are typed; what cannot be used is named and the default holds."""

from __future__ import annotations

from typing import Any

import pytest

from funcseek.server.settings import Settings, section_of, settings_from


def check(section: Any, expected: Settings, *, names: tuple[str, ...] = ()) -> None:
    """Check the settings read from a section, and which of them are complained of."""
    settings, problems = settings_from(section)
    assert settings == expected
    assert len(problems) == len(names)
    assert all(f"funcseek.{name}" in problem for name, problem in zip(names, problems, strict=True))


def test_defaults_hold_for_what_is_not_set() -> None:
    check({}, Settings())
    check({"limit": None, "languages": None}, Settings())


def test_values_are_taken_when_they_are_right() -> None:
    section = {"limit": 25, "languages": ["python", "go"], "globs": ["src/**"]}
    check(section, Settings(25, ("python", "go"), ("src/**",)))


@pytest.mark.parametrize("limit", [0, -1, 201, 1.5, "10", True, [1], {}])
def test_limit_is_named_when_it_is_no_number_of_results(limit: Any) -> None:
    check({"limit": limit, "globs": ["a"]}, Settings(globs=("a",)), names=("limit",))


@pytest.mark.parametrize("languages", ["python", [1], [""], ["klingon"], {"python": True}])
def test_languages_are_named_when_they_are_none(languages: Any) -> None:
    check({"languages": languages}, Settings(), names=("languages",))


@pytest.mark.parametrize("code_lens", [1, "true", [], {}])
def test_code_lens_is_named_when_it_is_neither_true_nor_false(code_lens: Any) -> None:
    check({"codeLens": True}, Settings(code_lens=True))
    check({"codeLens": code_lens}, Settings(), names=("codeLens",))


def test_every_bad_value_is_named() -> None:
    check({"limit": "x", "languages": 3, "globs": [None]}, Settings(), names=("limit", "languages", "globs"))


@pytest.mark.parametrize("name", ["command", "modelPath", "model", "endpoint", "python", "path", "home"])
def test_no_setting_chooses_a_program_a_model_or_an_endpoint(name: str) -> None:
    check({name: "/tmp/evil", "limit": 5}, Settings(5))
    assert set(Settings.__slots__) == {"limit", "languages", "globs", "code_lens"}


def test_settings_that_are_no_object_are_complained_of() -> None:
    settings, problems = settings_from(["limit"])
    assert settings == Settings()
    assert "must be an object" in problems[0]


@pytest.mark.parametrize(
    ("sent", "section"),
    [
        (None, None),
        ({}, None),
        ({"python": {"limit": 3}}, None),
        ({"limit": 3}, {"limit": 3}),
        ({"funcseek": {"limit": 3}, "python": {}}, {"limit": 3}),
        ({"funcseek": None}, None),
    ],
)
def test_section_is_found_in_whatever_an_editor_sends(sent: Any, section: Any) -> None:
    assert section_of(sent) == section
