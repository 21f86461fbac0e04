"""When a chat may be written to unasked: the clock of its own zone, on nights of change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def local_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return when a clock shows a time on a day.

    Where the clock jumps over it, as far after the jump; where it shows it twice, the first time.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC)


def quiet_until(*, at: datetime, start: time | None, end: time | None, zone: ZoneInfo) -> datetime:
    """Return the end of the quiet hours that ``at`` is in, else ``at`` itself.

    The hours hold their beginning and not their end; they may last over midnight.
    """
    if start is None or end is None or start == end:
        return at
    local = at.astimezone(zone)
    clock = local.time()
    if start < end:
        is_quiet, day = start <= clock < end, local.date()
    else:
        is_quiet = clock >= start or clock < end
        day = local.date() + DAY if clock >= start else local.date()
    if not is_quiet:
        return at
    over = local_instant(day, end, zone)
    if over <= at:  # the clock was set back in between: the second time that it shows the end
        over = datetime.combine(day, end, zone).replace(fold=1).astimezone(UTC)
    return max(over, at)
