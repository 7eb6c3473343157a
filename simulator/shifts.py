"""When the simulated people work, and how fast their clock runs.

The demo must show life whenever somebody looks, and nothing may be reported from the future. So
the day of Shanghai has three shifts, back to back; the one that is running now is the one that is
played. Which one it is and what happens in it follows from the clock and the seed alone: a
simulator that is stopped and started again plays the same day, and the server only sees
repetitions.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Shift:
    """One working day, or one of the two other shifts, of a local date."""

    date: date
    name: str
    start: int  #: seconds since 1970, UTC
    end: int

    @property
    def start_of_day(self):
        """Seconds from local midnight to the start."""
        begin = next(begin for name, begin, _end in _TIMES if name == self.name)
        return int(begin.total_seconds())


_TIMES = (
    ("night", timedelta(minutes=5), timedelta(hours=8, minutes=25)),
    ("day", timedelta(hours=8, minutes=30), timedelta(hours=17, minutes=30)),
    ("evening", timedelta(hours=17, minutes=35), timedelta(hours=23, minutes=55)),
)
NAMES = tuple(name for name, _start, _end in _TIMES)


def shift_of(day, name="day"):
    """The shift of that name on a local date."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=TZ)
    start, end = next((start, end) for known, start, end in _TIMES if known == name)
    return Shift(day, name, _seconds(midnight + start), _seconds(midnight + end))


def running_shift(now):
    """The shift that is running at ``now`` (seconds), or the next one within minutes."""
    day = datetime.fromtimestamp(now, TZ).date()
    shifts = [shift_of(day + timedelta(days=i), name) for i in (0, 1) for name in NAMES]
    return next(shift for shift in shifts if shift.end > now)


def last_shift(now):
    """The latest shift that is over at ``now``."""
    day = datetime.fromtimestamp(now, TZ).date()
    shifts = [shift_of(day - timedelta(days=i), name) for i in (1, 0) for name in NAMES]
    return [shift for shift in shifts if shift.end <= now][-1]


def _seconds(moment):
    return int(moment.astimezone(timezone.utc).timestamp())


@dataclass(frozen=True)
class Clock:
    """The simulated time for a real one.

    At speed 1 the simulated time is the real time: what happened since the shift began is at once a
    backlog, as after hours without network. At a higher speed the shift is lived that much faster
    from its start until it has caught up with the real time, and then goes on at 1. It is never
    ahead of the real time.
    """

    begun: float  #: real time at which the simulation started
    shift_start: float
    speed: float = 1.0

    def real(self, at):
        """When, in real time, a simulated moment comes."""
        if self.speed <= 1:
            return at
        return max(at, self.begun + (at - self.shift_start) / self.speed)
