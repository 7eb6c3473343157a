"""One day of the demo company, built as `./field demo` builds it: everything that visits can hold
is used by somebody. A screen that nobody of the demo ever fills is seen by nobody."""

from datetime import date
from unittest.mock import patch

import pytest

from demo import build
from odoo.fields import Domain
from odoo.tests import TransactionCase, freeze_time, tagged

pytestmark = pytest.mark.xdist_group("simulated_day")

TODAY = date(2026, 11, 24)
KINDS = {
    *("check", "note", "photo", "audio", "form", "stock", "price", "competitor", "order"),
    *("collection", "document", "signature", "code"),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 00:30:00")
class TestSimulatedDay(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the test's transaction goes on
        cls.enterClassContext(patch.object(cls.env.cr, "commit", cls.env.flush_all))
        cls.enterClassContext(patch.object(cls.env.cr, "rollback", lambda: None))
        build.build(cls.env(context={"lang": "en_US", "tz": "Asia/Shanghai"}), TODAY, 1)

    def _count(self, model, *domain):
        return self.env[model].search_count(Domain.AND([[term] for term in domain]))

    def test_every_kind_of_step_is_done(self):
        done = self.env["field.visit.step"].search([("state", "=", "done")])
        self.assertEqual(KINDS - set(done.mapped("kind")), set())
        self.assertTrue(self._count("field.visit.step", ("state", "=", "cannot")))

    def test_answers_are_rows_with_files(self):
        for model in (
            "field.form.answer",
            "field.shelf.count",
            "field.shelf.share",
            "field.price.observation",
            "field.visit.photo",
            "field.visit.recording",
            "field.knowledge.use",
        ):
            with self.subTest(model=model):
                self.assertTrue(self._count(model))
        types = set(self.env["field.blob"].search([]).mapped("mimetype"))
        self.assertEqual(types, {"image/jpeg", "audio/wav"})

    def test_proofs_of_several_kinds(self):
        witnessed = [("is_witnessed", "=", True)]
        self.assertTrue(self._count("field.visit", *witnessed), "the code at the door")
        spoken = [("state", "=", "confirmed"), ("via", "=", "link")]
        self.assertTrue(self._count("field.visit.word", *spoken), "the word of a customer")

    def test_what_lies_beside_a_visit(self):
        self.assertTrue(self._count("field.visit", ("companion_ids", "!=", False)))
        self.assertTrue(self._count("mail.activity", ("field_visit_id", "!=", False)))
        self.assertTrue(self._count("field.pin.proposal"))
        self.assertTrue(self._count("res.partner", ("field_phone_uuid", "!=", False)))

    def test_what_is_said_between_the_visits(self):
        spoken = self.env["mail.activity"].with_context(active_test=False)
        self.assertTrue(spoken.search_count([("field_result_id.usage", "=", "contact")]))
        self.assertTrue(self._count("field.partner.change", ("state", "=", "open")))

    def test_reasons_and_goals_are_those_of_the_lists(self):
        self.assertTrue(self._count("field.visit", ("goal_id", "!=", False)))
        cannot = self.env["field.visit.step"].search([("state", "=", "cannot")])
        self.assertTrue(all(cannot.mapped("cannot_reason_id")))

    def test_weeks_are_planned(self):
        plan = self.env["field.period.plan"].search([], limit=1)
        self.assertEqual(plan.state, "ready")
        self.assertTrue(plan.line_ids)

    def test_work_packages_are_accepted_in_their_version(self):
        self.assertTrue(self._count("field.task.work", ("state", "=", "new")))
        accepted = self.env["field.task.work"].search([("accepted_at", "!=", False)])
        self.assertEqual(max(accepted.mapped("accepted_version")), 2)

    def test_suggestions_are_answered(self):
        for state in ("open", "accepted", "dismissed"):
            self.assertTrue(self._count("field.suggestion", ("state", "=", state)), state)

    def test_reports_have_words_and_comments(self):
        reports = self.env["field.work.report"].search([("kind", "=", "day")])
        self.assertTrue(any(report.blockers for report in reports))
        self.assertTrue(any(report.comment_count for report in reports))
