"""Thursday, 13 November 2008: an afternoon of user 006 of GeoLife, Beijing.

1,937 fixes, one every five seconds, 45.8 km from point to point. Found by looking at the track
(local times):

    11:57  on the way, three minutes by car
    12:03  a building, 109 minutes; the logger is silent inside, 13 to 42 m of drift
    13:52  3.9 km south
    14:13  a shop, 12 minutes                                               customer 1
    14:26  3.5 km back north
    14:48  a shop, 21 minutes, silent for 17 of them                        customer 2
    15:12  7.3 km south; no signal from 15:43 to 16:01 (5.7 km, a tunnel or an underground line)
    16:32  a shop, 27 minutes, silent for 24 of them                        customer 3
    17:00  back north; no signal from 17:20 to 18:14 (8.8 km)
    18:17  at most 175 m in 36 silent minutes: he was somewhere there
    18:51  1.2 km, until 19:02

Two more customers show what the track does to a claim that it does not support: one lies 9 km off
the way that he travelled while he says he was there, one is visited, so he says, while there is
no signal.
"""

import functools
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tests.support import geolife

TIME_ZONE = "Asia/Shanghai"
DATE = date(2008, 11, 13)
FIX_COUNT = 1937


def at(clock, days=0):
    """A local time of that day as naive UTC."""
    local = datetime.combine(DATE, datetime.strptime(clock, "%H:%M:%S").time())
    return local - timedelta(hours=8) + timedelta(days=days)


@dataclass(frozen=True)
class Call:
    """A customer, when the rep says he was there, and what the track says to it."""

    customer: str
    check_in: datetime
    check_out: datetime
    presence: str
    lat: float = 0.0
    lon: float = 0.0

    @property
    def honest(self):
        return self.presence == "verified"


# The three honest customers get the coordinates of the stay that the reference algorithm finds.
CALLS = (
    Call("Chenguang Stationery", at("14:14:00"), at("14:25:00"), "verified"),
    Call("Hongda Trading", at("14:50:00"), at("15:08:00"), "verified"),
    Call("Jinma Supermarket", at("16:34:00"), at("16:58:00"), "verified"),
    Call("Never There", at("15:15:00"), at("15:40:00"), "contradicted", 39.9300, 116.4500),
    Call("No Signal", at("17:25:00"), at("17:50:00"), "unknown", 39.9000, 116.3500),
)
# By inspection: silences in which he came far. The other long silences lie within a stay.
GAPS = ((at("15:43:24"), at("16:01:01")), (at("17:20:18"), at("18:14:05")))
STAYS = (
    (at("12:03:16"), at("13:52:15")),
    (at("14:13:35"), at("14:26:00")),
    (at("14:48:05"), at("15:09:08")),
    (at("16:32:26"), at("16:59:13")),
)


@functools.cache
def _fixes():
    return tuple(geolife.read("006", "20081113035731"))


class RealDay:
    """The day, as it was or some whole days later.

    A server refuses fixes older than the roll-over of the GPS week counter allows, and its owner
    may keep tracks for some months only: over the wire the day is moved close to today. Places
    and times of day stay.
    """

    def __init__(self, days=0):
        self.days = days
        self.date = DATE + timedelta(days=days)
        self.fixes = [fix.moved(days) for fix in _fixes()]
        self.stays = geolife.stays(self.fixes)
        self.gaps = [tuple(moment + self._shift for moment in gap) for gap in GAPS]
        self.calls = sorted(self._place_calls(), key=lambda call: call.check_in)
        self.opening, self.closing = self.fixes[0].at, self.fixes[-1].at

    @classmethod
    def of_last_week(cls):
        """The latest Thursday that is over."""
        days = (date.today() - timedelta(days=2) - DATE).days
        return cls(days // 7 * 7)

    @property
    def _shift(self):
        return timedelta(days=self.days)

    def _place_calls(self):
        places = iter(self.stays[1:])
        for call in CALLS:
            moved = replace(
                call, check_in=call.check_in + self._shift, check_out=call.check_out + self._shift
            )
            if call.honest:
                stay = next(places)
                moved = replace(moved, lat=round(stay.lat, 7), lon=round(stay.lon, 7))
            yield moved

    def position(self, call, moment):
        """What the phone says when the rep taps: the last fix, or what he wants it to say."""
        if not call.honest:
            return {"lat": call.lat, "lng": call.lon, "accuracy": 8, "fix_age": 1}
        fix = max((f for f in self.fixes if f.at <= moment), key=lambda f: f.at)
        age = (moment - fix.at).total_seconds()
        return {"lat": fix.lat, "lng": fix.lon, "accuracy": 15, "fix_age": age}
