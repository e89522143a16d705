"""Design tokens: colours, sizes and type, shared by the canvas (generated TypeScript) and the still picture."""

from __future__ import annotations

__all__ = ["CATEGORIES", "GEOMETRY", "HEAT", "MARKS", "SHADOWS", "THEMES", "contrast"]

THEMES: dict[str, dict[str, str]] = {
    "light": {
        "background": "#fbfbfa",
        "dot": "#e4e5e3",
        "panel": "#ffffff",
        "line": "#e3e5e8",
        "line_strong": "#c9ced6",
        "text": "#1b2330",
        "soft": "#566070",
        "faint": "#606a7a",
        "card": "#ffffff",
        "lane": "#f2f4f6",
        "lane_other": "#f7f8f9",
        "flow": "#94a2b4",
        "accent": "#2563eb",
        "on_accent": "#ffffff",
        "accent_soft": "#eff4fe",
        "good": "#13734a",
        "warn": "#9a4f06",
        "bad": "#b92c23",
        "pill": "#ffffff",
        "ring": "#2563eb",
    },
    "dark": {
        "background": "#14181f",
        "dot": "#242b36",
        "panel": "#1b212b",
        "line": "#2d3643",
        "line_strong": "#455164",
        "text": "#eaeef4",
        "soft": "#a9b4c3",
        "faint": "#8b97a8",
        "card": "#1e2530",
        "lane": "#181e27",
        "lane_other": "#161b23",
        "flow": "#66758a",
        "accent": "#7aa7ff",
        "on_accent": "#0d1320",
        "accent_soft": "#22304a",
        "good": "#4cc38a",
        "warn": "#f0a04b",
        "bad": "#ff8378",
        "pill": "#1b212b",
        "ring": "#7aa7ff",
    },
}

# Eight hues that stay apart under the common colour-vision deficiencies; a group takes the next in order of appearance.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "light": ("#3b6fd4", "#0f8b8d", "#7a4fc0", "#c2620a", "#b0397e", "#4f7a1c", "#8a5a2b", "#5c6675"),
    "dark": ("#7aa2ff", "#4fd1c5", "#c4a1ff", "#f5a65b", "#f08ac0", "#a3d160", "#d3a676", "#a9b4c3"),
}

# A sequential scale of one direction (light: OrRd without its palest step), for halos and legends.
HEAT: dict[str, tuple[str, ...]] = {
    "light": ("#fff7ec", "#fdd49e", "#fc8d59", "#d7301f"),
    "dark": ("#3a2a1c", "#7a4a1e", "#c2632c", "#ff7a52"),
}

# The shadow that a card throws, in two layers: how far down, how blurred, and in what colour with its strength.
SHADOWS: dict[str, tuple[dict[str, int | str], ...]] = {
    "light": ({"y": 1, "blur": 2, "colour": "#1b233018"}, {"y": 4, "blur": 14, "colour": "#1b233014"}),
    "dark": ({"y": 1, "blur": 2, "colour": "#00000066"}, {"y": 6, "blur": 18, "colour": "#00000055"}),
}

# The marks on cards, lanes and frames: strokes on a field of 20 by 20.
MARKS: dict[str, str] = {
    "comment": "M3 4.5h14v9.5H9L5.2 17v-3H3z",
    "down": "M5.5 8l4.5 4.5L14.5 8",
    "folded": "M8 5.5l4.5 4.5L8 14.5",
    "inside": "M4 4h12v12H4zM7.5 7.5h5v5h-5z",
    "lock": "M5 9h10v7H5zM7 9V6.8a3 3 0 0 1 6 0V9",
    "table": "M3.5 4.5h13v11h-13zM3.5 8.2h13M3.5 11.8h13M8.5 8.2v7.3",
    "warning": "M10 3.6l7 12.4H3zM10 8v3.6M10 13.7v.01",
}

GEOMETRY: dict[str, float] = {
    "grid": 8,
    "card_radius": 10,
    "rank_gap": 152,
    "row_gap": 72,
    "lane_padding": 40,
    "lane_header": 32,
    "frame_padding": 24,
    "frame_header": 28,
    "arrow_length": 11,
    "arrow_width": 10,
    "flow_width": 2,
    "flow_width_max": 9,
    "ghost_dash": 9,
    "ghost_gap": 7,
    "label_height": 20,
    "label_padding": 8,
    "label_max_width": 116,
    "detail_characters": 22,
    "port_radius": 6,
    "near_zoom": 0.55,
    "far_zoom": 0.22,
    "title_size": 13,
    "small_size": 11,
    "figure_size": 19,
}


def contrast(first: str, second: str) -> float:
    """The WCAG 2 contrast ratio of two `#rrggbb` colours, 1 to 21.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
