from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..tools.parse import Fix
from .common import TrackCase

MODELS = ("field.position", "field.position.last", "field.track.day", "field.stay")


@tagged("post_install", "-at_install")
class TestTrackViewers(TrackCase, TransactionCase):
    """The policy says who of the leaders may look at tracks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["field.policy"]._get_for_users(cls.rep)[cls.rep.id]
        noon = cls.yesterday(cls) + 12 * 3600
        fixes = [Fix(ts=noon + n * 60, lat=31.2, lon=121.4, accuracy=9.0) for n in range(20)]
        cls.store(cls, fixes)
        cls.rebuild(cls, cls.rep)

    def viewers(self):
        self.env.flush_all()
        self.env.invalidate_all()
        people = self.leader | self.director | self.neighbour | self.boss | self.auditor | self.rep
        found = self.env["res.users"]
        for user in people:
            seen = {
                model: bool(self.env[model].with_user(user).search([("user_id", "=", self.rep.id)]))
                for model in MODELS
            }
            self.assertEqual(len(set(seen.values())), 1, f"{user.login}: {seen}")
            found |= user if seen["field.stay"] else user.browse()
        self.assertEqual(self.rep.field_track_viewer_ids, found & self.rep.field_leader_ids)
        return found

    def test_all_leaders_above(self):
        always = self.boss | self.auditor | self.rep
        self.assertEqual(self.viewers(), always | self.leader | self.director)

    def test_the_direct_leader_only(self):
        self.policy.track_viewers = "direct"
        self.assertEqual(self.viewers(), self.boss | self.auditor | self.rep | self.leader)

    def test_administrators_only(self):
        self.policy.track_viewers = "admin"
        self.assertEqual(self.viewers(), self.boss | self.auditor | self.rep)
        day = self.Day.search([("user_id", "=", self.rep.id)])
        with self.assertRaises(AccessError):
            day.with_user(self.leader).get_playback()
        self.assertFalse(self.env["field.position.last"].with_user(self.leader).get_live())

    def test_the_policy_is_chosen_as_everywhere(self):
        """Person before job before department before company, the latest version of each."""
        always = self.boss | self.auditor | self.rep
        above = self.leader | self.director
        sales = self.env["hr.department"].create({"name": "Sales"})
        east = self.env["hr.department"].create({"name": "East", "parent_id": sales.id})
        job = self.env["hr.job"].create({"name": "Merchandiser"})
        self.rep.employee_id.write({"department_id": east.id, "job_id": job.id})

        def rule(viewers, since="2020-01-01", **whom):
            self.policy.copy({"track_viewers": viewers, "effective_from": since, **whom})

        rule("admin", department_id=sales.id)
        self.assertEqual(self.viewers(), always)
        rule("direct", department_id=east.id)
        self.assertEqual(self.viewers(), always | self.leader)
        rule("leaders", job_id=job.id)
        self.assertEqual(self.viewers(), always | above)
        rule("admin", user_id=self.rep.id)
        self.assertEqual(self.viewers(), always)
        rule("direct", "2021-01-01", user_id=self.rep.id)
        self.assertEqual(self.viewers(), always | self.leader)
        rule("leaders", datetime.utcnow().replace(year=2100).date(), user_id=self.rep.id)
        rule("leaders", "2022-01-01", user_id=self.rep.id, state="draft")
        self.assertEqual(self.viewers(), always | self.leader)
