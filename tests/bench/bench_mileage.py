"""Mileage of 14 real drives against their true distance, and speed of the day algorithm.

    ./field bench mileage        or        python tests/bench/bench_mileage.py

The truth is the integral of the receiver's Doppler speed. It knows nothing about the silences of
some drives (44 to 74 s), so ratios compare the *measured* part with it; the last columns compare the
whole distance with truth plus straight lines across silences.
"""

import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "addons" / "field_tracking")]

from tools.clean import leg_lengths  # noqa: E402
from tools.day import build_day  # noqa: E402

from tests.support import drives, geolife, shared_data  # noqa: E402

BAR = 0.03


def arrays(drive):
    """(ts, lat, lon, speed, bearing) of a drive."""
    rows = [(f.timestamp, f.lat, f.lon, f.speed, f.bearing) for f in drive.fixes]
    return [np.array(column, dtype=float) for column in zip(*rows, strict=True)]


def thinned(ts, lat, lon, speed, bearing):
    """What Traccar Client would have sent: after 75 m, 30 degrees or 300 s, and the last fix."""
    kept = [0]
    for n in range(1, len(ts)):
        last = kept[-1]
        moved = leg_lengths(lat[[last, n]], lon[[last, n]])[0]
        turned = abs((bearing[n] - bearing[last] + 180) % 360 - 180)
        if moved >= 75 or ts[n] - ts[last] >= 300 or (turned >= 30 and speed[n] > 1):
            kept.append(n)
    if kept[-1] != len(ts) - 1:
        kept.append(len(ts) - 1)
    return [column[kept] for column in (ts, lat, lon, speed, bearing)]


def mileage():
    """Print the table; returns how many ratios of the 1 Hz column with speed miss the bar."""
    head = (
        "drive",
        "fixes",
        "true m",
        "1 Hz",
        "no speed",
        "thin",
        "thin, no speed",
        "whole",
        "sent",
    )
    print("{:>6} {:>6} {:>8} {:>8} {:>9} {:>8} {:>14} {:>8} {:>5}".format(*head))
    missed = 0
    for drive in drives.read():
        full = arrays(drive)
        few = thinned(*full)
        day = build_day(*full[:3], speed=full[3])
        # thinned to 75 m, silences cannot be told from the usual rhythm: whole against whole
        whole = drive.measured_m + drive.unseen_m
        ratios = (
            day.measured_m / drive.measured_m,
            build_day(*full[:3]).measured_m / drive.measured_m,
            build_day(*few[:3], speed=few[3]).distance_m / whole,
            build_day(*few[:3]).distance_m / whole,
            day.distance_m / whole,
        )
        missed += abs(ratios[0] - 1) > BAR
        print(
            "{:>6} {:>6} {:>8.0f} {:>8.4f} {:>9.4f} {:>8.4f} {:>14.4f} {:>8.4f} {:>5}".format(
                drive.name, len(full[0]), drive.measured_m, *ratios, len(few[0])
            )
        )
    return missed


def speed():
    """Positions per second and core: real days, and a day of one fix a second."""
    files = sorted(Path(shared_data.need("geolife")).glob("*/Trajectory/*.plt"))
    days = []
    for path in files:
        fixes = geolife.read(path.parts[-3], path.stem)
        days.append(
            [
                np.array(c, dtype=float)
                for c in zip(*((f.timestamp, f.lat, f.lon) for f in fixes), strict=True)
            ]
        )
    report("GeoLife, 111 trajectories as they are", days)
    people = {}
    for path, day in zip(files, days, strict=True):
        people.setdefault(path.parts[-3], []).append(day)
    joined = [[np.concatenate(c) for c in zip(*parts, strict=True)] for parts in people.values()]
    report("GeoLife, 11 people in one go", joined)
    dense = arrays(max(drives.read(), key=lambda one: len(one.fixes)))
    report("longest drive, 1 Hz with speed", [[*dense[:3], None, dense[3]]] * 20)


def report(title, days):
    started = time.process_time()
    for day in days:
        build_day(*day)
    seconds = time.process_time() - started
    count = sum(len(day[0]) for day in days)
    print(
        f"{title}: {count / seconds:,.0f} positions/s/core, {1000 * seconds / len(days):.1f} ms a day"
    )


if __name__ == "__main__":
    outside = mileage()
    print(f"{outside} of 14 drives outside {BAR:.0%} at 1 Hz with speed\n")
    speed()
    sys.exit(bool(outside))
