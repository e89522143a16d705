"""What `crm.report` gives: the report's text, its plan, and where it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

__all__ = ["Report", "reasons"]

_MOST = 4_000_000  # characters that a notebook takes a second time, to show a report in


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Report:
    """A report of a map.

    Attributes
    ----------
    title
        What it is called.
    html
        The page: one self-contained text.
    path
        The file it was written to, if it was.
    findings
        All findings, one row each: `question`, `severity`, `sentence`, `evidence`, `suggestion`.
    plan
        The steps of the plan, one row each: `what`, `who`, `where`, `because`; all texts.
    left_out
        Questions that were not asked, one row each: `question`, and as `reason` what they need.
    failed
        Questions that were asked and have no answer, one row each: `question`, `reason`.

    Examples
    --------
    >>> import crmwidget as crm
    >>> made = crm.report(crm.from_text("Lead -> Won", name="Sales"), at="January 2026")
    >>> made.title, made.path, made.html[:15], len(made.failed)
    ('Sales', None, '<!doctype html>', 0)
    >>> made.findings["question"].iloc[0], made.plan["what"].iloc[0]
    ('What is still open?', 'Agree who answers for it, and fill in Owner on the card.')
    >>> made.left_out["question"].iloc[0]
    'Conversion and drop-off'
    """

    title: str
    html: str
    path: Path | None
    findings: pd.DataFrame
    plan: pd.DataFrame
    left_out: pd.DataFrame
    failed: pd.DataFrame

    def __repr__(self) -> str:
        where = f" in {self.path}" if self.path is not None else ""
        return f"<Report {self.title!r}{where}: {len(self.findings)} findings, {len(self.plan)} steps>"

    def _repr_html_(self) -> str:
        """The page itself in a frame that runs nothing, and a link to the file."""
        where = ""
        if self.path is not None:
            where = f' · <a href="{escape(self.path.as_posix())}" target="_blank">{escape(self.path.name)}</a>'
        head = f"<p><strong>{escape(self.title)}</strong>{where}</p>"
        if len(self.html) > _MOST:
            return head
        return (
            f'{head}<iframe title="{escape(self.title)}" sandbox srcdoc="{escape(self.html)}" '
            'style="width:100%;height:640px;border:1px solid #c9ced6;border-radius:10px"></iframe>'
        )


def reasons(pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Questions without an answer, and why."""
    return pd.DataFrame(pairs, columns=["question", "reason"], dtype="object")
