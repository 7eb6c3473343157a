"""A fictional day of a fictional rep in Shanghai, for pictures and browser tests.

Everything is invented: people, shops, and the track, which is drawn by a random generator with a
fixed seed along streets of a grid. No real person's way is ever shown.
"""

import itertools
import math
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.support.geolife import Fix

TIME_ZONE = "Asia/Shanghai"
METRE = 1 / 111195.08  # degrees of latitude


def today():
    """The day it is there, at whatever hour the tests run."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


@dataclass(frozen=True)
class Shop:
    """A customer in both languages."""

    english: str
    chinese: str
    lat: float
    lon: float

    def name(self, lang):
        return self.chinese if lang == "zh_CN" else self.english


@dataclass(frozen=True)
class Call:
    """When the rep is at a shop (local times), by the track; he says so, give or take a minute."""

    shop: int | None
    start: str
    end: str

    @property
    def place(self):
        return LUNCH if self.shop is None else SHOPS[self.shop]


OFFICE = (31.2201, 121.4458)
SHOPS = (
    Shop("Xinghe Market, West Gate", "星河超市西门店", 31.2296, 121.4489),
    Shop("Lantian Convenience", "蓝天便利店", 31.2383, 121.4602),
    Shop("Old Dock Tea & Snacks", "老码头茶食铺", 31.2467, 121.4781),
    Shop("Yuehai Wholesale", "悦海批发部", 31.2312, 121.4995),
    Shop("Family Corner, Park Road", "邻家便利公园路店", 31.2122, 121.4901),
    Shop("Green Island Fresh", "绿岛生鲜", 31.2043, 121.4655),
    Shop("Spring Garden Store", "春园杂货店", 31.2551, 121.4420),
    Shop("Golden Bridge Market", "金桥超市", 31.2489, 121.5321),
)
LUNCH = Shop("Lunch", "午餐", 31.2420, 121.4855)
# The place of each stay in the order of the day; `None` is lunch, at no customer.
CALLS = (
    Call(0, "08:58", "09:34"),
    Call(1, "09:42", "10:27"),
    Call(2, "10:38", "11:26"),
    Call(None, "11:33", "12:24"),
    Call(3, "12:48", "13:27"),
    Call(7, "13:46", "14:31"),
    Call(4, "14:59", "15:36"),
    Call(5, "15:48", "16:29"),
)
START, END = "08:52", "16:42"
SILENCE = (4, 0.2, 0.85)  # on the way under the river
# He says that he was here while he was on the way from the seventh shop to the fifth.
CLAIM = Call(6, "14:33", "14:57")


def moment(day, clock):
    """A local time as naive UTC."""
    return datetime.combine(day, time.fromisoformat(clock)) - timedelta(hours=8)


def track(day: date):
    """All fixes of the day."""
    luck = random.Random(20261122)
    fixes, here, at = [], OFFICE, moment(day, START)
    for number, call in enumerate(CALLS):
        shop = call.place
        arrival = moment(day, call.start)
        way = _way(luck, here, (shop.lat, shop.lon), at, arrival)
        if number == SILENCE[0]:
            first, last = (int(len(way) * part) for part in SILENCE[1:])
            way = way[:first] + way[last:]
        fixes += way
        at = moment(day, call.end)
        fixes += _stay(luck, shop, arrival, at)
        here = (shop.lat, shop.lon)
    fixes += _way(luck, here, OFFICE, at, moment(day, END))
    return fixes


def _way(luck, start, end, since, until):
    """Along a grid of streets, a fix every fifteen seconds."""
    corners = [start]
    for part in (0.35, 0.7):
        last = corners[-1]
        lat, lon = (a + (b - a) * part for a, b in zip(start, end, strict=True))
        corners += [(lat, last[1]), (lat, lon)]
    corners += [(corners[-1][0], end[1]), end]
    lengths = [_metres(a, b) for a, b in itertools.pairwise(corners)]
    speed = sum(lengths) / (until - since).total_seconds()
    return [
        _fix(luck, since + timedelta(seconds=done / speed), place, speed, course)
        for done, place, course in _steps(corners, lengths, 15 * speed)
    ]


def _steps(corners, lengths, step):
    done, target = 0.0, 0.0
    for (a, b), length in zip(itertools.pairwise(corners), lengths, strict=True):
        course = math.degrees(math.atan2((b[1] - a[1]) * 0.856, b[0] - a[0])) % 360
        while length and target <= done + length:
            part = (target - done) / length
            yield target, (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part), course
            target += step
        done += length


def _stay(luck, shop, since, until):
    """One fix a minute, jumping about by some metres as in every building."""
    minutes = int((until - since).total_seconds() // 60)
    return [
        _fix(luck, since + timedelta(minutes=n), (shop.lat, shop.lon), 0.0, 0.0, spread=12)
        for n in range(minutes)
    ]


def _fix(luck, at, place, speed, course, spread=4):
    lat = place[0] + luck.gauss(0, spread) * METRE
    lon = place[1] + luck.gauss(0, spread) * METRE / 0.856
    return Fix(
        at=at.replace(microsecond=0),
        lat=round(lat, 6),
        lon=round(lon, 6),
        altitude=6.0,
        speed=round(max(0.0, speed + luck.gauss(0, 0.4) if speed else 0.0), 2),
        bearing=round(course, 1),
        accuracy=round(luck.uniform(4, 18), 1),
    )


def _metres(a, b):
    return math.hypot(a[0] - b[0], (a[1] - b[1]) * 0.856) / METRE
