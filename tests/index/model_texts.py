"""Functions and questions that the model's tests embed: several languages, lengths and habits."""

from __future__ import annotations

import inspect
import json
import shutil
import textwrap

PYTHON = [
    inspect.getsource(function)
    for function in (
        shutil.copytree, shutil.which, shutil.make_archive, shutil.disk_usage, textwrap.dedent, textwrap.shorten,
        textwrap.indent, json.loads, json.dump, json.JSONDecoder.decode, inspect.cleandoc, inspect.getmro,
    )
]  # fmt: skip

OTHERS = [
    "func (c *Client) Do(r *Request) (*Response, error) { for i := 0; i < c.retries; i++ { time.Sleep(backoff(i)) } }",
    "pub fn header(line: &str) -> Option<(&str, &str)> { line.split_once(':').map(|(k, v)| (k.trim(), v.trim())) }",
    "static int cmp(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }",
    "export async function fetchJson(url) { const r = await fetch(url); if (!r.ok) throw r; return r.json() }",
    "public static String reverse(String s) { return new StringBuilder(s).reverse().toString(); }",
    "def 解析(文本):\n    '''把文本解析成语法树'''\n    return 语法树(文本)",
]

QUESTIONS = ["retry with exponential backoff", "copy a folder and all that is in it", "sort", "how full is the disk"]

TEXTS = PYTHON + OTHERS + QUESTIONS
