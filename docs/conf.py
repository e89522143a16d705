"""How the site is built from what `scripts/build_docs.py` has put together; `make docs` runs both."""

from __future__ import annotations

import crmwidget
from crmwidget.design import THEMES

project = "crmwidget"
author = "crmwidget contributors"
copyright = "crmwidget contributors"
release = version = crmwidget.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_static"]
source_suffix = {".md": "myst-nb", ".rst": "restructuredtext"}
default_role = "literal"  # `name` in a docstring is code, as in Markdown
language = "en"
suppress_warnings = ["ref.python"]  # the short name of a type may be that of several things, `columns` for one

# Lessons are shown with the outputs that are stored in them; nothing is run.
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # no script from elsewhere, where an output is a widget
nb_mime_priority_overrides = [
    ("html", "image/svg+xml", 1),
    ("html", "application/vnd.jupyter.widget-view+json", None),
    ("html", "application/vnd.vegalite.v5+json", None),
]
myst_enable_extensions = ["attrs_inline", "colon_fence", "fieldlist"]
myst_heading_anchors = 3

napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
python_maximum_signature_line_length = 100
add_module_names = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "crmwidget"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sphinx = False
html_permalinks_icon = "#"


def _variables(theme: str) -> dict[str, str]:
    """The colours of the canvas, under the names that the theme of the site knows them by."""
    colours = THEMES[theme]
    return {
        "color-background-primary": colours["background"],
        "color-background-secondary": colours["panel"],
        "color-background-hover": colours["accent_soft"],
        "color-background-hover--transparent": colours["accent_soft"] + "00",
        "color-background-border": colours["line"],
        "color-background-item": colours["line"],
        "color-foreground-primary": colours["text"],
        "color-foreground-secondary": colours["soft"],
        "color-foreground-muted": colours["faint"],
        "color-foreground-border": colours["line_strong"],
        "color-brand-primary": colours["accent"],
        "color-brand-content": colours["accent"],
        "color-brand-visited": colours["accent"],
        "color-inline-code-background": colours["lane"],
        "color-code-background": colours["panel"],
        "color-code-foreground": colours["text"],
        "color-card-background": colours["card"],
        "color-card-border": colours["line"],
        "color-api-background": colours["panel"],
        "color-api-background-hover": colours["lane"],
        "color-api-name": colours["accent"],
        "color-api-pre-name": colours["soft"],
        "color-link-underline": colours["line_strong"],
        "color-link-underline--hover": colours["accent"],
    }


html_theme_options = {
    "light_css_variables": _variables("light"),
    "dark_css_variables": _variables("dark"),
    "navigation_with_keys": False,
}
