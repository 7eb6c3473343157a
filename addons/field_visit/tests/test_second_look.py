import unittest
from collections import Counter
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models import field_second_look
from ..tools.second_look import draw_one, is_drawn
from .common import AT_CUSTOMER, VisitCase, VisitCommon
from .test_steps import PNG
from odoo.addons.base.models.ir_cron import IrCron


class TestDraw(unittest.TestCase):
    def test_share(self):
        for percent in (0, 1, 25, 100):
            drawn = sum(is_drawn(percent, lambda _n, at=at: at) for at in range(100))
            self.assertEqual(drawn, percent)

    def test_by_chance(self):
        drawn = sum(is_drawn(30) for _one in range(4000))
        # eight standard deviations: once in the life of the universe
        self.assertTrue(970 < drawn < 1430, drawn)

    def test_the_least_busy(self):
        busy = {"a": 3, "b": 1, "c": 1}
        counts = Counter(draw_one(busy) for _one in range(400))
        self.assertEqual(set(counts), {"b", "c"})
        self.assertIsNone(draw_one({}))


class SecondLookCommon(VisitCommon):
    def _show(self):
        """The time to explain is over."""
        with patch.object(IrCron, "_commit_progress", return_value=1):
            self.env["field.visit"]._cron_show_truth()

    def _finish(self, user=None, companions=None, **policy):
        """A visit whose time to explain is over; drawn with the policy's shares."""
        user = user or self.rita
        self._policy(user, second_look_share=100, **policy)
        visit = self._plan(user=user)
        if companions:
            visit.companion_ids = companions
        visit.action_check_in(AT_CUSTOMER)
        step = self._step(visit, "shelf")
        step.add_photo(PNG)
        step.action_done()
        visit.note = "The owner wants more"
        visit.action_check_out(AT_CUSTOMER)
        self._let_time_to_explain_pass(visit)
        self._show()
        look = self.env["field.second.look"].search([("visit_id", "=", visit.id)])
        return look, visit


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestSecondLook(SecondLookCommon, VisitCase):
    def test_off_unless_the_policy_wants_it(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        visit.action_check_out(AT_CUSTOMER)
        self._let_time_to_explain_pass(visit)
        self._show()
        self.assertFalse(self.env["field.second.look"].search([("visit_id", "=", visit.id)]))

    def test_drawn_once_by_the_share(self):
        with patch.object(field_second_look, "is_drawn", side_effect=lambda share: share > 40):
            self._policy(second_look_share=41)
            look, visit = self._finish()
            self.assertEqual(len(look), 1)
        self._show()
        self.assertEqual(
            self.env["field.second.look"].search_count([("visit_id", "=", visit.id)]), 1
        )

    def test_another_leader_before_the_direct_one(self):
        look, _visit = self._finish()
        self.assertEqual((look.user_id, look.rep_id), (self.dora, self.rita))
        alone, _visit = self._finish(user=self.lea)
        self.assertEqual(alone.user_id, self.dora, "there is nobody else above her")

    def test_a_colleague_of_the_same_leader(self):
        look, _visit = self._finish(second_look_by="colleague")
        self.assertEqual(look.user_id, self.ravi)
        only, _visit = self._finish(user=self.olga, second_look_by="colleague")
        self.assertEqual(only.user_id, self.dora, "she has no colleague: another leader")

    def test_who_was_there_never_looks(self):
        look, _visit = self._finish(companions=self.ravi, second_look_by="colleague")
        self.assertEqual(look.user_id, self.dora)

    def test_nobody_looks_at_his_own_visit(self):
        look, visit = self._finish(user=self.dora)
        self.assertFalse(look, "nobody is above her")
        values = {"visit_id": visit.id, "rep_id": self.dora.id, "user_id": self.dora.id}
        values |= {"visit_date": visit.plan_date}
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["field.second.look"].create(values).flush_recordset()

    def test_who_sees_it(self):
        look, _visit = self._finish(second_look_by="colleague")
        for user, seen in (
            *((self.ravi, 1), (self.lea, 1), (self.dora, 1), (self.audra, 1)),
            *((self.rita, 0), (self.otis, 0), (self.olga, 0)),
        ):
            found = self.env["field.second.look"].with_user(user).search([("id", "=", look.id)])
            self.assertEqual(len(found), seen, user.name)

    def test_a_colleague_sees_this_visit_through_the_look_alone(self):
        self.env.invalidate_all()
        look, visit = self._finish(second_look_by="colleague")
        mine = look.with_user(self.ravi)
        self.assertEqual(mine.partner_name, "Golden Dragon")
        self.assertIn("The owner wants more", mine.content)
        self.assertIn(f"/field/second-look/{look.id}/photo/", mine.content)
        self.assertNotIn("31.23", mine.content)
        with self.assertRaises(AccessError):
            visit.with_user(self.ravi).read(["note"])

    def test_pictures_of_the_person_stay_out(self):
        look, visit = self._finish(second_look_by="colleague")
        self._step(visit, "shelf").sudo()._with_evidence().kind = "selfie"
        look.invalidate_recordset()
        self.assertFalse(look._get_photos())
        self.assertNotIn("<img", look.content)

    def test_agree(self):
        look, visit = self._finish(second_look_by="colleague")
        look.with_user(self.ravi).action_agree()
        self.assertEqual((look.state, visit.second_look), ("agrees", "agrees"))
        self.assertTrue(look.decided_at)
        with self.assertRaises(UserError):
            look.with_user(self.ravi).action_agree()
        with self.assertRaises(UserError):
            look.with_user(self.ravi).note = "Something else"

    def test_differ_needs_words_and_reaches_the_leader(self):
        look, visit = self._finish(second_look_by="colleague")
        mine = look.with_user(self.ravi)
        with self.assertRaises(UserError):
            mine.action_differ()
        mine.note = "The shelf is of another shop"
        mine.action_differ()
        self.assertEqual(visit.second_look, "differs")
        queue = self.env["field.visit"].with_user(self.lea).get_review_queue()
        [item] = [one for one in queue["items"] if one["id"] == visit.id]
        self.assertTrue([r for r in item["reasons"] if "The shelf is of another shop" in r])

    def test_only_who_was_drawn_answers(self):
        look, _visit = self._finish(second_look_by="colleague")
        for user in (self.rita, self.lea, self.dora, self.audra, self.otis):
            with self.assertRaises(UserError, msg=user.name):
                look.with_user(user).action_agree()
            with self.assertRaises(UserError, msg=user.name):
                look.with_user(user).note = "I know better"
        with self.assertRaises(UserError):
            look.with_user(self.ravi).state = "agrees"
        with self.assertRaises(UserError):
            look.with_user(self.ravi).user_id = self.rita
        with self.assertRaises(AccessError):
            look.with_user(self.ravi).unlink()

    def test_second_visit_by_somebody_else(self):
        look, visit = self._finish(second_visit_share=100)
        again = look.revisit_id
        self.assertEqual((again.user_id, again.partner_id), (self.ravi, self.dragon))
        self.assertEqual((again.source, again.state), ("second_look", "planned"))
        self.assertNotIn("Rita", again.note)
        self.assertLessEqual((again.plan_date - visit.plan_date).days, 7)

    def test_a_leader_plans_a_second_visit(self):
        look, _visit = self._finish()
        self.assertFalse(look.revisit_id)
        with self.assertRaises(UserError):
            look.with_user(self.otis).action_plan_second_visit()
        look.with_user(self.lea).action_plan_second_visit()
        self.assertEqual(look.revisit_id.user_id, self.ravi)
        with self.assertRaises(UserError):
            look.with_user(self.lea).action_plan_second_visit()
        lonely, _visit = self._finish(user=self.olga)
        with self.assertRaises(UserError):
            lonely.with_user(self.otis).action_plan_second_visit()

    def test_people_are_told_where_it_happens(self):
        policy = self._policy()
        lines = policy._get_consent_sections(self.rita, "en_US")
        version = policy._get_consent_version()
        self.assertNotIn("drawn by chance", str(lines))
        policy = self._policy(second_look_share=5)
        lines = policy._get_consent_sections(self.rita, "en_US")
        self.assertIn("5 of 100 finished visits, drawn by chance", str(lines))
        self.assertNotEqual(policy._get_consent_version(), version)


@tagged("post_install", "-at_install")
class TestSecondLookHttp(SecondLookCommon, HttpCase):
    """Photos open through the look, are noted, and open for nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls._set_up_places()

    def test_photos(self):
        look, visit = self._finish(second_look_by="colleague")
        photo = visit.step_ids.photo_ids
        path = f"/field/second-look/{look.id}/photo/{photo.id}"
        for login, code in (("v_ravi", 200), ("v_lea", 200), ("v_rita", 404), ("v_olga", 404)):
            self.authenticate(login, login.ljust(8, "x"))
            self.assertEqual(self.url_open(path).status_code, code, login)
        self.authenticate("v_ravi", "v_ravixx")
        self.assertEqual(
            self.url_open(f"/field/second-look/{look.id}/photo/{2**40}").status_code, 404
        )
        log = self.env["field.access.log"].search([("viewer_id", "=", self.ravi.id)])
        self.assertEqual((log.user_id, log.kind), (self.rita, "photo"))
