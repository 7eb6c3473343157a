from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import TrackCase
from odoo.addons.field_base.tools.errors import FieldRejected


@tagged("post_install", "-at_install")
class TestAppTrack(TrackCase, TransactionCase):
    """What the phone gets of one's own track, and what it sends back."""

    def setUp(self):
        super().setUp()
        self.store(self.workday_fixes())
        self.day = self.rebuild(self.rep)
        rule = self.env["field.flag.rule"].search([], limit=1)
        self.flag = self.env["field.flag"].create(
            {
                "user_id": self.rep.id,
                "company_id": self.rep.company_id.id,
                "date": self.day.date,
                "tz": self.day.tz,
                "rule_id": rule.id,
                "weight": 3,
                "state": "asked",
                "start": self.day.first_fix,
                "end": self.day.last_fix,
                "tell_at": fields.Datetime.now(),
            }
        )

    def rows(self, name, user=None):
        App = self.env["field.app"].with_user(user or self.rep)
        collection = App._collections()[name]
        records = App.env[collection.model].search(
            collection.domain, order=collection.order, limit=collection.cap
        )
        return collection.rows_of(records)

    def apply(self, kind, payload, user=None):
        event = self.env["field.event"].new({"user_id": (user or self.rep).id, "kind": kind})
        event = event.with_user(user or self.rep)
        return getattr(event, "_apply_" + kind.replace(".", "_"))(payload)

    def test_my_day_is_the_leaders_day(self):
        [row] = [row for row in self.rows("track_days") if row["id"] == self.day.id]
        kinds = [item["kind"] for item in row["items"]]
        self.assertEqual(kinds.count("stay"), self.day.stay_count)
        self.assertEqual(kinds.count("gap"), self.day.gap_count)
        self.assertEqual(row["distance_m"], round(self.day.distance_m))
        starts = [item["start"] for item in row["items"]]
        self.assertEqual(starts, sorted(starts))

    def test_only_ones_own(self):
        for name in ("track_days", "track_questions", "track_notes"):
            self.assertFalse(self.rows(name, self.stranger), name)
        self.assertEqual(len(self.rows("track_state", self.leader)), 1)

    def test_what_the_office_has(self):
        [row] = self.rows("track_state")
        self.assertTrue(row["last_at"])
        self.assertEqual([d["name"] for d in row["devices"]], ["Phone"])

    def test_question_is_answered_from_the_phone(self):
        [row] = self.rows("track_questions")
        self.assertEqual((row["id"], row["state"]), (self.flag.id, "asked"))
        self.apply("track.explain", {"flag_id": self.flag.id, "text": "Tunnel"})
        self.assertEqual((self.flag.state, self.flag.explanation), ("explained", "Tunnel"))
        self.assertTrue(self.flag.is_told)
        with self.assertRaises(FieldRejected):
            self.apply("track.explain", {"flag_id": self.flag.id, "text": "x"}, self.stranger)

    def test_noted_ones_are_not_on_the_phone(self):
        self.flag.state = "new"
        self.assertFalse(self.rows("track_questions"))

    def said(self, stay):
        return stay.day_id.stay_ids._get_words().get(stay.id)

    def test_stay_is_named_until_the_policys_days_are_over(self):
        stay = self.day.stay_ids.sorted("start")[1]
        start = stay.start.isoformat() + "Z"
        self.apply("track.label", {"start": start, "kind": "lunch"})
        self.assertEqual(self.said(stay), "Lunch")
        self.apply("track.label", {"start": start, "kind": "other", "note": "  Depot "})
        self.assertEqual(self.said(stay), "Depot")
        self.assertEqual(len(self.day.label_ids), 1, "a new word replaces the one before")
        self.day._rebuild()
        self.assertEqual(self.said(stay.exists()), "Depot", "late positions leave the name")
        [row] = [row for row in self.rows("track_days") if row["id"] == self.day.id]
        self.assertTrue(row["open"])
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self.assertFalse(self.day._is_open_for_labels())
            with self.assertRaises(UserError):
                self.apply("track.label", {"start": start, "kind": "petrol"})

    def test_unknown_stay_kind_and_broken_time_are_refused(self):
        later = (self.day.last_fix + timedelta(hours=5)).isoformat() + "Z"
        start = self.day.stay_ids[:1].start.isoformat() + "Z"
        for values, code in (
            ({"start": later, "kind": "lunch"}, "not_found"),
            ({"start": "soon", "kind": "lunch"}, "bad_payload"),
            ({"start": start, "kind": "private"}, "bad_payload"),
            ({"start": start, "kind": "nap"}, "bad_payload"),
        ):
            with self.assertRaises(FieldRejected) as refused:
                self.apply("track.label", values)
            self.assertEqual(refused.exception.code, code)
        with self.assertRaises(FieldRejected):
            self.apply("track.label", {"start": start, "kind": "lunch"}, self.stranger)
