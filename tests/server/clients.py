"""What real editors offer in ``initialize``, cut down to the parts that a server's answer can depend on."""

from __future__ import annotations

from typing import Any

_OPERATIONS = ("didCreate", "willCreate", "didRename", "willRename", "didDelete", "willDelete")

VS_CODE: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"], "staleRequestSupport": {"cancel": True, "retryOnContentModified": []}},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "executeCommand": {"dynamicRegistration": True},
        "fileOperations": {"dynamicRegistration": True} | dict.fromkeys(_OPERATIONS, True),
        "workspaceFolders": True,
    },
    "textDocument": {
        "synchronization": {
            "dynamicRegistration": True,
            "willSave": True,
            "willSaveWaitUntil": True,
            "didSave": True,
        },
        "rename": {"prepareSupport": True},
    },
    "notebookDocument": {"synchronization": {"dynamicRegistration": True, "executionSummarySupport": True}},
}

NEOVIM: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": False},
        "workspaceFolders": True,
    },
    "textDocument": {"synchronization": {"willSave": True, "willSaveWaitUntil": True, "didSave": True}},
}

EMACS: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {"applyEdit": True, "configuration": True, "workspaceFolders": True},
    "textDocument": {"synchronization": {"willSave": True, "willSaveWaitUntil": True, "didSave": True}},
}

# A client with nothing to offer, and one that writes every level out as null.
MINIMAL: dict[str, Any] = {}
NULLS: dict[str, Any] = dict.fromkeys(("general", "window", "workspace", "textDocument", "notebookDocument"))

CLIENTS = {"vscode": VS_CODE, "neovim": NEOVIM, "emacs": EMACS, "minimal": MINIMAL, "nulls": NULLS}
