"""Real tracks and drives for tests; they lie beside the repository and never in it."""

import csv
import os
from datetime import datetime, timezone
from pathlib import Path
from unittest import SkipTest

import numpy as np

MILE_M = 1609.344


def data_folder():
    """FIELD_SHARED_DATA, or ``shared/data`` beside any folder above this file.

    :raises SkipTest: loudly, when there is none
    """
    named = os.environ.get("FIELD_SHARED_DATA")
    for folder in (
        [Path(named)] if named else [p / "shared/data" for p in Path(__file__).resolve().parents]
    ):
        if folder.is_dir():
            return folder
    raise SkipTest("NO REAL DATA: set FIELD_SHARED_DATA to the folder with geolife and drives")


def geolife_files():
    """All trajectories, sorted."""
    return sorted(data_folder().glob("geolife/*/Trajectory/*.plt"))


def read_plt(path):
    """(ts, lat, lon) arrays of one GeoLife file."""
    ts, lat, lon = [], [], []
    for line in Path(path).read_text().splitlines()[6:]:
        cells = line.split(",")
        moment = datetime.fromisoformat(f"{cells[5]}T{cells[6].strip()}")
        ts.append(moment.replace(tzinfo=timezone.utc).timestamp())
        lat.append(float(cells[0]))
        lon.append(float(cells[1]))
    return np.array(ts), np.array(lat), np.array(lon)


def geolife(user, name):
    return read_plt(data_folder() / "geolife" / user / "Trajectory" / f"{name}.plt")


def drives():
    """``{name: dict(ts, lat, lon, speed, course, truth_m)}`` of the 14 real drives."""
    rows = {}
    with (data_folder() / "drives" / "drives.csv").open() as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["drive"].removesuffix(".0"), []).append(row)
    return {name: _drive(part) for name, part in rows.items()}


def _drive(rows):
    def column(name):
        return np.array([float(row[name] or "nan") for row in rows])

    return {
        "ts": column("time_utc"),
        "lat": column("gps_lat"),
        "lon": column("gps_long"),
        "speed": column("speed_mph") * MILE_M / 3600,
        "course": column("gps_heading_raw") % 360,
        "truth_m": float(np.nansum(column("distance_miles"))) * MILE_M,
    }
