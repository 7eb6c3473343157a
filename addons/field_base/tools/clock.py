"""How far the server's clock is ahead of a device's, from what a device says when it sends.

A sample is ``server time - sent_at - half the last round trip``. The way through the network only
ever makes it larger, so of samples that agree the smallest is nearest to the truth. Samples that do
not agree mean that somebody has set the clock: only those from then on count.

What was captured before the clock was set had the error of before. A phone also says how long its
app had been running (``mono_ms`` of a ``run``), which nobody can set: between two moments of one
run both clocks have gone on by the same, unless the wall clock was set or the phone slept.
"""

from itertools import pairwise
from typing import NamedTuple

KEPT = 8
JUMP_MS = 120_000
MAX_OFFSET_MS = 2**31 - 1
MAX_RTT_MS = 60_000


class Moment(NamedTuple):
    """When something happened, by both clocks of a phone (milliseconds)."""

    wall_ms: float
    run: str | None
    mono_ms: float


def add_sample(samples, offset_ms, rtt_ms=None):
    """The samples with a new one, oldest first, and whether the clock was set in between.

    :param list samples: offsets in ms, as returned by the call before
    :param int offset_ms: server time minus the device's ``sent_at``
    :param rtt_ms: duration of the device's exchange before, if it measured it
    :returns: ``(samples, jumped)``
    """
    if (
        isinstance(rtt_ms, int | float)
        and not isinstance(rtt_ms, bool)
        and 0 < rtt_ms <= MAX_RTT_MS
    ):
        offset_ms -= rtt_ms / 2
    offset_ms = max(-MAX_OFFSET_MS, min(MAX_OFFSET_MS, round(offset_ms)))
    jumped = bool(samples) and abs(offset_ms - samples[-1]) > JUMP_MS
    return ([] if jumped else samples[1 - KEPT :]) + [offset_ms], jumped


def count_before_set(moments, set_by_ms):
    """How many of the moments lie before the clock was set.

    The gap in which the wall clock went on by as much more than the steady one as it was set by is
    where it happened. Across a restart of the app the steady clock says nothing; a wall clock that
    went backwards says enough.

    :param list moments: :class:`Moment`, oldest first; the last one is that of sending
    :param set_by_ms: by how much the clock was set forward since the contact before
    :returns: 0 when no gap fits
    """
    found, least = 0, JUMP_MS
    for number, (one, two) in enumerate(pairwise(moments), start=1):
        if one.run and one.run == two.run:
            extra = (two.wall_ms - one.wall_ms) - (two.mono_ms - one.mono_ms)
            miss = abs(extra - set_by_ms)
        elif set_by_ms < 0 and two.wall_ms < one.wall_ms:
            miss = JUMP_MS - 1  # any gap that fits is better
        else:
            continue
        if miss < least:
            found, least = number, miss
    return found


def estimate(samples):
    """The best estimate of the offset in ms; 0 without samples."""
    return min(samples, default=0)
