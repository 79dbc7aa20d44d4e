"""The zip package of a Word file, taken apart once and put together many times.

Members that are the same in every letter are copied as the compressed bytes they were; only what a letter changes is
compressed anew.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
DOS_DAY = (2026 - 1980) << 9 | 1 << 5 | 1
"""Every member bears 2026-01-01: the same letter is the same bytes whenever it is made."""
UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class Package:
    """The members that stay: their bytes as they go into every file, their directory, and their number."""

    body: bytes
    directory: bytes
    count: int

    def with_members(self, members: Mapping[str, bytes]) -> bytes:
        """Return a whole file: what stays, and the members given."""
        body, directory = [self.body], [self.directory]
        offset = len(self.body)
        for name, content in members.items():
            packed = zlib.compressobj(1, zlib.DEFLATED, -15)
            data = packed.compress(content) + packed.flush()
            local, central = _headers(name, zlib.crc32(content), len(data), len(content), zipfile.ZIP_DEFLATED, offset)
            body += (local, data)
            directory.append(central)
            offset += len(local) + len(data)
        index = b"".join(directory)
        total = self.count + len(members)
        return b"".join((*body, index, END.pack(b"PK\x05\x06", 0, 0, total, total, len(index), offset, 0)))


def package(file: bytes, leave_out: Iterable[str]) -> Package:
    """Take a Word file apart, leaving out the members that each letter brings itself."""
    left_out = set(leave_out)
    body, directory, offset, count = [], [], 0, 0
    with zipfile.ZipFile(BytesIO(file)) as source:
        for info in source.infolist():
            if info.filename in left_out or info.is_dir():
                continue
            data = _raw(file, info)
            local, central = _headers(
                info.filename, info.CRC, info.compress_size, info.file_size, info.compress_type, offset
            )
            body += [local, data]
            directory.append(central)
            offset += len(local) + len(data)
            count += 1
    return Package(b"".join(body), b"".join(directory), count)


def _raw(file: bytes, info: zipfile.ZipInfo) -> bytes:
    """The compressed bytes of a member, behind its local header."""
    name_size, extra_size = struct.unpack_from("<2H", file, info.header_offset + 26)
    start = info.header_offset + LOCAL.size + name_size + extra_size
    return file[start : start + info.compress_size]


def _headers(name: str, crc: int, packed: int, size: int, method: int, offset: int) -> tuple[bytes, bytes]:
    encoded = name.encode()
    flags = 0 if name.isascii() else UTF8
    local = LOCAL.pack(b"PK\x03\x04", 20, flags, method, 0, DOS_DAY, crc, packed, size, len(encoded), 0) + encoded
    central = CENTRAL.pack(
        b"PK\x01\x02", 20, 20, flags, method, 0, DOS_DAY, crc, packed, size, len(encoded), 0, 0, 0, 0, 0, offset
    )
    return local, central + encoded
