"""Stays of real tracks: ours against trackintel's, same days, same settings, one core each.

    ./field bench trackintel

trackintel (MIT) is the usual library for this. It is needed here only, so the first run installs it
into an environment of its own in `.local/`. Both get what is already read, and twice the same is
asked: the stays (ours with judging which positions can be believed), and the whole day (theirs:
staypoints, triplegs; ours: stays, gaps, trips and the distance as well). Bars: ten times as fast, and
500,000 positions a second for the whole day.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np

from cli import paths

sys.path.insert(0, str(paths.ADDONS / "field_tracking"))

from tools.day import build_day, make_track
from tools.stays import find_stays

from tests.support import geolife, shared_data

PACKAGE = "trackintel==1.4.2"
HOME = paths.LOCAL / "venv-trackintel"
TIMES_FASTER, LEAST_A_SECOND = 10, 500_000
TURNS = 5
# Runs in the other environment: reads the days, says the least seconds of some turns.
THEIRS = """
import json, sys, time, warnings
import geopandas, numpy, pandas
warnings.simplefilter("ignore")
from trackintel import Positionfixes
with numpy.load(sys.argv[1]) as days:
    parts = [days[name] for name in days.files]
frames = []
for user, (ts, lat, lon) in enumerate(parts):
    frames.append(Positionfixes(geopandas.GeoDataFrame(
        {"user_id": user, "tracked_at": pandas.to_datetime(ts, unit="s", utc=True)},
        geometry=geopandas.points_from_xy(lon, lat), crs=4326)))
found = {"stays_s": [], "day_s": []}
for _turn in range(int(sys.argv[2])):
    stays, stay_s, leg_s = 0, 0.0, 0.0
    for frame in frames:
        began = time.process_time()
        fixes, places = frame.generate_staypoints(
            method="sliding", dist_threshold=100, time_threshold=5, gap_threshold=15,
            include_last=True, exclude_duplicate_pfs=False)
        middle = time.process_time()
        if len(places):
            fixes.generate_triplegs(places)
        stay_s, leg_s = stay_s + middle - began, leg_s + time.process_time() - middle
        stays += len(places)
    found["stays_s"].append(stay_s)
    found["day_s"].append(stay_s + leg_s)
print(json.dumps({"stays": stays, **{name: min(times) for name, times in found.items()}}))
"""


def main():
    days = _days()
    fixes = sum(len(ts) for ts, _lat, _lon in days)
    ours = _ours(days)
    theirs = _theirs(days)
    print(f"{len(days)} days, {fixes:,} positions; ours {ours['stays']} stays,", end=" ")
    print(f"trackintel {theirs['stays']}")
    ratios = []
    for what in ("stays", "day"):
        mine, other = ours[f"{what}_s"], theirs[f"{what}_s"]
        ratios.append(other / mine)
        print(f"{what:>6}: ours {fixes / mine:11,.0f} positions/s, trackintel", end=" ")
        print(f"{fixes / other:9,.0f}: {ratios[-1]:5.1f} times as fast (bar {TIMES_FASTER})")
    return int(min(ratios) < TIMES_FASTER or fixes / ours["day_s"] < LEAST_A_SECOND)


def _days():
    """(seconds, lat, lon) of each person's day in the real tracks."""
    found = {}
    for path in sorted(shared_data.need("geolife").glob("*/Trajectory/*.plt")):
        for fix in geolife.read(path.parts[-3], path.stem):
            key = path.parts[-3], (fix.timestamp + 8 * 3600) // 86400
            found.setdefault(key, {})[fix.timestamp] = fix.lat, fix.lon
    return [
        (np.array(sorted(day)), *np.array([day[ts] for ts in sorted(day)]).T)
        for day in found.values()
    ]


def _ours(days):
    found = {"stays_s": _least(_stays, days), "day_s": _least(build_day, days)}
    return {**found, "stays": sum(len(build_day(*day).stays) for day in days)}


def _stays(ts, lat, lon):
    good = make_track(ts, lat, lon).good()
    return find_stays(good.t, good.x, good.y)


def _least(function, days):
    times = []
    for _turn in range(TURNS):
        began = time.process_time()
        for day in days:
            function(*day)
        times.append(time.process_time() - began)
    return min(times)


def _theirs(days):
    _install()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "days.npz"
        np.savez(path, *[np.array(day) for day in days])
        command = [HOME / "bin" / "python", "-c", THEIRS, path, str(TURNS)]
        done = subprocess.run(command, capture_output=True, text=True, env=_alone(), check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def _alone():
    """One core, and nothing of our own environment."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return env | {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


def _install():
    stamp = HOME / PACKAGE
    if stamp.exists():
        return
    print(f"installing {PACKAGE} for this comparison …", flush=True)
    venv.create(HOME, with_pip=True, clear=True)
    pip = [HOME / "bin" / "python", "-m", "pip", "install", "--quiet", PACKAGE]
    subprocess.run(pip, env=_alone(), check=True)
    stamp.touch()


if __name__ == "__main__":
    sys.exit(main())
