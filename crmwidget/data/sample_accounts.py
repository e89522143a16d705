"""Synthetic accounts, some recorded twice: other case, other legal form, a typing error, a spaced-out phone."""

from __future__ import annotations

import random

import pandas as pd

__all__ = ["sample_accounts"]

DUPLICATE_RATE = 0.1
SEGMENTS = ("Enterprise", "Mid-market", "Small business")
CITIES = ("Aarhus", "Basel", "Cork", "Delft", "Espoo", "Faro", "Ghent", "Huelva")
FIRST = ("Alder", "Birch", "Cobalt", "Delta", "Ember", "Falcon", "Granite", "Harbour", "Indigo", "Juniper", "Keystone")
SECOND = (
    "Analytics",
    "Bakeries",
    "Clinics",
    "Dynamics",
    "Energy",
    "Foods",
    "Garments",
    "Hotels",
    "Instruments",
    "Labs",
)
FORMS = (("Ltd", "Limited"), ("Inc", "Incorporated"), ("Co", "Company"))


def sample_accounts(n: int, draw: random.Random) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """About `n` companies and a tenth of them again, with the pairs of ids that are one company."""
    rows: list[dict[str, str]] = []
    names = [f"{first} {second}" for second in SECOND for first in FIRST]
    for i in range(n):
        number = f" {1 + i // len(names)}" if i >= len(names) else ""  # so that no two are alike by chance
        form = FORMS[int(draw.random() * len(FORMS))][0]
        rows.append(
            {
                "account_id": f"A{i + 1:05d}",
                "name": f"{names[i % len(names)]}{number} {form}",
                "segment": SEGMENTS[int(draw.random() * len(SEGMENTS))],
                "city": CITIES[int(draw.random() * len(CITIES))],
                # numbers 555-01… are set aside for fiction; the last seven digits make them differ
                "phone": f"+155501{i:07d}",
            }
        )
    pairs = []
    n_duplicates = round(DUPLICATE_RATE * n)
    for i in range(n_duplicates):
        original = rows[i * (n // n_duplicates)]
        copy = dict(original, account_id=f"A{n + i + 1:05d}", name=_miswritten(original["name"], i % 3, draw))
        digits = original["phone"]
        copy["phone"] = f"{digits[:2]} {digits[2:5]} {digits[5:8]}-{digits[8:]}"
        rows.append(copy)
        pairs.append((original["account_id"], copy["account_id"]))
    return pd.DataFrame(rows), pairs


def _miswritten(name: str, how: int, draw: random.Random) -> str:
    if how == 0:
        return name.upper()
    if how == 1:
        return next(name.removesuffix(short) + long for short, long in FORMS if name.endswith(f" {short}"))
    at = 1 + int(draw.random() * 3)  # two letters of the first word change places
    return f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}"
