"""One function from raw fixes to a day: clean, stays, gaps, trips, distance.

The result does not depend on the order of the fixes, nor on how often one arrived: late data only
means that the function runs again.
"""

from dataclasses import dataclass, field

import numpy as np

from . import clean
from .distance import Way, measure
from .gaps import Hole, find_gaps
from .settings import DEFAULT, Settings
from .stays import Span, find_stays
from .trips import Leg, find_trips


@dataclass(frozen=True, slots=True)
class Stay:
    """A place, from when to when (seconds since 1970), radius in metres, silence in seconds."""

    start: int
    end: int
    lat: float
    lon: float
    radius_m: float
    fixes: int
    silent_s: int


@dataclass(frozen=True, slots=True)
class Trip:
    """A way; metres in total and the part of them nobody observed."""

    start: int
    end: int
    from_lat: float
    from_lon: float
    to_lat: float
    to_lon: float
    distance_m: float
    estimated_m: float
    fixes: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence; straight-line metres; fixes in it that were too coarse to use."""

    start: int
    end: int
    from_lat: float
    from_lon: float
    to_lat: float
    to_lon: float
    distance_m: float
    unusable: int


@dataclass(slots=True)
class Quality:
    """What the day rests on."""

    fixes: int = 0
    used: int = 0
    coarse: int = 0
    spikes: int = 0
    interval_s: float = 0.0
    raw_m: float = 0.0


@dataclass(slots=True)
class Day:
    """All figures of one person's day. ``distance_m`` includes ``estimated_m``."""

    stays: list[Stay] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    distance_m: float = 0.0
    estimated_m: float = 0.0
    doppler_m: float = 0.0
    first_ts: int | None = None
    last_ts: int | None = None
    quality: Quality = field(default_factory=Quality)

    @property
    def measured_m(self) -> float:
        return self.distance_m - self.estimated_m

    @property
    def method(self) -> str:
        """Where most metres come from: none, doppler, chord, mixed or estimated."""
        if self.distance_m < 1:
            return "none"
        for name, part in (
            ("estimated", self.estimated_m),
            ("doppler", self.doppler_m),
            ("chord", self.distance_m - self.estimated_m - self.doppler_m),
        ):
            if part > 0.8 * self.distance_m:
                return name
        return "mixed"


@dataclass(slots=True)
class Track:
    """Fixes in time order without duplicates, with verdicts; what playback draws."""

    t: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    accuracy: np.ndarray
    speed: np.ndarray
    x: np.ndarray
    y: np.ndarray
    verdict: np.ndarray

    def good(self) -> "Track":
        """Only the fixes that lines and figures are made of."""
        kept = self.verdict == clean.GOOD
        return Track(*(getattr(self, name)[kept] for name in self.__slots__))


def make_track(
    ts: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    accuracy: np.ndarray | None = None,
    speed: np.ndarray | None = None,
    device: np.ndarray | None = None,
    settings: Settings = DEFAULT,
) -> Track:
    """Sort, drop duplicates, choose among devices and judge the fixes of one day.

    :param ts: seconds since 1970, any order
    :param accuracy: metres, nan = unknown; :param speed: m/s, nan = unknown
    :param device: ids, when the person carried several phones
    """
    ts, lat, lon = (np.asarray(values, dtype=np.float64) for values in (ts, lat, lon))
    unknown = np.full(len(ts), np.nan)
    accuracy = unknown if accuracy is None else np.asarray(accuracy, dtype=np.float64)
    speed = unknown if speed is None else np.asarray(speed, dtype=np.float64)
    device = np.zeros(len(ts)) if device is None else np.asarray(device)
    order = np.lexsort((speed, lon, lat, accuracy, device, ts))
    order = order[_unique(ts[order], device[order])]
    chosen = (values[order] for values in (ts, lat, lon, accuracy, device))
    order = order[_one_device(*chosen, settings)]
    t, lat, lon = ts[order], lat[order], lon[order]
    accuracy = accuracy[order]
    x, y = clean.project(lat, lon) if len(t) else (t, t)
    verdict = clean.judge(t, x, y, accuracy, settings)
    return Track(t, lat, lon, accuracy, speed[order], x, y, verdict)


def _unique(ts: np.ndarray, device: np.ndarray) -> np.ndarray:
    """The first of each second and device: sorted so, the most accurate one."""
    if not len(ts):
        return np.zeros(0, dtype=bool)
    return np.concatenate(([True], (np.diff(ts) != 0) | (np.diff(device) != 0)))


def _one_device(
    ts: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    accuracy: np.ndarray,
    device: np.ndarray,
    settings: Settings,
) -> np.ndarray:
    """Two phones are never interleaved: in each quarter of an hour the better one speaks.

    The one that is better over the day speaks, unless it does not know where it is and another
    does. A silence is filled by another phone only where the first was somewhere else afterwards:
    when it lay still, what a second one at home says is not where the person was.
    """
    ids, index = np.unique(device, return_inverse=True)
    if len(ids) < 2:
        return np.ones(len(ts), dtype=bool)
    window = ((ts - ts[0]) // settings.device_window_s).astype(np.int64)
    count, worth = np.zeros((2, int(window[-1]) + 1, len(ids)))
    np.add.at(count, (window, index), 1.0)
    np.add.at(worth, (window, index), _weight(accuracy, settings))
    order = np.argsort(-worth.sum(axis=0), kind="stable")
    mean = worth / np.maximum(count, 1.0)
    lost = (count[:, order[0]] > 0) & (mean[:, order[0]] < 0.3) & (mean.max(axis=1) >= 0.5)
    chosen = np.where(lost, mean.argmax(axis=1), order[0])
    keep = index == chosen[window]
    for number in order:
        keep |= (index == number) & ~keep & _in_silences(ts, lat, lon, keep, settings)
    return keep


def _weight(accuracy: np.ndarray, settings: Settings) -> np.ndarray:
    """What a fix is worth; not quite nothing, so that a phone that is there counts as there."""
    doubt = np.where(np.isfinite(accuracy), accuracy, settings.anchor_min)
    usable = np.where(doubt <= settings.accuracy_max, 0.5, 0.01)
    return np.where(doubt <= settings.accuracy_good, 1.0, usable)


def _in_silences(
    ts: np.ndarray, lat: np.ndarray, lon: np.ndarray, keep: np.ndarray, settings: Settings
) -> np.ndarray:
    """Which fixes lie in a silence of those kept, at whose end the phone was somewhere else."""
    own = np.flatnonzero(keep)
    if not len(own):
        return np.ones(len(ts), dtype=bool)
    after = np.searchsorted(ts[own], ts)
    inner = (after > 0) & (after < len(own))
    low, high = own[np.maximum(after - 1, 0)], own[np.minimum(after, len(own) - 1)]
    silent = (ts[high] - ts[low] > settings.gap_min_s) & (ts[low] < ts) & (ts[high] > ts)
    north = np.radians(lat[high] - lat[low])
    east = np.radians((lon[high] - lon[low] + 180) % 360 - 180) * np.cos(np.radians(lat[low]))
    moved = clean.EARTH_M * np.hypot(north, east) > settings.gap_reach
    outer = (ts < ts[own[0]]) | (ts > ts[own[-1]])
    return np.where(inner, silent & moved, outer)


def build_day(
    ts: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    accuracy: np.ndarray | None = None,
    speed: np.ndarray | None = None,
    device: np.ndarray | None = None,
    settings: Settings = DEFAULT,
) -> Day:
    """The day that these fixes tell; see :func:`make_track` for the arguments."""
    return day_of_track(make_track(ts, lat, lon, accuracy, speed, device, settings), settings)


def day_of_track(track: Track, settings: Settings = DEFAULT) -> Day:
    """The day of an already judged track (playback needs both and must not judge twice)."""
    good = track.good()
    day = Day(quality=_quality(track, good))
    if not len(good.t):
        return day
    day.first_ts, day.last_ts = int(good.t[0]), int(good.t[-1])
    length = clean.leg_lengths(good.lat, good.lon)
    day.quality.raw_m = float(length.sum())
    spans = find_stays(good.t, good.x, good.y, settings)
    holes = find_gaps(good.t, spans, settings)
    legs = find_trips(good.t, good.x, good.y, spans, holes, settings)
    day.stays = [_stay(span, good, settings) for span in spans]
    day.gaps = [_gap(hole, good, track, length) for hole in holes]
    total = Way(estimated_m=sum(gap.distance_m for gap in day.gaps))
    for leg in legs:
        trip, way = _trip(leg, good, length, settings)
        day.trips.append(trip)
        total.add(way)
    day.distance_m, day.estimated_m = total.total_m, total.estimated_m
    day.doppler_m = total.doppler_m
    return day


def _quality(track: Track, good: Track) -> Quality:
    verdict = track.verdict
    return Quality(
        fixes=len(verdict),
        used=len(good.t),
        coarse=int((verdict == clean.COARSE).sum()),
        spikes=int((verdict > clean.COARSE).sum()),
        interval_s=clean.quantile(np.diff(good.t), 0.5) if len(good.t) > 1 else 0.0,
    )


def _stay(span: Span, good: Track, settings: Settings) -> Stay:
    part = slice(span.first, span.last + 1)
    distance = np.hypot(good.x[part] - span.x, good.y[part] - span.y)
    nearest = span.first + int(distance.argmin())
    lat, lon = _place(span, good, nearest)
    silence = np.append(np.diff(good.t[part]), span.end - good.t[span.last])
    return Stay(
        start=int(span.start),
        end=int(span.end),
        lat=lat,
        lon=lon,
        radius_m=round(max(clean.quantile(distance, 0.9), 10.0), 1),
        fixes=span.last - span.first + 1,
        silent_s=int(silence[silence > settings.gap_min_s].sum()),
    )


def _place(span: Span, good: Track, nearest: int) -> tuple[float, float]:
    """Degrees of the centre, from the nearest fix (exact where the projection is not)."""
    north = np.degrees((span.y - good.y[nearest]) / clean.EARTH_M)
    east = np.degrees((span.x - good.x[nearest]) / clean.EARTH_M)
    lat, lon = good.lat[nearest], good.lon[nearest]
    return round(float(lat + north), 7), round(float(lon + east / np.cos(np.radians(lat))), 7)


def _trip(leg: Leg, good: Track, length: np.ndarray, settings: Settings) -> tuple[Trip, Way]:
    part = slice(leg.first, leg.last + 1)
    way = measure(
        good.t[part],
        good.lat[part],
        good.lon[part],
        length[leg.first : leg.last],
        good.speed[part],
        good.accuracy[part],
        settings,
    )
    trip = Trip(
        int(leg.start),
        int(leg.end),
        *_ends(good, leg.first, leg.last),
        distance_m=round(way.total_m, 1),
        estimated_m=round(way.estimated_m, 1),
        fixes=leg.last - leg.first + 1,
    )
    return trip, way


def _gap(hole: Hole, good: Track, track: Track, length: np.ndarray) -> Gap:
    inside = np.searchsorted(track.t, (hole.start, hole.end))
    return Gap(
        int(hole.start),
        int(hole.end),
        *_ends(good, hole.before, hole.before + 1),
        distance_m=round(float(length[hole.before]), 1),
        unusable=max(int(inside[1] - inside[0]) - 1, 0),
    )


def _ends(good: Track, first: int, last: int) -> tuple[float, float, float, float]:
    values = good.lat[first], good.lon[first], good.lat[last], good.lon[last]
    return tuple(round(float(value), 7) for value in values)
