"""The design tokens: every text can be read on everything that it may lie on, in both themes."""

from __future__ import annotations

import itertools

import pytest

from crmwidget.design import CATEGORIES, HEAT, THEMES, contrast


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_every_text_colour_has_its_contrast_on_every_ground(theme: str) -> None:
    colours = THEMES[theme]
    texts = ("text", "soft", "faint", "good", "warn", "bad", "accent")
    grounds = ("background", "panel", "card", "lane", "lane_other", "pill")
    weak = {(t, g): contrast(colours[t], colours[g]) for t, g in itertools.product(texts, grounds)}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    assert contrast(colours["on_accent"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_marks_stand_out_from_the_ground(theme: str) -> None:
    ground = THEMES[theme]["card"]
    assert all(contrast(colour, ground) >= 3 for colour in CATEGORIES[theme])
    assert contrast(THEMES[theme]["ring"], THEMES[theme]["background"]) >= 3


def test_both_themes_name_the_same_tokens() -> None:
    assert THEMES["light"].keys() == THEMES["dark"].keys()
    assert len(CATEGORIES["light"]) == len(CATEGORIES["dark"]) == len(set(CATEGORIES["light"]))


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_the_heat_scale_goes_one_way(theme: str) -> None:
    ratios = [contrast(colour, THEMES[theme]["background"]) for colour in HEAT[theme]]
    assert ratios == sorted(ratios)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
