"""What was measured as one page of Markdown: the command that wrote it, the machine, the claims and their tables."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from benchmarks.measuring import Table

__all__ = ["machine", "page"]

# What is measured, what shows it, and whom it is measured against.
PACKAGES = (
    "crmwidget",
    "jupyterlab",
    "ipywidgets",
    "anywidget",
    "networkx",
    "ipycytoscape",
    "ipysigma",
    "pyvis",
    "yfiles_jupyter_graphs",
)


def machine() -> dict[str, str]:
    """What the figures depend on."""
    told = {
        "machine": f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores{_memory()}",
        "load": _load(),
        "graphics": "no GPU: Chromium is started with --disable-gpu and draws in software",
        "Chromium": _chromium(),
        "Python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            told[package] = version(package)
        except PackageNotFoundError:
            told[package] = "not installed"
    return told


def _memory() -> str:
    try:
        gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (AttributeError, OSError, ValueError):  # not told on every system
        return ""
    return f", {gigabytes:.0f} GB of memory"


def _load() -> str:
    try:
        return f"{os.getloadavg()[0]:.1f} processes wanted to run at the start"
    except (AttributeError, OSError):
        return "not known"


def _chromium() -> str:
    path = os.environ.get("CRMWIDGET_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        return "none"
    told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    return told.stdout.strip().removeprefix("Chromium ") or "of unknown version"


def page(command: str, told: Mapping[str, str], claims: Mapping[str, tuple[str, Sequence[Table]]]) -> str:
    """The whole page; `claims` are the text and the tables of each."""
    parts = []
    for name, (text, tables) in claims.items():
        parts += [f"# Benchmark: {name}", text, f"Written by `{command}`; do not edit."]
        parts.append("\n".join(f"- {what}: {value}" for what, value in told.items()))
        parts += [table.markdown() for table in tables]
    return "\n\n".join(parts) + "\n"
