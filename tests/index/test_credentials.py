"""Secrets of known shapes: overwritten wherever they stand, in no file of ours; what looks like them is left."""

from __future__ import annotations

import random
import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.credentials import MASK, SHAPES, masked, masked_text, secrets_in
from funcseek.index.omissions import explain
from funcseek.index.subject import Pasted, pasted_subject
from tests.doubles import HashingEmbedder, lay_out

if TYPE_CHECKING:
    from pathlib import Path

CHANCE = random.Random(3)


def drawn(alphabet: str, count: int) -> str:
    return "".join(CHANCE.choices(alphabet, k=count))


LETTERS, HEX = string.ascii_letters + string.digits, "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits
# Put together here, so that no scanner of this repository takes them for real ones.
KEY_LINES = "\n".join(drawn(LETTERS + "+/", 64) for _ in range(4))
SECRETS = {
    "a private key": KEY_LINES,
    "an AWS access key": "AK" + "IA" + drawn(UPPER, 16),
    "an AWS secret key": drawn(LETTERS + "/+", 39) + "a",
    "a GitHub token": "gh" + "p_" + drawn(LETTERS, 36),
    "a GitLab token": "glp" + "at-" + drawn(LETTERS, 20),
    "a Slack token": "xox" + "b-" + drawn(string.digits, 12) + "-" + drawn(LETTERS, 24),
    "a Slack webhook": "T" + drawn(UPPER, 8) + "/B" + drawn(UPPER, 8) + "/" + drawn(LETTERS, 24),
    "a Google key": "AI" + "za" + drawn(LETTERS, 35),
    "a Stripe key": "sk_" + "live_" + drawn(LETTERS, 24),
    "an OpenAI or Anthropic key": "sk-" + "proj-" + drawn(LETTERS, 48),
    "a Hugging Face token": "h" + "f_" + drawn(string.ascii_letters, 34),
    "an npm token": "np" + "m_" + drawn(LETTERS, 36),
    "a PyPI token": "pyp" + "i-AgE" + drawn(LETTERS, 60),
    "a SendGrid key": "S" + "G." + drawn(LETTERS, 22) + "." + drawn(LETTERS, 43),
    "a Twilio key": "S" + "K" + drawn(HEX, 32),
    "a DigitalOcean token": "dop" + "_v1_" + drawn(HEX, 64),
    "a Shopify token": "shp" + "at_" + drawn(HEX, 32),
    "a Databricks token": "da" + "pi" + drawn(HEX, 32),
    "a Vault token": "hv" + "s." + drawn(LETTERS, 30),
    "a Telegram token": drawn("123456789", 9) + ":A" + "A" + drawn(LETTERS, 33),
    "an Azure key": drawn(LETTERS, 86) + "=",
    "an age key": "AGE-SEC" + "RET-KEY-1" + drawn(UPPER, 58),
    "a JSON web token": "ey" + "J" + drawn(LETTERS, 20) + ".ey" + "J" + drawn(LETTERS, 40) + "." + drawn(LETTERS, 43),
    "a password in a URL": drawn(LETTERS, 12),
}
AROUND = {
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
    "an AWS secret key": "aws_secret_access_key = '{}'",
    "a Slack webhook": "https://hooks.slack.com/services/{}",
    "an Azure key": "AccountName=a;AccountKey={}=;EndpointSuffix=core",
    "a password in a URL": "postgres://admin:{}@db.internal/app",
}
HARMLESS = [
    "AKIAISHORT", "MYAKIA" + "A" * 16, "task-list-of-the-day", "risk-adjusted", "https://host:8080/path@x", "a@b.c",
    "https://user:$PASSWORD@host", "https://user:{password}@host", "ghp_short",
    "-----BEGIN PUBLIC KEY-----\n" + KEY_LINES,
    "-----BEGIN PRIVATE KEY-----' + body + '-----END PRIVATE KEY-----", "hf_hub_download_function_of_the_library_v2",
    "commit " + "0123456789abcdef" * 2, "eyJ.eyJ.x", "deploy_v1_" + "z" * 64,
]  # fmt: skip


def in_source(kind: str) -> str:
    return AROUND.get(kind, "token = '{}'").format(SECRETS[kind])


def test_every_shape_has_a_case() -> None:
    assert list(SECRETS) == [kind for kind, _ in SHAPES]


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_secret_is_overwritten_and_nothing_moves(kind: str, encoding: str) -> None:
    text = f"é def f():\n  x = 1; {in_source(kind)}\n  after = 2\n"
    covered = masked(text.encode(encoding))
    assert len(covered) == len(text.encode(encoding))
    shown = covered.decode(encoding)
    assert not any(line in shown for line in SECRETS[kind].split("\n"))
    assert shown.count("\n") == text.count("\n")
    assert shown.startswith("é def f():\n  x = 1; ")
    assert shown.endswith("\n  after = 2\n")
    assert [secret.kind for secret in secrets_in(text.encode(encoding))] == [kind]
    assert masked(covered) == covered
    assert masked_text(text) == shown


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert masked(text.encode()) == text.encode()


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"\xff\xfe" + data))
def test_any_bytes_keep_their_length(content: bytes) -> None:
    assert len(masked(content)) == len(content)


@given(st.text(st.characters(), max_size=200))
def test_any_text_keeps_its_length(text: str) -> None:
    assert len(masked_text(text)) == len(text)


def test_no_secret_is_in_anything_that_is_kept_or_embedded(tmp_path: Path) -> None:
    lines = [f"def f{number}(url='{SECRETS[kind].split()[0]}'):" for number, kind in enumerate(SECRETS)]
    bodies = [f'    """About {in_source(kind)}"""\n    return r"""{in_source(kind)}"""' for kind in SECRETS]
    text = "\n".join(f"{line}\n{body}" for line, body in zip(lines, bodies, strict=True))
    root = lay_out(
        tmp_path / "root", f"--- a.py\n{text}\n--- b.sh\ng() {{ export TOKEN={SECRETS['a GitHub token']}; }}\n"
    )
    embedder = HashingEmbedder()
    home = Home(tmp_path / "home")
    with CodeIndex(root, home) as index:
        index.adopt(embedder)
        list(index.scan())
        while index.embed():
            pass
        assert index.coverage().functions == len(SECRETS) + 1
    check_clean(tmp_path / "home", "\n".join(embedder.embedded))


def check_clean(home: Path, embedded: str) -> None:
    """Check that no part of a secret is in any file or in what was embedded: where it stands alone, it is no secret."""
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()) + embedded.encode()
    alone = ("an AWS secret key", "a Slack webhook", "an Azure key", "a password in a URL", "a private key")
    kinds = [kind for kind in SECRETS if kind not in alone]
    assert MASK * 12 in kept
    assert [kind for kind in kinds if SECRETS[kind].encode() in kept or SECRETS[kind].lower().encode() in kept] == []


def test_pasted_code_is_compared_without_its_secrets() -> None:
    code = f"def connect():\n    return open({in_source('a GitHub token')!r})\n"
    for text in (code, code.partition("\n")[2]):
        subject = pasted_subject(Pasted(text, "python"))
        assert all(SECRETS["a GitHub token"] not in one.passage + one.source for one in subject.asked)


def test_explanation_names_the_secrets_of_a_file(tmp_path: Path) -> None:
    root = lay_out(tmp_path, f"--- a.py\n\nx = '{SECRETS['a GitHub token']}'\ny = '{SECRETS['a Google key']}'\n")
    assert explain(root, "a.py") == (
        "a.py is searched as python."
        " Overwritten in all that is kept of it: a GitHub token in line 2, a Google key in line 3."
    )
