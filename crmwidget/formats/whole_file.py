"""Files that are read within a limit, and written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from crmwidget.errors import FileFormatError
from crmwidget.vocabulary import LIMITS

__all__ = ["check_size", "digest", "read", "write"]


def check_size(size: int, what: str = "map file") -> None:
    """A `FileFormatError` if a file of so many bytes is too large to be a map or what continues one."""
    if size > LIMITS.file_bytes:
        raise FileFormatError(f"a {what} has at most {LIMITS.file_bytes:,} bytes; this one has {size:,}")


def digest(content: bytes) -> str:
    """What tells the content of a file from any other.

    Examples
    --------
    >>> digest(b"a map")[:8]
    '23e1765c'
    """
    return hashlib.sha256(content).hexdigest()


def read(path: Path) -> bytes:
    """The content of a file; one that is too large is refused before it is read."""
    with path.open("rb") as file:
        check_size(os.fstat(file.fileno()).st_size)
        content = file.read(LIMITS.file_bytes + 1)
    check_size(len(content))
    return content


def write(content: bytes, path: Path) -> None:
    """Put `content` in the place of a file.

    It goes to a new file in the same folder, reaches the disk, and takes the old file's place and permissions in one
    step; if anything fails the old file is as it was. A symbolic link stays one, and its target is replaced.
    """
    check_size(len(content))
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            fresh.chmod(target.stat().st_mode & 0o7777)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """The new name reaches the disk too, where the system lets a folder be synced."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
