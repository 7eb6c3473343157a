from odoo import fields
from odoo.tests import TransactionCase, tagged

from .common import TrackCase
from odoo.addons.field_tracking.models.field_track_compare import _longest_ordered


@tagged("post_install", "-at_install")
class TestCompare(TrackCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.store(self.workday_fixes())
        self.day = self.rebuild(self.rep)

    def test_order_kept(self):
        self.assertEqual(_longest_ordered([1, 2, 3]), 3)
        self.assertEqual(_longest_ordered([3, 1, 2]), 2)
        self.assertEqual(_longest_ordered([]), 0)

    def test_team_day_has_a_row_for_everybody_below(self):
        Day = self.env["field.track.day"]
        answer = Day.with_user(self.director).get_team_day(str(self.day.date))
        rows = {row["user_id"]: row for row in answer["rows"]}
        self.assertIn(self.stranger.id, rows)
        self.assertFalse(rows[self.stranger.id]["day_id"])
        row = rows[self.rep.id]
        self.assertEqual((row["day_id"], row["first"]), (self.day.id, "09:00"))
        self.assertEqual(row["stay_count"], 3)
        self.assertEqual(row["start"], False)

    def test_team_day_is_of_ones_own_people(self):
        Day = self.env["field.track.day"]
        for user, seen in ((self.leader, True), (self.neighbour, False), (self.rep, False)):
            ids = {row["user_id"] for row in Day.with_user(user).get_team_day()["rows"]}
            self.assertEqual(self.rep.id in ids, seen, user.login)
        self.assertNotIn(
            self.leader.id,
            {row["user_id"] for row in Day.with_user(self.leader).get_team_day()["rows"]},
        )

    def test_workday_is_beside_the_track(self):
        self.env["field.workday"]._do_open(self.rep, fields.Datetime.now())
        Day = self.env["field.track.day"]
        today = self.env["field.workday"].search([("user_id", "=", self.rep.id)]).date
        rows = Day.with_user(self.leader).get_team_day(str(today))["rows"]
        [row] = [row for row in rows if row["user_id"] == self.rep.id]
        self.assertTrue(row["open"] and row["start"])

    def test_playback_shows_visits_and_what_was_missed(self):
        if "field.visit" not in self.env:
            self.skipTest("field_visit is not installed")
        partners = self.env["res.partner"].create(
            [
                {"name": name, "partner_latitude": 31.23, "partner_longitude": 121.47}
                for name in "AB"
            ]
        )
        Visit = self.env["field.visit"].sudo()
        seen, missed = Visit.create(
            [
                {"partner_id": p.id, "user_id": self.rep.id, "plan_date": self.day.date}
                for p in partners
            ]
        )
        start, _end = self.day._bounds()
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE field_visit SET state = 'done', check_in_at = %s, check_out_at = %s,
                      check_in_verdict = 'inside' WHERE id = %s""",
            [
                fields.Datetime.add(start, hours=9, minutes=5),
                fields.Datetime.add(start, hours=9, minutes=25),
                seen.id,
            ],
        )
        self.env.invalidate_all()
        data = self.day.with_user(self.leader).get_playback()
        by_id = {visit["id"]: visit for visit in data["visits"]}
        self.assertEqual(by_id[seen.id]["start"], 9 * 3600 + 300)
        self.assertEqual(by_id[seen.id]["end"] - by_id[seen.id]["start"], 1200)
        self.assertFalse(by_id[missed.id]["start"])
        self.assertEqual(
            data["plan"],
            {"planned": 2, "done": 1, "unplanned": 0, "missed": 1, "in_order": 1},
        )
