"""Which URLs become the address of an endpoint."""

from __future__ import annotations

import pytest

from funcseek.index.endpoint import address_of
from funcseek.index.errors import ModelError


@pytest.mark.parametrize(
    ("url", "embeddings", "host"),
    [
        ("http://127.0.0.1:30000", "http://127.0.0.1:30000/v1/embeddings", "127.0.0.1:30000"),
        ("http://localhost:30000/", "http://localhost:30000/v1/embeddings", "localhost:30000"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/embeddings", "[::1]:8080"),
        ("https://Example.org/v1/", "https://example.org/v1/embeddings", "example.org"),
        ("https://example.org/openai/v3/embeddings", "https://example.org/openai/v3/embeddings", "example.org"),
        ("http://127.0.0.1:7997/embeddings", "http://127.0.0.1:7997/embeddings", "127.0.0.1:7997"),
        ("http://127.0.0.1:8080/rerank", "http://127.0.0.1:8080/embeddings", "127.0.0.1:8080"),
        ("https://example.org/v2/rerank/", "https://example.org/v2/embeddings", "example.org"),
    ],
)
def test_url_may_be_of_the_server_or_the_api_or_the_page(url: str, embeddings: str, host: str) -> None:
    address = address_of(url)
    assert (address.embeddings, address.host) == (embeddings, host)
    assert address.models == embeddings.removesuffix("embeddings") + "models"
    assert address.rerank == embeddings.removesuffix("embeddings") + "rerank"


@pytest.mark.parametrize("name", ["127.0.0.1", "127.8.9.10", "localhost", "[::1]"])
def test_this_machine_is_known(name: str) -> None:
    assert address_of(f"http://{name}:1").is_local
    assert not address_of("https://example.org").is_local


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.org/v1", r"unencrypted; use an https"),
        ("http://10.0.0.7:30000", "unencrypted"),
        ("http://localhost.example.org", "unencrypted"),
        ("http://127.1:80", "unencrypted"),
        ("https://me:hidden@example.org/v1", "name or password; set FUNCSEEK_ENDPOINT_KEY"),
        ("http://127.0.0.1@example.org", "name or password"),
        ("http://127.0.0.1\\@example.org/hidden", "name or password"),
        ("https://example.org/v1?key=hidden", r"behind \? or #"),
        ("https://example.org/v1#hidden", r"behind \? or #"),
        ("https://example.org:hidden/", "correct it"),
        ("https://example.org:99999/", "no valid host and port"),
        ("https://[hidden]/v1", "correct it"),
        ("https://exa\nmple.org/hidden", "correct it"),
        ("https://ex\u00e4mple.org/hidden", "correct it"),
        ("file:///hidden", "correct it"),
        ("hidden", "correct it"),
        ("", "correct it"),
    ],
)
def test_other_urls_are_refused_without_repeating_them(url: str, says: str) -> None:
    with pytest.raises(ModelError, match=says) as refusal:
        address_of(url)
    assert "hidden" not in str(refusal.value)
