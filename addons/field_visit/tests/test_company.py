"""Who comes along sees the visit, is told of it and has its time; and says himself if he was there."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.field_visit_hidden import JUDGED_FIELDS
from .common import AT_CUSTOMER, VisitCase

START = datetime(2026, 11, 23, 1, 30)
JUDGED = {
    "truth_shown": True,
    "explanation": "The lift",
    "odd_facts": {"speed": 900, "repeats": 4, "clock": 20},
    "photo_doubt": "same",
    "face_review": "sample",
    "review_state": "accepted",
    "reviewed_by_id": 1,
    "reviewed_at": START,
    "review_note": "Well",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 03:00:00")
class TestCompany(VisitCase):
    def _joint(self, people=None, done=True, **vals):
        ids = (people or self.ravi).ids
        visit = self._plan(plan_date="2026-11-23", companion_ids=[(6, 0, ids)], **vals)
        if done:
            visit._do_check_in(AT_CUSTOMER, at=START)
            visit._do_check_out(AT_CUSTOMER, at=START + timedelta(minutes=20))
        return visit

    def _told(self, user):
        domain = [("user_id", "=", user.id), ("kind", "=", "companion")]
        return self.env["field.notice"].sudo().search(domain)

    def test_company_sees_the_visit_and_its_steps_and_changes_nothing(self):
        visit, other = self._joint(), self._plan()
        mine = visit.with_user(self.ravi)
        Visit = self.env["field.visit"].with_user(self.ravi)
        self.assertEqual(Visit.search([]), visit)
        self.assertEqual(Visit.search_count([("is_with_me", "=", True)]), 1)
        self.assertEqual(mine.partner_id, self.dragon)
        self.assertEqual(len(mine.step_ids.mapped("name")), 4)
        self.assertEqual(mine.step_ids.search_count([]), 4)
        with self.assertRaises(AccessError):
            mine.write({"plan_time": 8})
        with self.assertRaises(AccessError):
            mine.step_ids[0].write({"note": "mine"})
        with self.assertRaises(AccessError):
            other.with_user(self.ravi).read(["note"])
        visit.companion_ids = [(5,)]
        self.assertFalse(Visit.search([]))
        with self.assertRaises(AccessError):
            mine.read(["note"])

    def test_company_does_not_read_the_score(self):
        visit = self._joint(self.ravi | self.lea)
        visit._with_evidence().sudo().truth_shown = True
        self.assertTrue(visit.with_user(self.lea).truth_summary, "she leads him")
        self.assertFalse(visit.with_user(self.ravi).truth_summary)

    def test_company_reads_nothing_of_what_is_thought_of_it(self):
        """Neither a representative who came along nor the leader of another team."""
        visit = self._joint(self.ravi | self.lea | self.otis)
        visit.sudo()._with_evidence().write(JUDGED)
        values = visit.sudo().read(JUDGED_FIELDS)[0]
        empty = {name for name, value in values.items() if value is False}
        self.assertFalse(empty - {"late_most_min", "odd_clock_min"}, "nothing to be hidden")
        for user in (self.ravi, self.otis):
            user.sudo().group_ids |= self.env.ref("base.group_allow_export")
            own = self._plan(user=user)
            both = own | visit.with_user(user)
            (_own, row) = both.read([*JUDGED_FIELDS, "note"])
            self.assertEqual({row[name] for name in JUDGED_FIELDS}, {False})
            (row,) = visit.with_user(user).web_read({name: {} for name in JUDGED_FIELDS})
            self.assertEqual({row[name] for name in JUDGED_FIELDS}, {False})
            exported = both.export_data(["state", *sorted(JUDGED_FIELDS)])["datas"]
            self.assertEqual([line[0] for line in exported], ["Planned", "Done"])
            self.assertEqual(set(exported[1][1:]), {""})
            for name in JUDGED_FIELDS:
                with self.subTest(user=user.login, field=name):
                    found = both.search([("id", "in", both.ids), (name, "!=", False)])
                    self.assertFalse(found)
            groups = both._read_group(
                [("id", "in", both.ids)], ["photo_doubt"], ["__count", "truth_score:max"]
            )
            self.assertEqual(groups, [(False, 2, False)])
        self.assertEqual(visit.sudo().read(JUDGED_FIELDS)[0], values, "nothing of it is lost")

    def test_person_and_leader_read_it_all(self):
        visit = self._joint(self.ravi | self.lea)
        visit.sudo()._with_evidence().write(JUDGED)
        for user in (self.rita, self.lea, self.dora, self.audra):
            with self.subTest(user=user.login):
                (row,) = visit.with_user(user).read(["truth_score", "photo_doubt", "review_note"])
                self.assertEqual(row["truth_score"], visit.sudo().truth_score)
                self.assertEqual((row["photo_doubt"], row["review_note"]), ("same", "Well"))
                mine = [("id", "=", visit.id), ("photo_doubt", "=", "same")]
                self.assertEqual(visit.with_user(user).search(mine), visit)

    def test_company_is_told_once_and_not_by_himself(self):
        visit = self._joint(done=False)
        (notice,) = self._told(self.ravi)
        self.assertIn("Golden Dragon", notice.subject)
        self.assertEqual((notice.res_model, notice.res_id), ("field.visit", visit.id))
        visit.companion_ids = [(4, self.ravi.id), (4, self.lea.id)]
        self.assertEqual((len(self._told(self.ravi)), len(self._told(self.lea))), (1, 1))
        visit.with_user(self.lea).companion_ids = [(3, self.lea.id)]
        visit.with_user(self.lea).companion_ids = [(4, self.lea.id)]
        self.assertEqual(len(self._told(self.lea)), 1)

    def test_named_at_the_check_in_is_told_too(self):
        visit = self._plan()
        visit._take_along(None, [self.ravi.id])
        visit._do_check_in(AT_CUSTOMER, at=START)
        self.assertEqual(len(self._told(self.ravi)), 1)

    def test_own_word_and_only_of_who_was_named(self):
        visit = self._joint(self.ravi | self.lea)
        for person in (self.rita, self.dora, self.audra):
            with self.assertRaises(AccessError):
                visit.with_user(person).action_confirm_company()
        visit.with_user(self.ravi).action_confirm_company()
        visit.with_user(self.lea).action_deny_company()
        self.assertEqual((visit.company_yes_ids, visit.company_no_ids), (self.ravi, self.lea))
        words = visit._get_company_words()
        self.assertIn("Ravi (says yes)", words)
        self.assertIn("Lea (says no)", words)
        visit.with_user(self.lea).action_confirm_company()
        self.assertFalse(visit.company_no_ids)
        visit.companion_ids = [(3, self.lea.id)]
        self.assertEqual(visit.company_yes_ids, self.ravi)

    def test_time_stands_in_the_companys_report(self):
        visit = self._joint()
        Report = self.env["field.work.report"].sudo()
        report = Report._make("day", self.env.company, date(2026, 11, 23), self.ravi | self.rita)
        mine = report.filtered(lambda one: one.user_id == self.ravi)
        self.assertEqual((mine.joint_count, mine.joint_min, mine.done_count), (1, 20, 0))
        own = report - mine
        self.assertEqual((own.joint_count, own.done_count), (0, 1))
        action = mine.with_user(self.ravi).with_context(figure="joint_count").action_open_figure()
        found = self.env["field.visit"].with_user(self.ravi).search(action["domain"])
        self.assertEqual(found, visit)
        visit.with_user(self.ravi).action_deny_company()
        mine._refresh()
        self.assertEqual((mine.joint_count, mine.joint_min), (0, 0))

    def test_phone_has_it_and_answers(self):
        visit = self._joint(plan_time=9.5)
        self._plan(user=self.ravi, companion_ids=[(6, 0, self.rita.ids)])
        App = self.env["field.app"].with_user(self.ravi)
        collections = App._collections()
        found = App.env["field.visit"].search(collections["joint_visits"].domain)
        (row,) = App._joint_visits(found)
        self.assertEqual((row["id"], row["person"], row["was_there"]), (visit.id, "Rita", None))
        self.assertEqual((row["partner_name"], row["plan_time"]), ("Golden Dragon", 9.5))
        own = App.env["field.visit"].search(collections["visits"].domain)
        self.assertNotIn(visit, own)
        Event = self.env["field.event"].with_user(self.ravi)
        Event._apply_visit_company({"visit_id": visit.id, "was_there": False})
        self.assertIs(App._joint_visits(found)[0]["was_there"], False)
        self.assertEqual(visit.company_no_ids, self.ravi)
        stranger = self.env["field.event"].with_user(self.olga)._apply_visit_company
        payload = {"visit_id": visit.id, "was_there": True}
        self.assertRejected("not_found", stranger, payload)
