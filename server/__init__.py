"""The doors: command line, background service, language server."""
