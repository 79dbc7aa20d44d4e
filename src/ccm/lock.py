"""A .zip that opens with a password alone: AES-256 as 7-Zip, WinRAR and Bandizip read it."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.safe import written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def write_zip(target: Path, files: Iterable[tuple[Path, str]], password: str | None) -> None:
    """Write files into a .zip, whole or not at all, locked where there is a password; names in it stay readable.

    Args:
        target: The .zip.
        files: Each file, and its name in the .zip.
        password: None for an open .zip.

    Raises:
        CcmError: `lock-no-library` where the extra is not installed, `file-unwritable`.
    """
    with written(target) as temporary, _opened(temporary, password) as out:
        for path, name in files:
            out.write(path, name)


def check_lock() -> None:
    """See that a .zip can be locked, before anything is written.

    Raises:
        CcmError: `lock-no-library`.
    """
    try:
        import pyzipper  # noqa: F401
    except ImportError as error:
        raise CcmError("lock-no-library", where="--lock-env") from error


def _opened(path: Path, password: str | None) -> Any:  # noqa: ANN401 - pyzipper's has the same methods
    if password is None:
        return zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    check_lock()
    import pyzipper

    locked = pyzipper.AESZipFile(path, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES)
    locked.setpassword(password.encode())
    return locked
