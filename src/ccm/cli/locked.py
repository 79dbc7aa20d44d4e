"""The password that locks what is written: out of a variable, never out of a command line, which others can read."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from ccm.errors import CcmError

LockEnv = Annotated[
    str | None, typer.Option(help="用这个环境变量里的密码加密成 .zip（AES-256，7-Zip 能开）", metavar="变量名")
]


def lock_password(variable: str | None) -> str | None:
    """Return the password that a variable holds, None where nothing is to be locked.

    Raises:
        CcmError: `no-password` where the variable is not set or empty, `lock-no-library`.
    """
    if variable is None:
        return None
    from ccm.lock import check_lock

    if not os.environ.get(variable):
        raise CcmError("no-password", where="--lock-env", variable=variable)
    check_lock()
    return os.environ[variable]
