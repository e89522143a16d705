"""Almost the same names are found in proportion to their letters, and different numbers are different names."""

from __future__ import annotations

import pytest

from crmwidget.data.near_labels import near_labels


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qualified", "QUALIFIED"),
        ("Closed won", "closed-won"),
        ("Angebot geprüft", "Angebot gepruft"),
        ("Qualified", "Qualifed"),
        ("Qualified", "Qualiffied"),
        ("Qualified", "Qualifeid"),
        ("Qualified", "Qualifoed"),
        ("Contract", "Contracts"),
    ],
)
def test_a_slip_of_the_hand_is_near(one: str, other: str) -> None:
    assert near_labels([one, other]) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Won", "Wan"), ("Call 1", "Call 2"), ("T02 Check", "T03 Check"), ("Demo", "Offer"), ("Lead", "Leads2")],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert near_labels([one, other]) == []
