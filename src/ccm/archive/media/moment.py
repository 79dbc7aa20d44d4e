"""The moment a device wrote into a file, as text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
WRITTEN = re.compile(r"\s*(\d{4})\D(\d\d)\D(\d\d)\D{0,3}(\d\d)\D(\d\d)\D(\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?")


def moment(text: str) -> datetime | None:
    """Return the moment written as EXIF, ISO 8601 or broadcast wave do, in China's time zone, or nothing.

    A day without a time is no moment. Without an offset the device's clock is taken to show China's time.
    """
    found = WRITTEN.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        at = datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second}{offset or '+08:00'}")
        return at.astimezone(CHINA)
    except (ValueError, OverflowError):
        return None
