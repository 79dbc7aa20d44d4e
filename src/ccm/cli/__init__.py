"""The command line: arguments, calls, exit codes; nothing else.

Exit codes: 0 done · 1 a bug · 2 usage · 3 stopped · 4 done, with findings · 130 interrupted.
"""

from __future__ import annotations

import gc

from ccm.cli.app import app
from ccm.cli.charset import soften

__all__ = ["app", "main"]


def main() -> None:
    """Run ccm as the console script does."""
    # A run is short and makes many records at once; looking for cycles among them costs more than it frees.
    gc.disable()
    soften()
    app()
