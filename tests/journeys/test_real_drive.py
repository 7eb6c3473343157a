"""Real car drives: the mileage of the day against the distance that the car really went.

Fourteen drives with one fix a second and the receiver's own speed. Whatever the format, and with
it the unit of that speed, the day must come within three percent of the truth.
"""

import math
from datetime import date

import pytest

from odoo.tests import TransactionCase, tagged
from tests.support import drives, geolife
from tests.support.traccar_client import Version

from . import road
from .in_this_process import InThisProcess
from odoo.addons.field_tracking.tools.parse import Parsed, parse

pytestmark = pytest.mark.xdist_group("real_drive")

PERCENT = 3
BATCH = 250
FIRST = date(2019, 5, 1)
SHORT = ("3", "7", "13", "19", "24", "28")


def thin(fixes, metres=75, seconds=300, degrees=30):
    """What Traccar Client keeps of a track with these settings: it compares with the last kept."""
    kept = [fixes[0]]
    for fix in fixes[1:]:
        last = kept[-1]
        turn = abs((fix.bearing - last.bearing + 180) % 360 - 180)
        far = geolife.distance_m(last, fix) >= metres
        if far or turn >= degrees or (fix.at - last.at).total_seconds() >= seconds:
            kept.append(fix)
    return kept


@tagged("post_install", "-at_install")
class TestRealDrive(TransactionCase):
    """Each drive on a day of its own; places and times of day are the real ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drives = drives.read()
        cls.office = InThisProcess(cls.env)
        cls.team = road.found(cls.office, None, time_zone=drives.TIME_ZONE)
        for rep in cls.team.reps:
            for number, drive in enumerate(cls.drives):
                # the long ones go through one format each, in turns: 9,000 fixes are enough
                takes_turn = number % 3 == cls.team.reps.index(rep)
                if drive.name in SHORT or takes_turn:
                    cls.send(rep, drive.fixes, number)
        cls.office.rebuild()

    @classmethod
    def send(cls, rep, fixes, number):
        """Requests byte for byte as the app sends them, stored many at a time."""
        device = cls.env["field.device"].browse(rep.tracker)
        # two days apart: an evening in Omaha is the next day in UTC
        days = (FIRST - fixes[0].at.date()).days + 2 * number
        requests = road.requests_of(rep, [fix.moved(days) for fix in fixes])
        received = 1_600_000_000.0
        parsed = [parse(r.content_type, r.query, r.body, received) for r in requests]
        found = [fix for one in parsed for fix in one.fixes]
        assert len(found) == len(fixes), "every fix of a real drive can be used"
        for first in range(0, len(found), BATCH):
            device._receive(Parsed(parsed[0].source, fixes=found[first : first + BATCH]))

    def days_of(self, rep):
        """`{number of the drive: day}`"""
        days = self.env["field.track.day"].search([("user_id", "=", rep.user)])
        return {self._number(day): day for day in days}

    def _number(self, day):
        return (day.first_fix.date() - FIRST).days // 2

    def all_days(self):
        for rep in self.team.reps:
            for number, day in self.days_of(rep).items():
                yield rep, self.drives[number], day

    def assert_close(self, found, true, percent, what):
        error = 100 * (found / true - 1)
        self.assertLessEqual(abs(error), percent, f"{what}: {found:.0f} m, {error:+.2f} %")

    # --- tests ---------------------------------------------------------------------------------
    def test_all_drives_were_driven(self):
        self.assertEqual(len(self.drives), 14)
        names = [drive.name for _rep, drive, _day in self.all_days()]
        self.assertEqual(set(names), {drive.name for drive in self.drives})
        for name in SHORT:
            self.assertEqual(names.count(name), 3)
        for _rep, drive, day in self.all_days():
            self.assertEqual(day.fix_count, len(drive.fixes))

    def test_mileage_is_within_three_percent_of_the_truth(self):
        for rep, drive, day in self.all_days():
            with self.subTest(drive=drive.name, format=rep.version.value):
                self.assert_close(day.distance_m, drive.true_m, PERCENT, f"drive {drive.name}")

    def test_what_nobody_saw_is_kept_apart(self):
        """During four silences of about a minute nobody knows the way: it counts as estimated."""
        for rep, drive, day in self.all_days():
            with self.subTest(drive=drive.name, format=rep.version.value):
                if drive.unseen_m < 10:
                    self.assertEqual(day.estimated_m, 0)
                else:
                    self.assert_close(day.measured_m, drive.measured_m, PERCENT, drive.name)
                    self.assert_close(day.estimated_m, drive.unseen_m, 15, drive.name)

    def test_speed_means_the_same_in_every_format(self):
        """Knots, metres per second, knots with two decimals: stored in metres per second."""
        by_format = [self.days_of(rep) for rep in self.team.reps]
        for number, drive in enumerate(self.drives):
            if drive.name not in SHORT:
                continue
            metres = [days[number].distance_m for days in by_format]
            self.assert_close(max(metres), min(metres), 0.1, f"drive {drive.name}")
            for rep, days in zip(self.team.reps, by_format, strict=True):
                self.assert_speeds(rep, days[number], drive)

    def assert_speeds(self, rep, day, drive):
        start, end = day._bounds()
        domain = [("user_id", "=", rep.user), ("ts", ">=", start), ("ts", "<", end)]
        stored = self.env["field.position"].search(domain, order="ts").mapped("speed")
        for speed, fix in zip(stored, drive.fixes, strict=True):
            self.assertAlmostEqual(speed, fix.speed, delta=0.011)

    def test_speed_of_the_receiver_is_what_is_counted(self):
        for _rep, drive, day in self.all_days():
            wanted = {"mixed", "doppler"} if drive.unseen_m > 10 else {"doppler"}
            self.assertIn(day.distance_method, wanted, drive.name)

    def test_thinned_as_the_app_does_it_is_still_within_three_percent(self):
        """75 m, 30 degrees, as the provisioning code sets it; per drive the app adds up to 2 %."""
        rep = road.hire_rep(
            self.office, Version.V10, self.team.leader.employee, "Rep thin", drives.TIME_ZONE
        )
        long = [d for d in self.drives if d.true_m >= 1500]
        kept = 0
        for drive in long:
            fixes = thin(drive.fixes)
            kept += len(fixes)
            self.send(rep, fixes, self.drives.index(drive))
        self.office.rebuild()
        self.assertLess(kept, sum(len(d.fixes) for d in long) / 4)
        days = self.days_of(rep)
        metres = {d: days[self.drives.index(d)].distance_m for d in long}
        for drive, found in metres.items():
            with self.subTest(drive=drive.name):
                self.assert_close(found, drive.true_m, 6, f"drive {drive.name}")
        total = math.fsum(d.true_m for d in long)
        self.assert_close(math.fsum(metres.values()), total, PERCENT, "all drives")

    def test_longest_drive_is_paid_by_its_kilometres(self):
        drive = max(self.drives, key=lambda drive: drive.true_m)
        rep, day = next((r, day) for r, one, day in self.all_days() if one is drive)
        expense = road.claim(self.office, rep, day.id)
        road.approve(self.office, self.team, expense)
        move = road.book(self.office, self.team, expense, day.date)
        row = self.env["hr.expense"].browse(expense)
        self.assertEqual(row.quantity, road.claimable(day.distance_m))
        self.assert_close(row.quantity * 1000, drive.true_m, PERCENT, f"drive {drive.name}")
        self.assertAlmostEqual(row.total_amount, round(row.quantity * road.RATE, 2), places=2)
        self.assertAlmostEqual(
            self.env["account.move"].browse(move).amount_total, row.total_amount, places=2
        )
