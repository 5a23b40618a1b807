"""Secrets in source: known shapes of tokens, keys and passwords, overwritten before anything is parsed. Pure.

What is overwritten keeps its length, so that every offset stays right, and becomes a run of one letter, which is a word
in any language. So no secret of these shapes is stored, searched or sent to an endpoint; a secret of no known shape, as
a bare password in a string, is not told from other text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import re2

if TYPE_CHECKING:
    from collections.abc import Iterator

# Raising this number makes every file be read again. 1: the shapes below.
MASK_VERSION = 1
# No language takes it for more than a letter, behind a backslash neither.
MASK = b"z"
PRIVATE_KEY = "a private key"
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

# What their makers publish of each shape; the group is what is overwritten.
SHAPES: tuple[tuple[str, bytes], ...] = (
    (
        PRIVATE_KEY,
        rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----((?:[^-]|-[^-])*[A-Za-z0-9+/]{32}(?:[^-]|-[^-])*)",
    ),
    ("an AWS access key", rb"\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b"),
    (
        "an AWS secret key",
        rb"(?i:aws_?se[a-z_]{0,30}|secret_?access_?key)[\"'\]\s:=,>]{1,8}([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)",
    ),
    ("a GitHub token", rb"\b(gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})"),
    ("a GitLab token", rb"\b(gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_-]{20,})"),
    ("a Slack token", rb"\b(xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,})"),
    ("a Slack webhook", rb"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9+/]{20,})"),
    ("a Google key", rb"\b(AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{20,})"),
    ("a Stripe key", rb"\b((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{32,})"),
    ("an OpenAI or Anthropic key", rb"\b(sk-(?:proj|svcacct|admin|ant)-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9]{40,})"),
    ("a Hugging Face token", rb"\b(hf_[A-Za-z]{34})\b"),
    ("an npm token", rb"\b(npm_[A-Za-z0-9]{36})\b"),
    ("a PyPI token", rb"\b(pypi-AgE[A-Za-z0-9_-]{50,})"),
    ("a SendGrid key", rb"\b(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})"),
    ("a Twilio key", rb"\b((?:SK|AC)[0-9a-f]{32})\b"),
    ("a DigitalOcean token", rb"\b(do[oprs]_v1_[a-f0-9]{64})\b"),
    ("a Shopify token", rb"\b(shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32})\b"),
    ("a Databricks token", rb"\b(dapi[a-f0-9]{32})\b"),
    ("a Vault token", rb"\b(hv[sb]\.[A-Za-z0-9_-]{24,})"),
    ("a Telegram token", rb"\b([0-9]{8,10}:AA[A-Za-z0-9_-]{33})\b"),
    ("an Azure key", rb"(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{43,86}=)"),
    ("an age key", rb"\b(AGE-SECRET-KEY-1[0-9A-Z]{58})\b"),
    ("a JSON web token", rb"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})"),
    ("a password in a URL", rb"[a-z][a-z0-9+.]{1,20}://[^\s:/@\"'`<>{}$%()]{1,64}:([^\s/@\"'`<>{}$%()]{3,128})@"),
)
_EACH = tuple((name, re2.compile(shape)) for name, shape in SHAPES)
# What every text with a secret holds: one pass with few states, so that a file without any costs a hundredth of its
# parsing.
_HINT = re2.compile(
    rb"PRIVATE KEY|AKIA|ASIA|ABIA|ACCA|(?i:aws_?se|secret_?access_?key)|gh[pousr]_|github_pat_|xox[abeoprs]-|xapp-"
    rb"|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)-|hooks\.slack|AIza|GOCSPX-|ya29\.|[sr]k_(?:live|test)_|whsec_|hf_"
    rb"|sk-(?:proj|svcacct|admin|ant)-|sk-[A-Za-z0-9]{8}|npm_|pypi-AgE|SG\.|(?:SK|AC)[0-9a-f]{8}|do[oprs]_v1_|dapi"
    rb"|shp[a-z]{2}_|hv[sb]\.|:AA|AccountKey=|SharedAccessKey=|AGE-SECRET|eyJ|://[^\s/@]*:[^\s/@]*@"
)
# Of a key only what could be its numbers: quotes and line breaks stay, or what follows would be read otherwise.
_KEY_NUMBERS = re.compile(rb"[A-Za-z0-9+/=]{8,}")


class Secret(NamedTuple):
    """One secret: what it is, as people are told, and the bytes that are overwritten."""

    kind: str
    start: int
    end: int


def secrets_in(content: bytes) -> Iterator[Secret]:
    """Yield every secret of a known shape in a file; the offsets are into its UTF-8 form where it is UTF-16."""
    content = _as_utf8(content)
    if _HINT.search(content):
        for kind, shape in _EACH:
            for found in shape.finditer(content):
                yield Secret(kind, *found.span(1))


def masked(content: bytes) -> bytes:
    """Return the bytes of a file with every secret overwritten, as many bytes as before."""
    encoding = _UTF16.get(content[:2])
    if encoding is None:
        return _masked(content)
    whole = len(content) // 2 * 2
    text = content[:whole].decode(encoding, "surrogatepass")
    covered = masked_text(text)
    return content if covered == text else covered.encode(encoding, "surrogatepass") + content[whole:]


def masked_text(text: str) -> str:
    """Return a text with every secret overwritten, as many characters as before."""
    content = text.encode("utf-8", "surrogatepass")
    covered = _masked(content)
    return text if covered is content else covered.decode("utf-8", "surrogatepass")


def _masked(content: bytes) -> bytes:
    secrets = list(secrets_in(content))
    if not secrets:
        return content
    covered = bytearray(content)
    for kind, start, end in secrets:
        secret = bytes(covered[start:end])
        covered[start:end] = _KEY_NUMBERS.sub(_mask, secret) if kind == PRIVATE_KEY else MASK * len(secret)
    return bytes(covered)


def _mask(found: re.Match[bytes]) -> bytes:
    return MASK * len(found[0])


def _as_utf8(content: bytes) -> bytes:
    encoding = _UTF16.get(content[:2])
    return content.decode(encoding, "replace").encode("utf-8", "replace") if encoding else content
