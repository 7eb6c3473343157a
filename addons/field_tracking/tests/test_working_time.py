from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, MissingError
from odoo.tests import TransactionCase, freeze_time, tagged

from ..tools.parse import Fix, Parsed
from .common import TrackCase


def at(hour, minute=0):
    """Wall clock in Shanghai on Friday, 20 November 2026, as naive UTC."""
    return datetime(2026, 11, 20, hour, minute) - timedelta(hours=8)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 12:00:00")  # 20:00
class TestTrackWorkingTime(TrackCase, TransactionCase):
    """The second and third of three locks: nothing else is kept, nothing else is shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["field.policy"]._get_for_users(cls.rep)[cls.rep.id]
        cls.policy.working_time_lock = "workday"
        export = cls.env.ref("base.group_allow_export")
        people = cls.rep + cls.leader + cls.neighbour + cls.stranger + cls.director
        (people + cls.boss + cls.auditor).group_ids = [Command.link(export.id)]

    def workday(self):
        day = self.env["field.workday"].with_user(self.rep)._do_open(self.rep, at(9))
        day._do_pause(at(12))
        day._do_resume(at(13))
        day._do_close(at(18))
        return day

    def fix(self, *time):
        seconds = (at(*time) - datetime(1970, 1, 1)).total_seconds()
        return Fix(ts=int(seconds), lat=31.2, lon=121.4, accuracy=10.0)

    def receive(self, *times):
        fixes = [self.fix(*time) for time in times]
        self.device._receive(Parsed("form", fixes=fixes))
        self.env.flush_all()
        self.env.invalidate_all()

    def live(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["field.position.last"].with_user(self.leader).get_live()

    def kept(self):
        rows = self.Position.search([("user_id", "=", self.rep.id)], order="ts")
        return [(row.ts + timedelta(hours=8)).strftime("%H:%M") for row in rows]

    def test_positions_outside_the_workday_are_counted_not_kept(self):
        self.workday()
        self.receive((8, 59), (9, 0), (12, 30), (13, 1), (18, 1))
        self.assertEqual(self.kept(), ["09:00", "13:01"])
        self.assertEqual(self.device.refused_count, 3)

    def test_without_a_lock_all_are_kept(self):
        self.policy.working_time_lock = "none"
        self.receive((3, 0), (12, 30))
        self.assertEqual(len(self.kept()), 2)
        self.assertFalse(self.device.refused_count)

    def test_a_policy_takes_effect_at_once(self):
        self.receive((10, 0))
        self.assertFalse(self.kept())
        self.policy.working_time_lock = "none"
        self.receive((10, 1))
        self.assertEqual(self.kept(), ["10:01"])

    def test_no_workday_no_position(self):
        self.receive((10, 0), (11, 0))
        self.assertFalse(self.kept())

    def test_reports_show_nothing_from_before_the_policy(self):
        self.workday()
        self.store([self.fix(hour, minute) for hour in range(6, 20) for minute in range(60)])
        self.rebuild(self.rep)
        day = self.Day.search([("user_id", "=", self.rep.id), ("date", "=", date(2026, 11, 20))])
        self.assertEqual((day.first_fix, day.last_fix), (at(9), at(18)))
        track = day.get_playback()["track"]
        seconds = [second for piece in track for second in piece["t"]]
        self.assertEqual((min(seconds), max(seconds)), (9 * 3600, 18 * 3600))
        self.assertFalse([s for s in seconds if 12 * 3600 < s < 13 * 3600])

    def test_the_live_map_shows_nobody_after_work(self):
        self.workday()
        self.store([self.fix(17, 59)])
        self.assertEqual([row["user_id"] for row in self.live()], [self.rep.id])
        self.store([self.fix(19)])
        self.assertFalse(self.live())

    def test_the_live_map_forgets_yesterday(self):
        self.workday()
        self.store([self.fix(17, 59)])
        with freeze_time("2026-11-21 12:00:00"):
            self.assertFalse(self.live())
        self.policy.working_time_lock = "none"
        with freeze_time("2026-11-21 12:00:00"):
            self.assertTrue(self.live())

    # --- the raw list, on every path and for every role ----------------------------------------

    def shown(self, user, domain=()):
        """Hours and minutes of the positions that somebody finds, by all ways of asking."""
        Position = self.env["field.position"].with_user(user)
        self.env.invalidate_all()
        domain = [("user_id", "=", self.rep.id), *domain]
        rows = Position.search(domain, order="ts")
        times = [(row.ts + timedelta(hours=8)).strftime("%H:%M") for row in rows]
        self.assertEqual(Position.search_count(domain), len(rows))
        self.assertEqual(Position._read_group(domain, [], ["__count"]), [(len(rows),)])
        groups = Position.formatted_read_group(domain, ["user_id"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), len(rows))
        read = Position.web_search_read(domain, {"lat": {}})
        self.assertEqual((read["length"], len(read["records"])), (len(rows), len(rows)))
        self.assertEqual(len(rows.export_data(["lat", "ts"])["datas"]), len(rows))
        return times

    def test_raw_positions_outside_working_time_are_shown_to_nobody_else(self):
        self.workday()
        self.store([self.fix(8), self.fix(10), self.fix(12, 30), self.fix(14), self.fix(19)])
        outside = self.Position.search([("user_id", "=", self.rep.id)]).filtered(
            lambda row: row.ts in (at(8), at(12, 30), at(19))
        )
        self.assertEqual(len(outside), 3)
        for user in (self.leader, self.director, self.boss, self.auditor):
            self.assertEqual(self.shown(user), ["10:00", "14:00"], user.login)
            late = [("ts", ">=", at(13)), ("ts", "<", at(23))]
            self.assertEqual(self.shown(user, late), ["14:00"], user.login)
            self.env.invalidate_all()
            self.assertFalse([row.ts for row in outside.with_user(user) if self._is_readable(row)])
        for user in (self.neighbour, self.stranger):
            self.assertEqual(self.shown(user), [], user.login)
        self.assertEqual(len(self.shown(self.rep)), 5)

    def _is_readable(self, row):
        try:
            return row.lat is not None
        except (AccessError, MissingError):
            return False

    def test_last_position_from_after_work_is_no_way_around(self):
        self.workday()
        self.store([self.fix(17, 59)])
        Last = self.env["field.position.last"]
        domain = [("user_id", "=", self.rep.id)]
        for user in (self.leader, self.boss, self.auditor):
            self.assertEqual(Last.with_user(user).search_count(domain), 1)
        self.store([self.fix(19)])
        for user in (self.leader, self.boss, self.auditor):
            self.assertFalse(Last.with_user(user).search(domain))
            self.assertFalse(Last.with_user(user).search_read(domain, ["lat"]))
        self.assertTrue(Last.with_user(self.rep).search(domain))

    def test_without_a_lock_the_raw_list_shows_all(self):
        self.policy.working_time_lock = "none"
        self.store([self.fix(8), self.fix(19)])
        self.assertEqual(self.shown(self.leader), ["08:00", "19:00"])

    def test_the_calendar_locks_the_raw_list_too(self):
        self.policy.write(
            {"working_time_lock": "calendar", "grace_start_min": 0, "grace_end_min": 0}
        )
        self.store([self.fix(7), self.fix(10), self.fix(22)])
        self.assertEqual(self.shown(self.leader), ["10:00"])
