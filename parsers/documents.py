"""The rows of documents that hold functions of other languages; part of the table in `languages`."""

from __future__ import annotations

from .language import Language

DOCUMENTS: tuple[Language, ...] = (
    Language(name="html", suffixes=(".html", ".htm", ".xhtml", ".shtml"), editor_ids=("html",), host="page"),
    Language(name="vue", suffixes=(".vue",), editor_ids=("vue",), host="page"),
    Language(name="svelte", suffixes=(".svelte",), editor_ids=("svelte",), host="page"),
    Language(name="astro", suffixes=(".astro",), editor_ids=("astro",), host="astro page"),
    Language(name="erb", suffixes=(".erb", ".rhtml"), editor_ids=("erb",), host="ruby template"),
    Language(name="ejs", suffixes=(".ejs",), editor_ids=("ejs",), host="javascript template"),
    Language(
        name="markdown",
        suffixes=(".md", ".markdown", ".mdx", ".rmd", ".qmd", ".livemd"),
        editor_ids=("markdown", "mdx", "rmd", "quarto"),
        host="fences",
    ),
    # Ten lines of code may come with megabytes of pictures.
    Language(
        name="jupyter",
        suffixes=(".ipynb",),
        editor_ids=("jupyter", "ipynb"),
        host="notebook",
        largest_bytes=20_000_000,
    ),
)
