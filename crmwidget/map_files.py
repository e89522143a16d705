"""What a map becomes outside the kernel: its file, kept up to date if asked, a table, the code that makes it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crmwidget.autosaving import Autosave, forget_journal
from crmwidget.errors import EditError, shorten
from crmwidget.formats import by_name, map_json, python_code, python_steps, table
from crmwidget.graph.elements import Elements
from crmwidget.graph.versions import earlier
from crmwidget.map_edits import MapEdits

if TYPE_CHECKING:
    import pandas as pd

    from crmwidget.widget import MapWidget

__all__ = ["MapFiles"]


class MapFiles(MapEdits):
    """The half of a `CrmMap` that goes to files."""

    def __init__(self, elements: Elements) -> None:
        super().__init__(elements)
        self.path: Path | None = None
        self._widget: MapWidget | None = None
        self._saved_revision = -1
        self._autosave: Autosave | None = None
        self._recovered: Path | None = None  # the file whose journal holds edits that it does not

    def to_code(self, *, last: int | None = None) -> str:
        """The map as Python that makes it again, or its last edits: calls of this library, a few lines an element.

        Run in a kernel of its own it gives an equal map, which saves to the same bytes: ids, attributes, the order
        of elements, positions under every lens, groups, locks, comments and votes. Attached tables, figures and painted
        answers are no part of it, as they are none of a saved map.

        Parameters
        ----------
        last
            Only the code of so many edits, the last ones that can be undone. Run on the map as it was before them, it
            makes what they have made of it. What comes to nothing, such as a card that was added and removed, is left
            out.

        Returns
        -------
        str
            Python source. It binds the map to the name `m`; with `last` it expects a map of that name.

        Raises
        ------
        EditError
            If `last` is no number of edits, or more than can be undone.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> m = CrmMap("Two stages")
        >>> m.add_text("Lead -> Won")
        ('lead', 'won')
        >>> print(m.to_code())
        import crmwidget as crm
        <BLANKLINE>
        m = crm.CrmMap("Two stages")
        <BLANKLINE>
        m.add_stage("Lead")
        m.add_stage("Won")
        <BLANKLINE>
        m.add_flow("lead", "won")
        <BLANKLINE>
        m.move_all({"lead": (104.0, 64.0), "won": (456.0, 64.0)})
        <BLANKLINE>
        >>> with m.edit("name the end, and vote"):
        ...     m.update("won", label="Won deal")
        ...     m.vote("won", by="Ada")
        >>> print(m.to_code(last=1))
        # 1 edit: name the end, and vote
        <BLANKLINE>
        m.update("won", label="Won deal")
        <BLANKLINE>
        m.vote("won", by="Ada")
        <BLANKLINE>
        """
        self.flush()
        self.ensure_placed()
        if last is None:
            return python_code.of_map(self.elements, lens=self.lens)
        done = list(self.history.done)
        if isinstance(last, bool) or not isinstance(last, int) or not 1 <= last <= len(done):
            are = f"{len(done):,} that can be undone" if done else "none that can be undone"
            raise EditError(f"last= is how many of the last edits, and there are {are}; given {shorten(last)}")
        steps = done[-last:]
        before = earlier(self.elements, [step.changes for step in steps])
        return python_steps.of_steps(before, self.elements, [step.label for step in steps])

    def to_table(self) -> pd.DataFrame:
        """The map as a table of one row per stage: Stage, Description, Actions (separated by commas).

        Missing descriptions and actions are missing values. `crm.from_table` gives the map back.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.graph.nodes["lead"]["actions"] = ["call", "mail"]
        >>> m.to_table()["Actions"].to_list()
        ['call, mail', None]
        """
        self.flush()
        return table.to_frame(self.elements)

    def save(self, path: str | os.PathLike[str] | None = None, *, format: str | None = None) -> Path:
        """Write the map to a file, whole or not at all; without a path, to where it came from.

        Parameters
        ----------
        path
            Its suffix says the format: `.crm.json` is the map's own, which keeps everything and becomes the file
            that the map belongs to. In any other it is a copy, which keeps what `docs/formats.md` says: `.bpmn`,
            `.graphml`, `.xlsx`, `.csv` (with the flows in a second file beside it), `.mmd`, `.dot`, `.py`.
        format
            The name of the format, whatever the suffix.

        Raises
        ------
        FileFormatError
            For a suffix or format that is not known (with the nearest), or what the format cannot hold.
        EditError
            Without a path for a map that has no file, or for a copy in the place of the map's own file.
        MissingExtraError
            For Excel without the extra `excel`.

        Examples
        --------
        >>> import crmwidget as crm
        >>> from tempfile import mkdtemp
        >>> m = crm.from_text("Lead -> Won")
        >>> m.save(f"{mkdtemp()}/sales.crm.json").name
        'sales.crm.json'
        >>> m.save(f"{mkdtemp()}/sales.bpmn").name
        'sales.bpmn'
        """
        if path is None and self.path is None:
            raise EditError("this map has no file yet: m.save('sales.crm.json')")
        target = Path(path) if path is not None else self.path
        assert target is not None
        chosen = by_name.for_writing(target, format)
        if chosen.name != by_name.OWN and target == self.path:
            raise EditError(
                f"{target.name!r} is the map's own file; {chosen.title} is a copy and needs a file of its own"
            )
        self.flush()
        self.ensure_placed()
        if chosen.name != by_name.OWN:
            by_name.write(self.elements, target, chosen)
            return target
        if self._autosave is not None and self._autosave.path == target:
            self._autosave.save()
        else:
            map_json.write(self.elements, target)
            if self._recovered == target:
                forget_journal(target)
        self.path, self._saved_revision = target, self.revision
        self._tell_saved()
        return target

    def autosave(self, path: str | os.PathLike[str] | None = None) -> Path:
        """Save each edit by itself from now on, to a file or to where the map came from; returns the file.

        The map is written at once. Then each batch of edits goes to a journal beside the file (`….journal`) before a
        view hears that its edit was taken, and into the file now and then, when the kernel ends, and at `m.save()`.
        After a sudden end of the kernel `crm.open(path)` gives the map with all of them.

        Raises
        ------
        EditError
            Without a path for a map that has no file, or if somebody else saves to this file by itself already.
        OSError
            If the file cannot be written. Later failures are told on the canvas and by `m.saved`, and tried again with
            the next edit.

        Examples
        --------
        >>> import crmwidget as crm
        >>> from tempfile import mkdtemp
        >>> m = crm.from_text("Lead -> Won")
        >>> path = m.autosave(f"{mkdtemp()}/sales.crm.json")
        >>> m.remove("won")
        >>> m.stop_autosave()
        >>> len(crm.open(path).graph)
        1
        """
        target = Path(path) if path is not None else self.path
        if target is None:
            raise EditError("this map has no file yet: m.autosave('sales.crm.json')")
        by_name.check_own(target)
        self.flush()
        self.ensure_placed()
        if self._autosave is not None:
            if self._autosave.path == target:
                return target
            self.stop_autosave()
        self._autosave = Autosave(self, target, holds_journal=self._recovered == target)
        self.path = target
        self._tell_saved()
        return target

    def stop_autosave(self) -> None:
        """Write the file once more, and wait for `m.save()` from now on.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> from tempfile import mkdtemp
        >>> m = from_text("Lead -> Won")
        >>> path = m.autosave(f"{mkdtemp()}/sales.crm.json")
        >>> m.stop_autosave()
        >>> m.remove("won")
        >>> m.saved
        'edited'
        """
        if self._autosave is None:
            return
        self.flush()
        autosave, self._autosave = self._autosave, None
        autosave.stop()
        self._saved_revision = self.revision
        self._tell_saved()

    def opened_from(self, path: Path, *, recovered: int = 0) -> None:
        """Note that this map is what the file holds, or with edits `recovered` from its journal more than that.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> from pathlib import Path
        >>> m = from_text("Lead -> Won")
        >>> m.opened_from(Path("sales.crm.json"))
        >>> m.path.name, m.saved
        ('sales.crm.json', 'saved')
        """
        self.path = path
        if recovered:
            self._recovered = path
        else:
            self._saved_revision = self.revision

    @property
    def saved(self) -> str:
        """`"saved"`, `"edited"` since it was saved, nothing for a map without a file, or why it cannot save itself."""
        if self._autosave is not None:
            return self._autosave.state
        if self.path is None:
            return ""
        return "saved" if self._saved_revision == self.revision and not self.is_pending else "edited"

    def _tell_saved(self) -> None:
        if self._widget is not None:
            self._widget.session.refresh_status()
