"""What in a day's raw positions looks made up, as questions to ask and never as verdicts.

Each rule is one function from columns of numpy arrays to hits. A single odd value is noise of an
honest phone; every rule therefore asks for a pattern that noise does not make, and says in its
evidence what was seen. The numbers come from published audits and from what mock-location apps
write into their fixes; they are defaults, a policy sets its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .clean import GOOD, judge, leg_lengths, project

SPEED_MAX = 55.0
#: What a hit keeps of the fixes it was seen in, at most.
EVIDENCE_FIXES = 12
#: Steps as even as arithmetic makes them; the loggers of honest train rides come near half a metre.
OFF_LINE_M = 0.2
EVEN_M = 0.3
RULED_M = 1000
#: Faster than anybody runs.
DRIVEN_M_S = 6.0
#: A leg over a silence this long says nothing about speed.
LONG_GAP_S = 1800.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing seen: from when to when (seconds since 1970), how much of it, and what."""

    start: int
    end: int
    value: float
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fixes:
    """Raw positions of one person's day, sorted by time; NaN is what a phone did not know.

    ``source`` are small numbers, one per kind of sender; ``received`` seconds since 1970;
    ``wifi`` is 1 on Wi-Fi, 0 on mobile data or offline.
    """

    t: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    accuracy: np.ndarray
    altitude: np.ndarray
    speed: np.ndarray
    course: np.ndarray
    battery: np.ndarray
    charging: np.ndarray
    mock: np.ndarray
    received: np.ndarray
    device: np.ndarray
    source: np.ndarray
    ping: np.ndarray
    wifi: np.ndarray

    def __len__(self) -> int:
        return len(self.t)

    def take(self, index: np.ndarray) -> "Fixes":
        return Fixes(*(getattr(self, name)[index] for name in self.__slots__))

    def per_device(self) -> list["Fixes"]:
        return [self.take(np.flatnonzero(self.device == d)) for d in np.unique(self.device)]

    def xy(self) -> tuple[np.ndarray, np.ndarray]:
        return project(self.lat, self.lon)


def make_fixes(t, lat, lon, **columns) -> Fixes:
    """Columns that are not given are unknown; sorts by time."""
    t = np.asarray(t, dtype=float)
    order = np.argsort(t, kind="stable")
    values = {"t": t, "lat": np.asarray(lat, dtype=float), "lon": np.asarray(lon, dtype=float)}
    for name in Fixes.__slots__[3:]:
        given = columns.get(name)
        if given is None:
            default = {"received": t, "device": 0, "source": 0, "ping": 0, "mock": 0}
            given = default.get(name, np.nan)
        values[name] = np.broadcast_to(np.asarray(given, dtype=float), t.shape)
    return Fixes(**{name: value[order] for name, value in values.items()})


# --- helpers ------------------------------------------------------------------------------------


def _runs(same: np.ndarray) -> list[tuple[int, int]]:
    """``(first, last)`` fix of every stretch in which each leg is ``same``."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], same.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _equal(values: np.ndarray) -> np.ndarray:
    return values[1:] == values[:-1]


def _hit(fixes: Fixes, first: int, last: int, value: float, **facts) -> Hit:
    some = np.unique(np.linspace(first, last, min(last - first + 1, EVIDENCE_FIXES)).astype(int))
    sample = [
        [int(fixes.t[i]), round(float(fixes.lat[i]), 6), round(float(fixes.lon[i]), 6)]
        for i in some
    ]
    return Hit(
        int(fixes.t[first]), int(fixes.t[last]), round(float(value), 2), {**facts, "fixes": sample}
    )


def _moved(fixes: Fixes, first: int, last: int) -> float:
    """Metres along the fixes from first to last."""
    part = slice(first, last + 1)
    return float(leg_lengths(fixes.lat[part], fixes.lon[part]).sum())


# --- rules --------------------------------------------------------------------------------------


def mock(fixes: Fixes, threshold: float) -> list[Hit]:
    """The phone itself says that an app gave it the position; so many fixes or more."""
    marked = np.flatnonzero(fixes.mock == 1)
    if len(marked) < max(threshold, 1):
        return []
    return [_hit(fixes, int(marked[0]), int(marked[-1]), len(marked), count=len(marked))]


def frozen(fixes: Fixes, threshold: float) -> list[Hit]:
    """Accuracy and altitude stay the same to the last digit while the person moves.

    Without an altitude, speed and course have to be frozen as well.
    """
    hits = []
    for one in fixes.per_device():
        altitude = _equal(one.altitude) | (np.isnan(one.altitude[1:]) & _still_figures(one))
        for first, last in _runs(_equal(one.accuracy) & altitude):
            count, seconds = last - first + 1, one.t[last] - one.t[first]
            if count < threshold or seconds < 300:
                continue
            metres = _moved(one, first, last)
            if metres > max(200.0, 2 * one.accuracy[first]):
                facts = {"accuracy": float(one.accuracy[first]), "metres": round(metres)}
                hits.append(_hit(one, first, last, count, count=count, **facts))
    return hits


def _still_figures(one: Fixes) -> np.ndarray:
    return _equal(one.speed) & (one.speed[1:] > 0) & (_equal(one.course) | np.isnan(one.course[1:]))


def pinned(fixes: Fixes, threshold: float) -> list[Hit]:
    """The same coordinates to six decimals, fix after fix, though no heartbeat repeats them."""
    hits = []
    for one in fixes.per_device():
        one = one.take(np.flatnonzero(one.ping == 0))
        same = _equal(np.round(one.lat, 6)) & _equal(np.round(one.lon, 6))
        for first, last in _runs(same):
            if last - first + 1 >= threshold and one.t[last] - one.t[first] >= 1200:
                hits.append(_hit(one, first, last, last - first + 1, count=last - first + 1))
    return hits


def ruled(fixes: Fixes, threshold: float) -> list[Hit]:
    """Moving fixes on a line drawn with a ruler, in equal steps: no receiver is that quiet."""
    width = max(int(threshold), 5)
    hits = []
    for one in fixes.per_device():
        if len(one) < width:
            continue
        x, y = one.xy()
        dt = np.diff(one.t)
        step = np.hypot(np.diff(x), np.diff(y))
        pace = step / np.maximum(dt, 1e-9)
        regular = (dt >= 1) & (dt <= 30) & (pace > 1.0)
        bend = np.zeros(len(step), dtype=bool)
        if len(step) > 1:
            cross = _off_line(x, y)
            bend[1:] = (cross < OFF_LINE_M) & (np.abs(np.diff(step)) < EVEN_M)
        for first, last in _runs(regular[1:] & regular[:-1] & bend[1:]):
            last += 1  # a bend looks at three fixes
            long = _moved(one, first, last)
            if last - first + 1 >= width and long > RULED_M:
                hits.append(
                    _hit(
                        one,
                        first,
                        last,
                        last - first + 1,
                        count=last - first + 1,
                        metres=round(long),
                    )
                )
    return hits


def _off_line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Metres between each inner fix and the middle between its neighbours, across the way."""
    bx, by = x[2:] - x[:-2], y[2:] - y[:-2]
    ax, ay = x[1:-1] - x[:-2], y[1:-1] - y[:-2]
    return np.abs(ax * by - ay * bx) / np.maximum(np.hypot(bx, by), 1e-9)


def teleport(fixes: Fixes, threshold: float) -> list[Hit]:
    """From one place to another faster than any car, and slow before and after.

    Threshold in metres. A train or an aeroplane is fast for many fixes on end, a stray fix comes
    back: neither is a hit.
    """
    hits = []
    for one in fixes.per_device():
        x, y = one.xy() if len(one) else (one.lat, one.lon)
        kept = one.take(np.flatnonzero(judge(one.t, x, y, one.accuracy) == GOOD))
        if len(kept) < 6:
            continue
        length, dt = leg_lengths(kept.lat, kept.lon), np.diff(kept.t)
        fast = (length > SPEED_MAX * np.maximum(dt, 1.0)) & (dt <= LONG_GAP_S)
        for leg in np.flatnonzero(fast & (length >= threshold)):
            if _is_settled(kept, fast, length, int(leg)):
                kmh = length[leg] / max(dt[leg], 1.0) * 3.6
                facts = {"metres": round(float(length[leg])), "kmh": round(float(kmh))}
                hits.append(_hit(kept, int(leg), int(leg) + 1, length[leg], **facts))
    return hits


def _is_settled(one: Fixes, fast: np.ndarray, length: np.ndarray, leg: int) -> bool:
    """At both ends of the leap the person was about for a while: three fixes, two minutes, and no
    way of the same length back soon after."""
    before = (one.t >= one.t[leg] - 900) & (one.t <= one.t[leg])
    after = (one.t >= one.t[leg + 1]) & (one.t <= one.t[leg + 1] + 900)
    for side in (np.flatnonzero(before), np.flatnonzero(after)):
        if len(side) < 4 or one.t[side[-1]] - one.t[side[0]] < 120:
            return False
        if fast[side[0] : side[-1]].any():
            return False
        if length[side[0] : side[-1]].max() > length[leg] / 4:
            return False
    return True


def speed(fixes: Fixes, threshold: float) -> list[Hit]:
    """The speed a fix reports does not fit the way: it says zero above 5 m/s, or is out by a
    factor of three, so many fixes on end."""
    hits = []
    for one in fixes.per_device():
        length, dt = leg_lengths(one.lat, one.lon), np.diff(one.t)
        good = np.nan_to_num(one.accuracy, nan=30.0) <= 50
        usable = (dt >= 2) & (dt <= 60) & good[1:] & good[:-1] & (length > 60)
        real = length / np.maximum(dt, 1.0)
        low = np.fmin(one.speed[1:], one.speed[:-1])
        high = np.fmax(one.speed[1:], one.speed[:-1])
        known = ~np.isnan(one.speed[1:]) & ~np.isnan(one.speed[:-1])
        zero = (high == 0) & (real > 5)
        wrong = (high > 0) & ((real > 3 * high) | (low > 3 * real)) & (np.fmax(real, low) > 5)
        for first, last in _runs(usable & known & (zero | wrong) & (real < SPEED_MAX)):
            if last - first >= threshold:
                part = slice(first, last)
                facts = {
                    "reported_kmh": round(float(np.mean(one.speed[first : last + 1])) * 3.6),
                    "real_kmh": round(float(np.median(real[part])) * 3.6),
                }
                hits.append(_hit(one, first, last, last - first, count=last - first, **facts))
    return hits


def future(fixes: Fixes, threshold: float) -> list[Hit]:
    """Fixes from later than they came in; threshold in minutes."""
    ahead = fixes.t - fixes.received
    late = np.flatnonzero(ahead > threshold * 60)
    if len(late) < 3:
        return []
    minutes = round(float(ahead[late].max()) / 60)
    return [_hit(fixes, int(late[0]), int(late[-1]), minutes, count=len(late), minutes=minutes)]


def backdated(fixes: Fixes, threshold: float) -> list[Hit]:
    """Fixes came in late although the phone was in contact all the while; threshold in minutes.

    Senders keep a queue, oldest first. A fix that is older than others of the same phone which
    came in before it was made later than it says: the clock was set back, or it was written by
    hand.
    """
    hits = []
    for one in fixes.per_device():
        order = np.lexsort((one.t, one.received))
        came = one.take(order)
        newest = np.maximum.accumulate(np.where(came.received - came.t < 120, came.t, -np.inf))
        newest = np.concatenate(([-np.inf], newest[:-1]))
        before = np.concatenate(([-np.inf], came.received[:-1]))
        back = (newest - came.t > threshold * 60) & (came.received > before - 1)
        found = np.flatnonzero(back & (came.received - came.t > threshold * 60))
        if len(found) >= 5:
            minutes = round(float((newest[found] - came.t[found]).max()) / 60)
            part = came.take(found[np.argsort(came.t[found])])
            facts = {"count": len(found), "minutes": minutes}
            hits.append(_hit(part, 0, len(part) - 1, minutes, **facts))
    return hits


def two_phones(fixes: Fixes, threshold: float) -> list[Hit]:
    """One device is at two places in turn: its token is on two phones, or an app and the phone
    speak at once. So many leaps there and back."""
    hits = []
    for one in fixes.per_device():
        length, dt = leg_lengths(one.lat, one.lon), np.diff(one.t)
        good = np.nan_to_num(one.accuracy, nan=30.0) <= 100
        leap = (length > SPEED_MAX * np.maximum(dt, 1.0)) & (length > 1000) & good[1:] & good[:-1]
        legs = np.flatnonzero(leap)
        if len(legs) < 2 * threshold:
            continue
        across = leg_lengths_between(one, legs[:-1], legs[1:] + 1)
        back = across < 0.3 * length[legs[1:]]
        if back.sum() >= 2 * threshold - 1:
            metres = round(float(np.median(length[legs])))
            facts = {"count": len(legs), "metres": metres}
            hits.append(_hit(one, int(legs[0]), int(legs[-1]) + 1, len(legs), **facts))
    return hits


def leg_lengths_between(one: Fixes, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Metres between pairs of fixes."""
    pairs = np.stack([first, second], axis=1).ravel()
    return leg_lengths(one.lat[pairs], one.lon[pairs])[::2]


def apart(fixes: Fixes, threshold: float) -> list[Hit]:
    """Two devices of one person are more than a kilometre apart at the same time, both of them
    moving during the day; threshold in minutes. A phone left at home does not move."""
    parts = [part for part in fixes.per_device() if len(part) > 5 and _roams(part)]
    hits = []
    for number, one in enumerate(parts):
        for other in parts[number + 1 :]:
            nearest = np.clip(np.searchsorted(other.t, one.t), 1, len(other) - 1)
            left = one.t - other.t[nearest - 1] < other.t[nearest] - one.t
            nearest = nearest - left
            near = np.abs(other.t[nearest] - one.t) <= 120
            mixed = np.stack([np.arange(len(one)), nearest], axis=1)
            metres = _between(one, other, mixed)
            for first, last in _runs(
                near[1:] & near[:-1] & (metres > 1000)[1:] & (metres > 1000)[:-1]
            ):
                minutes = (one.t[last] - one.t[first]) / 60
                if minutes >= threshold:
                    facts = {
                        "metres": round(float(metres[first : last + 1].max())),
                        "minutes": round(minutes),
                    }
                    hits.append(_hit(one, first, last, minutes, **facts))
    return hits


def _roams(one: Fixes) -> bool:
    x, y = one.xy()
    return bool(np.hypot(x - np.median(x), y - np.median(y)).max() > 1000)


def _between(one: Fixes, other: Fixes, pairs: np.ndarray) -> np.ndarray:
    lat = np.stack([one.lat[pairs[:, 0]], other.lat[pairs[:, 1]]], axis=1).ravel()
    lon = np.stack([one.lon[pairs[:, 0]], other.lon[pairs[:, 1]]], axis=1).ravel()
    return leg_lengths(lat, lon)[::2]


def senders(fixes: Fixes, threshold: float) -> list[Hit]:
    """One device speaks as two kinds of app in turn; so many changes."""
    hits = []
    for one in fixes.per_device():
        changes = np.flatnonzero(np.diff(one.source) != 0)
        if len(changes) >= threshold:
            facts = {"count": len(changes)}
            hits.append(_hit(one, int(changes[0]), int(changes[-1]) + 1, len(changes), **facts))
    return hits


def battery(fixes: Fixes, threshold: float) -> list[Hit]:
    """A battery that for so many hours stays full or only fills, without being charged."""
    hits = []
    for one in fixes.per_device():
        known = one.take(np.flatnonzero(~np.isnan(one.battery)))
        if len(known) < 30 or known.t[-1] - known.t[0] < threshold * 3600:
            continue
        if (np.diff(known.battery) >= 0).all() and not (known.charging == 1).any():
            hours = (known.t[-1] - known.t[0]) / 3600
            facts = {
                "from": round(float(known.battery[0]) * 100),
                "to": round(float(known.battery[-1]) * 100),
            }
            hits.append(_hit(known, 0, len(known) - 1, hours, **facts))
    return hits


def plain_values(fixes: Fixes, threshold: float) -> list[Hit]:
    """All day round figures: altitude zero, one accuracy for all, or coordinates of four decimals.
    So many fixes of a phone on the move."""
    hits = []
    for one in fixes.per_device():
        if len(one) < threshold or not _roams(one):
            continue
        signs = []
        if (one.altitude == 0).all():
            signs.append("altitude")
        if len(np.unique(one.accuracy)) == 1 and not np.isnan(one.accuracy[0]):
            signs.append("accuracy")
        if (np.abs(np.round(one.lat, 4) - one.lat) < 1e-9).all() and (
            np.abs(np.round(one.lon, 4) - one.lon) < 1e-9
        ).all():
            signs.append("coordinates")
        if signs:
            hits.append(_hit(one, 0, len(one) - 1, len(one), count=len(one), signs=signs))
    return hits


def wifi(fixes: Fixes, threshold: float) -> list[Hit]:
    """So many metres at the speed of a car, and on Wi-Fi at every position of the way."""
    hits = []
    for one in fixes.per_device():
        known = one.take(np.flatnonzero(~np.isnan(one.wifi)))
        if len(known) < 10:
            continue
        length = leg_lengths(known.lat, known.lon)
        step = np.diff(known.t)
        driven = (length > DRIVEN_M_S * step) & (length <= SPEED_MAX * step)
        on = (known.wifi[1:] == 1) & (known.wifi[:-1] == 1) & (step <= LONG_GAP_S)
        for first, last in _runs(on):
            metres = float(length[first:last][driven[first:last]].sum())
            if metres >= threshold:
                hits.append(_hit(known, first, last, metres, km=round(metres / 1000)))
    return hits


#: The rules that need nothing but the day itself.
DAY_RULES: dict[str, Callable[[Fixes, float], list[Hit]]] = {
    "mock": mock,
    "frozen": frozen,
    "pinned": pinned,
    "ruled": ruled,
    "teleport": teleport,
    "speed": speed,
    "future": future,
    "backdated": backdated,
    "two_phones": two_phones,
    "apart": apart,
    "senders": senders,
    "battery": battery,
    "plain_values": plain_values,
    "wifi": wifi,
}


def find(fixes: Fixes, thresholds: dict[str, float]) -> dict[str, list[Hit]]:
    """All hits of the rules that are on, longest first.

    :param thresholds: ``{code: threshold}`` of the rules that are on
    """
    if len(fixes) < 2:
        return {}
    found = {
        code: DAY_RULES[code](fixes, value)
        for code, value in thresholds.items()
        if code in DAY_RULES
    }
    return {
        code: sorted(hits, key=lambda hit: (-hit.value, hit.start))
        for code, hits in found.items()
        if hits
    }
