"""The algorithms on real tracks. Skipped, with its reason, where the data is not there."""

import itertools
import json

import numpy as np

from odoo.tests import BaseCase

from . import shared_data
from odoo.addons.field_tracking.tools import clean
from odoo.addons.field_tracking.tools.day import build_day
from odoo.addons.field_tracking.tools.parse import KNOT, parse


class TestDrives(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drives = shared_data.drives()

    def day(self, drive, speed=True):
        names = ("ts", "lat", "lon", "speed") if speed else ("ts", "lat", "lon")
        return build_day(**{name: drive[name] for name in names})

    def test_all_drives_are_there(self):
        self.assertEqual(len(self.drives), 14)

    def test_measured_distance_within_3_percent_of_the_truth(self):
        """The truth knows nothing about silences, so their straight lines are left out here."""
        for name, drive in self.drives.items():
            with self.subTest(drive=name):
                ratio = self.day(drive).measured_m / drive["truth_m"]
                self.assertAlmostEqual(ratio, 1, delta=0.03)

    def test_whole_distance_within_3_percent_of_truth_and_silences(self):
        for name, drive in self.drives.items():
            silent = np.diff(drive["ts"]) > 3
            unseen = clean.leg_lengths(drive["lat"], drive["lon"])[silent].sum()
            with self.subTest(drive=name):
                ratio = self.day(drive).distance_m / (drive["truth_m"] + unseen)
                self.assertAlmostEqual(ratio, 1, delta=0.03)

    def test_without_speed_within_3_and_a_half_percent(self):
        for name, drive in self.drives.items():
            with self.subTest(drive=name):
                ratio = self.day(drive, speed=False).measured_m / drive["truth_m"]
                self.assertAlmostEqual(ratio, 1, delta=0.035)

    def test_thinned_as_the_app_does_it(self):
        """75 m or 300 s: each drive within 3 percent, all of them together within half of one."""
        found, truth = [], []
        for name, drive in self.drives.items():
            few = thinned(drive)
            silent = np.diff(drive["ts"]) > 3
            unseen = clean.leg_lengths(drive["lat"], drive["lon"])[silent].sum()
            truth.append(drive["truth_m"] + unseen)
            found.append(build_day(**few).distance_m)
            with self.subTest(drive=name, kept=len(few["ts"])):
                self.assertAlmostEqual(found[-1] / truth[-1], 1, delta=0.03)
        self.assertAlmostEqual(sum(found) / sum(truth), 1, delta=0.005)


def thinned(drive):
    """What Traccar Client would have sent: after 75 m, 30 degrees or 300 s, and the last fix."""
    ts, lat, lon = drive["ts"], drive["lat"], drive["lon"]
    course = drive["course"]
    kept = [0]
    for n in range(1, len(ts)):
        last = kept[-1]
        far = clean.leg_lengths(lat[[last, n]], lon[[last, n]])[0]
        turned = abs((course[n] - course[last] + 180) % 360 - 180)
        turns = turned >= 30 and drive["speed"][n] > 1
        if far >= 75 or turns or ts[n] - ts[last] >= 300 or n == len(ts) - 1:
            kept.append(n)
    return {name: drive[name][kept] for name in ("ts", "lat", "lon", "speed")}


class TestFormats(BaseCase):
    """The same fixes through the three formats: knots with two decimals against m/s."""

    RECEIVED = 1_795_300_000.0

    def parsed_day(self, bodies):
        fixes = [
            fix
            for kind, query, body in bodies
            for fix in parse(kind, query, body, self.RECEIVED).fixes
        ]
        columns = {
            name: np.array(
                [np.nan if getattr(fix, name) is None else getattr(fix, name) for fix in fixes]
            )
            for name in ("ts", "lat", "lon", "accuracy", "speed")
        }
        return build_day(**columns)

    def three_days(self, ts, lat, lon, speed=None):
        ts = (ts - ts[0] + 1_795_219_200).astype(int)
        speed = [None] * len(ts) if speed is None else speed
        rows = list(zip(ts.tolist(), lat.tolist(), lon.tolist(), speed, strict=True))
        return [
            self.parsed_day([make(*row) for row in rows]) for make in (self.v8, self.v9, self.v10)
        ]

    def v8(self, ts, lat, lon, speed):
        knots = (speed or 0.0) / KNOT
        return (
            "",
            f"id=1&timestamp={ts}&lat={lat}&lon={lon}&speed={knots}&accuracy=0.0&batt=93.0",
            b"",
        )

    def v9(self, ts, lat, lon, speed):
        moment = str(np.datetime64(ts, "s")) + ".000Z"
        coords = {
            "latitude": lat,
            "longitude": lon,
            "accuracy": 0,
            "speed": -1 if speed is None else speed,
        }
        return (
            "application/json",
            "",
            json.dumps({"location": {"timestamp": moment, "coords": coords}}).encode(),
        )

    def v10(self, ts, lat, lon, speed):
        text = f"id=1&lat={lat:.7f}&lon={lon:.7f}&timestamp={ts}"
        text += "" if speed is None else f"&speed={speed / KNOT:.2f}"
        return "application/x-www-form-urlencoded", "", text.encode()

    def assertSame(self, days):
        first = days[0]
        for day in days[1:]:
            self.assertEqual(day.stays, first.stays)
            self.assertEqual(day.gaps, first.gaps)
            self.assertEqual(len(day.trips), len(first.trips))
            self.assertAlmostEqual(day.distance_m, first.distance_m, delta=0.005 * first.distance_m)

    def test_a_day_on_foot_and_by_bus_without_speed(self):
        self.assertSame(self.three_days(*shared_data.geolife("001", "20081024234405")))

    def test_drives_with_speed(self):
        for name in ("15", "33", "9"):
            drive = shared_data.drives()[name]
            with self.subTest(drive=name):
                self.assertSame(
                    self.three_days(
                        drive["ts"], drive["lat"], drive["lon"], drive["speed"].tolist()
                    )
                )


class TestGeolife(BaseCase):
    def test_every_trajectory_gives_a_sane_day(self):
        files = shared_data.geolife_files()
        self.assertGreater(len(files), 100)
        for path in files:
            with self.subTest(path=path.name):
                ts, lat, lon = shared_data.read_plt(path)
                day = build_day(ts, lat, lon)
                self.assertLessEqual(day.distance_m, day.quality.raw_m * 1.001 + 1)
                self.assertGreater(day.quality.used, 0.9 * day.quality.fixes)
                items = sorted([*day.stays, *day.trips, *day.gaps], key=lambda i: (i.start, i.end))
                self.assertTrue(all(a.end <= b.start for a, b in itertools.pairwise(items)))

    def test_stays_agree_with_the_textbook_definition(self):
        """Whoever was 10 minutes within 60 m, seen at least every minute, is found staying."""
        ts, lat, lon = shared_data.geolife("001", "20081024234405")
        day = build_day(ts, lat, lon)
        x, y = clean.project(lat, lon)
        first, found, missed = 0, 0, []
        while first < len(ts):
            far = np.flatnonzero(np.hypot(x[first:] - x[first], y[first:] - y[first]) > 60)
            last = first + (far[0] if len(far) else len(ts) - first) - 1
            if ts[last] - ts[first] >= 600:
                middle = (ts[first] + ts[last]) / 2
                if any(stay.start <= middle <= stay.end for stay in day.stays):
                    found += 1
                else:
                    missed.append((ts[first], ts[last]))
                first = last + 1
            else:
                first += 1
        self.assertGreater(found, 5)
        self.assertEqual(missed, [])
