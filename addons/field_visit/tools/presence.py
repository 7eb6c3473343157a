"""Was the person at the customer while he was checked in? The track answers, as far as it goes.

Pure functions on plain values. Times are naive UTC datetimes, distances metres. A visit is
compared with the stays (times spent at one place) and gaps (times without any fix) of the day:

- ``verified``: at the customer for at least half of the visited time that the track knows;
- ``partial``: there, but for less than that ("checked in and left");
- ``contradicted``: not there, although the track knows where the person was instead;
- ``unknown``: no track, the check-in falls into a gap, or the visit was too short to leave a stay.

The order of stays and gaps, and saying the same one twice, make no difference.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo.addons.field_base.tools.geo import haversine_m

# A stay's centre is as exact as the stay is small; city streets cost some 50 m at best.
TOLERANCE_MIN_M = 50.0
TOLERANCE_MAX_M = 150.0
# Shorter than this a visit may leave no stay in the track (stays begin at five minutes).
STAY_CERTAIN = timedelta(minutes=10)
VERIFIED_SHARE = 0.5


@dataclass(frozen=True)
class Presence:
    """What the track says: state, the bounds of the time there, minutes of overlap, the stay."""

    state: str = "unknown"
    start: datetime | None = None
    end: datetime | None = None
    minutes: float = 0.0
    ref: str | None = None


def judge(start, end, lat, lng, radius_m, stays, gaps, end_is_known=True):
    """Compare one visit with the track of its day.

    :param datetime start: check-in
    :param datetime end: check-out, or the end of the day while there is none
    :param float lat: of the customer, WGS-84; so is ``lng``
    :param float radius_m: of the customer's fence
    :param stays: dicts of start, end, lat, lng, radius (m), ref
    :param gaps: dicts of start, end
    :param bool end_is_known: False when the end was assumed, not told: then any time spent there
        from the check-in on confirms the visit
    :returns: :class:`Presence`
    """
    if not stays and not gaps:
        return Presence()
    gaps = [*gaps, *_beyond(stays, gaps, start, end)]
    near = [stay for stay in stays if _is_near(stay, lat, lng, radius_m)]
    touching = [stay for stay in near if _touches(stay, start, end)]
    if touching:
        return _present(touching, start, end, gaps, end_is_known)
    far = [stay for stay in stays if not _is_near(stay, lat, lng, radius_m)]
    if any(gap["start"] <= start < gap["end"] for gap in gaps):
        return Presence()
    if _is_elsewhere(start, end, far, gaps, end_is_known):
        return Presence(state="contradicted")
    return Presence()


def _beyond(stays, gaps, start, end):
    """Before the first and after the last thing the track knows, it knows nothing."""
    first = min(span["start"] for span in (*stays, *gaps))
    last = max(span["end"] for span in (*stays, *gaps))
    return [{"start": start, "end": first}, {"start": last, "end": end}]


def _is_near(stay, lat, lng, radius_m):
    tolerance = min(max(stay.get("radius") or 0.0, TOLERANCE_MIN_M), TOLERANCE_MAX_M)
    return haversine_m(lat, lng, stay["lat"], stay["lng"]) <= radius_m + tolerance


def _touches(span, start, end):
    """Some time in common, or the very moment of a visit that lasted none."""
    return span["start"] <= start < span["end"] or (start < span["end"] and span["start"] < end)


def _present(touching, start, end, gaps, end_is_known):
    there = _clip(touching, start, end)
    overlap = _total(there)
    known = (end - start) - _total(_outside(_clip(gaps, start, end), there))
    enough = not end_is_known or overlap >= VERIFIED_SHARE * known
    longest = min(
        touching,
        key=lambda s: (max(s["start"], start) - min(s["end"], end), s["start"], str(s["ref"])),
    )
    return Presence(
        state="verified" if enough else "partial",
        start=min(stay["start"] for stay in touching),
        end=max(stay["end"] for stay in touching),
        minutes=overlap.total_seconds() / 60,
        ref=longest["ref"],
    )


def _is_elsewhere(start, end, far, gaps, end_is_known):
    """The track shows a stay at another place, or a way long enough to rule a visit out."""
    if any(stay["start"] <= start < stay["end"] for stay in far):
        return True
    if not end_is_known:
        return False
    if _clip(far, start, end):
        return True
    return (end - start) - _total(_clip(gaps, start, end)) >= STAY_CERTAIN


def _clip(spans, start, end):
    """The spans' parts within [start, end], merged, in order."""
    parts = sorted(
        (max(span["start"], start), min(span["end"], end))
        for span in spans
        if span["start"] < end and span["end"] > start
    )
    merged = []
    for first, last in parts:
        if first >= last:
            continue
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _outside(gaps, there):
    """The gaps' parts outside the time that is known to be spent there."""
    rest = []
    for first, last in gaps:
        cursor = first
        for begin, stop in there:
            if stop <= cursor or begin >= last:
                continue
            if begin > cursor:
                rest.append((cursor, begin))
            cursor = max(cursor, stop)
        if cursor < last:
            rest.append((cursor, last))
    return rest


def _total(parts):
    """Length of disjoint parts."""
    return sum((last - first for first, last in parts), timedelta())
