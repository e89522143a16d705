"""A journal on the disk: one process holds it, and what was appended is whole or is not there."""

from __future__ import annotations

import errno
import os
import sys
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Final

from crmwidget.formats import whole_file
from crmwidget.vocabulary import LIMITS

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["JournalFile", "is_held"]

_HELD: Final = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_LOCKED_BYTE: Final = 2**62  # on Windows a lock keeps others from reading, too: none ever reads there
_TRIES: Final = 25
_PAUSE_S: Final = 0.01  # who only looks whether a journal is held, holds it for less


class JournalFile:
    """The journal at `path`, made if it is not there, and held until `close` or the process's end, whatever that is.

    A process that is forked off does not hold it, and cannot write to it.

    Raises
    ------
    BlockingIOError
        If it is held already, by this process or another.
    OSError
        If it cannot be opened and written to.
    """

    def __init__(self, path: Path, *, mode: int = 0o666) -> None:
        self.path = path
        self._descriptor = _held(path, mode)
        self._close = weakref.finalize(self, os.close, self._descriptor)
        self._close.atexit = False  # whoever follows a map to the end of the process closes it himself
        self.size = os.fstat(self._descriptor).st_size
        _OPEN.add(self)

    @property
    def is_open(self) -> bool:
        return self._close.alive

    @property
    def is_gone(self) -> bool:
        """Whether somebody has deleted it: what is appended now would be found by nobody."""
        return os.fstat(self._descriptor).st_nlink == 0

    def read(self) -> bytes:
        whole_file.check_size(self.size, "journal")
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        content = b""
        while piece := os.read(self._descriptor, self.size - len(content)):
            content += piece
        return content

    def cut(self, size: int) -> None:
        """Take away what is behind the first `size` bytes."""
        os.ftruncate(self._descriptor, size)
        self.size = size

    def append(self, content: bytes) -> None:
        """Write `content` behind what is there. If that fails it is as if nothing had been written.

        What the system has taken outlives this process, however it ends, but not the whole machine: that takes `sync`.
        """
        if self.size + len(content) > LIMITS.file_bytes:
            raise OSError(errno.EFBIG, f"the journal would have more than {LIMITS.file_bytes:,} bytes")
        os.lseek(self._descriptor, self.size, os.SEEK_SET)
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            with suppress(OSError):  # what stays is a line without its end, which nobody reads and the next overwrites
                os.ftruncate(self._descriptor, self.size)
            raise
        self.size += len(content)

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go of it; it stays on the disk."""
        self._close()

    def remove(self) -> None:
        """Let go of it and delete it."""
        if sys.platform == "win32":
            self._close()  # an open file cannot be deleted there, nor can one that somebody has opened in between
        with suppress(OSError):
            self.path.unlink()
        self._close()


_OPEN: weakref.WeakSet[JournalFile] = weakref.WeakSet()


def _let_go() -> None:
    for journal in list(_OPEN):
        journal.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def is_held(path: Path) -> bool:
    """Whether a journal is held, by this process or another; False if that cannot be found out."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)


def _held(path: Path, mode: int) -> int:
    for _ in range(_TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), mode)
        try:
            if _lock(descriptor):
                if _is_at(descriptor, path):
                    return descriptor
            else:
                time.sleep(_PAUSE_S)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    raise BlockingIOError(errno.EAGAIN, "somebody else holds it", str(path))


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one of that name: who held it before may have deleted it at its end."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _lock(descriptor: int) -> bool:
    """Hold an open file; False if somebody else does. A file system without locks holds nothing back."""
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _HELD
    return True
