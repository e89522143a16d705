"""A still picture as the HTML that stands beside a canvas in a notebook, and alone where there is no canvas."""

from __future__ import annotations

import base64
import html
import re

__all__ = ["picture_html", "picture_words"]

# Outputs of one cell are neighbours. The canvas marks its element `crmwidget`: where it lives, the picture after it is
# hidden; where it does not, what stands in its place (an error, a line of text) is hidden, and the picture remains.
# JupyterLab, Notebook 7 and nbconvert call an output `jp-OutputArea-child`, nbviewer `output_area`, Quarto
# `cell-output`; VS Code lays its `output_container`s out by itself, so there only the picture is hidden.
_OUTPUT = ":is(.jp-OutputArea-child,.output_area,.cell-output)"
_STYLE = (
    f"{_OUTPUT}:has(.crmwidget)+{_OUTPUT}:has(.crmwidget-picture),"
    f"{_OUTPUT}:not(:has(.crmwidget)):has(+{_OUTPUT} .crmwidget-picture),"
    ".output_container:has(.crmwidget)+.output_container .crmwidget-picture"
    "{display:none}"
)


def picture_html(picture: str) -> str:
    """An SVG of `crmwidget.formats.svg` as HTML that asks for nothing outside of itself.

    As an image, not as elements: it is shown in notebooks that are not trusted, can run nothing, and its styles meet no
    others. The words of the map are the image's text, for screen readers and for viewers that show no such image.

    Examples
    --------
    >>> shown = picture_html('<svg width="9"><title>Sales</title><desc>A map of 1 node: Lead.</desc></svg>')
    >>> 'alt="Sales. A map of 1 node: Lead."' in shown, 'src="data:image/svg+xml;base64,' in shown
    (True, True)
    """
    data = base64.b64encode(picture.encode()).decode()
    return (
        f'<style>{_STYLE}</style><div class="crmwidget-picture"><img alt="{html.escape(picture_words(picture))}" '
        f'style="max-width:100%;height:auto" src="data:image/svg+xml;base64,{data}"></div>'
    )


def picture_words(picture: str) -> str:
    """What a picture says to who does not see it: its title, and its description.

    Examples
    --------
    >>> picture_words('<svg width="9"><title>R&amp;D</title><desc>A map of 1 node: Lead.</desc></svg>')
    'R&D. A map of 1 node: Lead.'
    """
    found = re.match(r"<svg [^>]*><title>(.*?)</title><desc>(.*?)</desc>", picture, re.DOTALL)
    assert found is not None
    return ". ".join(html.unescape(part) for part in found.groups())
