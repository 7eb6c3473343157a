from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..tools.parse import Parsed
from .common import TrackCase
from odoo.addons.field_base.tools.errors import FieldRejected


@tagged("post_install", "-at_install")
class TestAccessLog(TrackCase, TransactionCase):
    """Who looks at positions is noted, whichever way he looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Position._store(cls.device, cls().workday_fixes(), "form")
        cls().rebuild()
        cls.day = cls.Day.search([("user_id", "=", cls.rep.id)])
        cls.Log = cls.env["field.access.log"]
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref("base.group_allow_export")

    def noted(self, act):
        """``(kind, viewer, document)`` of what an act leaves in the log."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.Log.search([])
        act()
        self.assertEqual((self.Log.search([]) - before).user_id, self.rep)
        return [(r.kind, r.viewer_id, r.res_model) for r in self.Log.search([]) - before]

    def test_live_map(self):
        Last = self.env["field.position.last"].with_user(self.leader)
        self.assertEqual(
            self.noted(lambda: Last.get_live()), [("live", self.leader, "field.position.last")]
        )
        before = self.Log.search_count([])
        Last.get_live()
        self.env["field.position.last"].with_user(self.rep).get_live()
        self.assertEqual(self.Log.search_count([]), before, "once an hour, and never oneself")

    def test_playback(self):
        day = self.day.with_user(self.director)
        self.assertEqual(
            self.noted(lambda: day.get_playback("Accident on the way")),
            [("track", self.director, "field.track.day")],
        )
        row = self.Log.search([("viewer_id", "=", self.director.id)])
        self.assertEqual((row.reason, row.res_id), ("Accident on the way", self.day.id))

    def test_every_way_to_read_a_track(self):
        for model, document in (
            ("field.position", ""),
            ("field.stay", "field.track.day"),
            ("field.trip", "field.track.day"),
            ("field.gap", "field.track.day"),
        ):
            rows = self.env[model].search([]).filtered(lambda r: r.user_id == self.rep)
            name = "ts" if model == "field.position" else "start"
            ways = (
                lambda m, i, n: m.search_read([("id", "in", i)], [n]),
                lambda m, i, n: m.web_search_read([("id", "in", i)], {n: {}}),
                lambda m, i, n: m.browse(i).read([n]),
                lambda m, i, n: m.browse(i).export_data([n]),
            )
            for number, way in enumerate(ways):
                with self.subTest(model=model, way=number):
                    self.Log.search([])._opened().unlink()
                    mine = self.env[model].with_user(self.leader)
                    found = self.noted(lambda w=way, m=mine, r=rows, n=name: w(m, r.ids, n))
                    self.assertEqual(found, [("track", self.leader, document)])

    def test_searching_is_no_opening(self):
        self.env.invalidate_all()
        self.env["field.stay"].with_user(self.leader).search([])
        self.env["field.position"].with_user(self.leader).search_count([])
        self.assertFalse(self.Log.search([]))

    def test_reason_where_the_policy_wants_one(self):
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        policy.access_reason_required = True
        Last = self.env["field.position.last"].with_user(self.leader)
        day = self.day.with_user(self.leader)
        for look in (Last.get_live, day.get_playback):
            with self.assertRaises(FieldRejected) as refusal:
                look()
            self.assertEqual(refusal.exception.code, "reason_required")
            self.assertEqual(refusal.exception.context["field_code"], "reason_required")
            self.assertTrue(look("Customer waits for him"))
            self.assertTrue(look(), "told once, for this hour")
        self.env["field.position.last"].with_user(self.rep).get_live()

    def test_cost_of_the_log_does_not_grow(self):
        for user in (self.stranger, self.director):
            self.store(self.workday_fixes()[:3], device=self.new_device(user)[0])
        rows = self.env["field.position.last"].sudo().search([])
        Log = self.Log.with_user(self.boss)
        counts = []
        for some in (rows[:1], rows):
            self.Log.search([])._opened().unlink()
            Log._log(some.user_id, "live", "warm", some)
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            Log._log(some.user_id, "live", None, some)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestConsent(TrackCase, TransactionCase):
    """Nothing is kept of who has not agreed, where his policy asks for it."""

    def setUp(self):
        super().setUp()
        self.policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        self.policy.consent_required = True

    def receive(self):
        fixes = self.workday_fixes()[:5]
        self.device._receive(Parsed("form", fixes=fixes))
        kept = self.Position.search_count([("user_id", "=", self.rep.id)])
        self.env.cr.execute("TRUNCATE field_position")
        return kept

    def sign(self):
        version = self.policy._get_consent_version()
        Consent = self.env["field.consent"].with_user(self.rep)
        return Consent._sign(self.rep, version, "Rep", self.now())

    def test_kept_only_with_a_consent_and_no_longer_after_its_withdrawal(self):
        self.assertEqual(self.receive(), 0)
        self.assertEqual(self.device.refused_count, 1)
        consent = self.sign()
        self.assertEqual(self.receive(), 5)
        consent.action_withdraw()
        self.assertEqual(self.receive(), 0)
        self.assertEqual(self.device.refused_count, 2)
        self.sign()
        self.policy.day_end_hour = 19
        self.assertEqual(self.receive(), 0, "the rules are others now")

    def test_nobody_is_asked_by_default(self):
        self.policy.consent_required = False
        self.assertEqual(self.receive(), 5)

    def test_the_log_itself_stays(self):
        with self.assertRaises(UserError):
            self.env["field.access.log"].create(
                {
                    "viewer_id": self.leader.id,
                    "user_id": self.rep.id,
                    "at": self.now(),
                    "hour": self.now(),
                    "kind": "track",
                }
            ).unlink()
