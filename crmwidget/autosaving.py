"""A map that saves itself: each batch of edits is in a journal before anybody is told of it, and in the file soon."""

from __future__ import annotations

import atexit
import os
import socket
import weakref
from pathlib import Path

from crmwidget.errors import EditError, FileFormatError
from crmwidget.formats import journal, map_json, whole_file
from crmwidget.formats.journal_file import JournalFile
from crmwidget.formats.replay import replay
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import ChangeEvent, MapModel

__all__ = ["Autosave", "forget_journal", "read_with_journal"]

_LEAST_JOURNAL = 1_000_000  # bytes, beyond which the journal goes into the file once it is twice as large as that


class Autosave:
    """Follows one map to one file, until `stop`.

    The map is written to the file at once. From then on each committed batch is one line of the journal beside it,
    taken by the system before a view hears that its edit was taken: it outlives this process, however that ends.

    `holds_journal` says that the map has the edits of a journal that is there already (`read_with_journal`); what
    another one holds is kept under another name.

    Raises
    ------
    EditError
        If somebody else saves to this file by itself.
    OSError
        If the file or its journal cannot be written.
    """

    def __init__(self, model: MapModel, path: Path, *, holds_journal: bool = False) -> None:
        self.path = path
        self.problem = ""
        self._model = model
        self._chain = journal.Chain()
        try:
            self._journal = JournalFile(journal.beside(path))
        except BlockingIOError as error:
            raise EditError(
                f"{path.name!r} is being saved by {_owner_of(path)} already; stop it there (`m.stop_autosave()`), "
                "or give another file"
            ) from error
        try:
            if not holds_journal:
                _set_aside(self._journal, path)
            self._journal.cut(0)
            self._compact()
        except BaseException:
            self._journal.close()
            raise
        self._unlisten = model.on_change(self._on_change, first=True)
        _FOLLOWING.add(self)

    @property
    def state(self) -> str:
        """`"saved"`, or why not."""
        return f"not saved: {self.problem}" if self.problem else "saved"

    def stop(self) -> None:
        """Write the file, and take the journal away."""
        if not self._journal.is_open:
            return
        self._unlisten()
        _FOLLOWING.discard(self)
        try:
            self._compact()
        except OSError as error:
            self.problem = _reason(error)
            self._journal.close()  # what it holds is still there for whoever opens the map
            raise
        self._journal.remove()

    def save(self) -> None:
        """Bring the file up to date now."""
        self._compact()

    def _on_change(self, event: ChangeEvent) -> None:
        if self.problem or self._journal.is_gone or self._journal.size > max(_LEAST_JOURNAL, 2 * self._file_size):
            self._retry()
            return
        before = self._chain.crc
        try:
            self._journal.append(self._chain.line(journal.edit(event.changes, self._model.elements)))
        except (OSError, FileFormatError) as error:
            # Not into the gesture: the edit is made, and stays. The next one tries again, with the whole map.
            self._chain.crc = before
            self.problem = _reason(error)

    def _retry(self) -> None:
        try:
            if self._journal.is_gone:
                self._journal = JournalFile(journal.beside(self.path))
            self._compact()
        except (OSError, FileFormatError) as error:
            self.problem = _reason(error)

    def _compact(self) -> None:
        """Put all edits into the file, and begin the journal anew."""
        content = map_json.dumps(self._model.elements).encode()
        state = whole_file.digest(content)
        if self._journal.size:
            # Whichever of the two states of the file a crash leaves, the journal knows what it lacks.
            self._journal.append(self._chain.line(journal.mark(state)))
            self._journal.sync()
        whole_file.write(content, self.path)
        self._journal.cut(0)
        self._chain = journal.Chain()
        self._journal.append(self._chain.line(journal.header(state, _owner(self._model))))
        self._file_size = len(content)
        self.problem = ""


_FOLLOWING: weakref.WeakSet[Autosave] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    for autosave in list(_FOLLOWING):
        try:
            autosave.stop()
        except OSError:
            continue  # the journal is still there


def read_with_journal(path: Path) -> tuple[Elements, int]:
    """The map in a file with the edits that only its journal holds, and how many those are.

    Raises
    ------
    FileFormatError
        If the file or the journal is damaged, or the journal continues another state of the file; both stay as they
        are.
    """
    beside = journal.beside(path)
    if not beside.exists():
        return map_json.read(path), 0
    try:
        content = whole_file.read(path)
        edits = journal.read(whole_file.read(beside)).pending(whole_file.digest(content))
        if edits is None:
            raise FileFormatError(
                "it continues another state of the map file, which somebody has changed meanwhile: "
                f"move {beside.name!r} away to open the file without it"
            )
        return map_json.from_document(replay(map_json.document(content), edits)), len(edits)
    except FileFormatError as error:
        raise FileFormatError(f"cannot open {path.name!r} with its journal {beside.name!r}: {error}") from error


def forget_journal(path: Path) -> None:
    """Take away a journal whose edits the file holds now; one that is still being written stays."""
    beside = journal.beside(path)
    if beside.exists():
        try:
            JournalFile(beside).remove()
        except BlockingIOError:
            return


def _set_aside(held: JournalFile, path: Path) -> None:
    """What an earlier process left is kept under another name, unless the map file holds all of it."""
    if not held.size:
        return
    content = held.read()
    try:
        left = journal.read(content).pending(whole_file.digest(whole_file.read(path)))
    except (FileFormatError, OSError):
        left = None
    if left != ():
        aside = next(p for n in range(1, 10_000) if not (p := held.path.with_suffix(f".left-{n}")).exists())
        whole_file.write(content, aside)


def _owner(model: MapModel) -> dict[str, object]:
    return {"map": model.name, "process": os.getpid(), "host": socket.gethostname()}


def _owner_of(path: Path) -> str:
    try:
        owner = journal.read(whole_file.read(journal.beside(path))).owner
    except (FileFormatError, OSError):
        owner = {}
    if not owner:
        return "another map"
    return f"the map {owner.get('map')!r} in process {owner.get('process')} on {owner.get('host')!r}"


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
