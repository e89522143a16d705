"""What all tests share: where the real data lies, and maps that forget each other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REAL_DATA = Path(os.environ.get("CRMWIDGET_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets; a test that needs it is skipped where it is missing."""
    if not (REAL_DATA / "crm_opportunities").is_dir():
        pytest.skip(f"no real data at {REAL_DATA} (set CRMWIDGET_DATA)")
    return REAL_DATA
