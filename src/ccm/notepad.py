"""A text that a person saved with an editor: UTF-8, or what an older Notepad of Windows makes of it."""

from __future__ import annotations

MARKED = (b"\xff\xfe", b"\xfe\xff")
"""How Notepad's “Unicode” begins: UTF-16."""


def decoded(content: bytes) -> str:
    """Return the text of a file's bytes, its lines ending in a newline alone.

    “ANSI” on a Chinese Windows is GBK, of which GB18030 is the whole.

    Raises:
        UnicodeDecodeError: It is in none of these encodings.
    """
    if content.startswith(MARKED):
        text = content.decode("utf-16")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
    return text.replace("\r\n", "\n")
