"""What all tests share: where the real data lies, and maps that forget each other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REAL_DATA = Path(os.environ.get("CRMWIDGET_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(autouse=True)
def _no_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Once a browser test has run, its driver's event loop counts as running on this thread: here it does not."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets; a test that needs it is skipped where it is missing."""
    if not (REAL_DATA / "crm_opportunities").is_dir():
        pytest.skip(f"no real data at {REAL_DATA} (set CRMWIDGET_DATA)")
    return REAL_DATA
