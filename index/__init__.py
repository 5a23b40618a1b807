"""Functions to vectors to nearest functions. Knows no editor and starts no thread."""

import os

# ONNX Runtime reports to its maker from its first import on, on Linux too since 1.32; nothing may leave this machine.
# Here, because it must be set before any module of this package imports it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
