"""Instants in nanoseconds since 1970 and months in months since year 0, both UTC."""

import calendar
import re
from datetime import datetime, timedelta, timezone

_SECOND = 10**9
_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")


def instant(text):
    """Reads RFC 3339, as proto3 JSON has it; the standard library would drop the nanoseconds."""
    whole, fraction, zone = _FORM.fullmatch(text.upper()).groups()
    moment = datetime.fromisoformat(whole + zone.replace("Z", "+00:00"))
    return calendar.timegm(moment.utctimetuple()) * _SECOND + int((fraction or "").ljust(9, "0"))


def begin(month):
    return calendar.timegm((month // 12, month % 12 + 1, 1, 0, 0, 0)) * _SECOND


def end(month):
    """The first instant that is no longer in the month."""
    return begin(month + 1)


def month_of(time):
    date = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=time // _SECOND)
    return date.year * 12 + date.month - 1


def month_name(month):
    return f"{month // 12:04}-{month % 12 + 1:02}"


def twelve_months_after(time):
    """29 February + 12 months = 28 February."""
    seconds, rest = divmod(time, _SECOND)
    date = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)
    day = 28 if (date.month, date.day) == (2, 29) else date.day
    return calendar.timegm(date.replace(year=date.year + 1, day=day).utctimetuple()) * _SECOND + rest
