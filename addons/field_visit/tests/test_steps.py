from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AT_CUSTOMER, VisitCase

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJg"
    "gg=="
)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestSteps(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-11-23 01:00:00"):
            cls.visit = cls._plan()
            cls.visit.action_check_in(AT_CUSTOMER)

    def test_check_is_done_with_one_tap(self):
        step = self._step(self.visit, "look")
        step.action_done()
        self.assertEqual((step.state, step.answered_at), ("done", datetime(2026, 11, 23, 1, 30)))

    def test_note_wants_words(self):
        step = self._step(self.visit, "talk")
        self.assertRejected("note_required", step.action_done)
        step.note = "They want more cola"
        step.action_done()
        self.assertEqual(step.state, "done")

    def test_photo_step_wants_its_photos(self):
        step = self._step(self.visit, "shelf")
        sentence = self.assertRejected("photos_missing", step.action_done)
        self.assertIn("0 of 1", sentence)
        step.add_photo(PNG)
        step.action_done()
        self.assertEqual(step.state, "done")

    def test_not_possible_needs_a_reason(self):
        step = self._step(self.visit, "shelf")
        self.assertRejected("reason_required", step.action_cannot)
        self.assertRejected("reason_required", step.action_cannot, "  ")
        step.action_cannot("No photos allowed")
        self.assertEqual((step.state, step.reason), ("cannot", "No photos allowed"))

    def test_same_answer_again_changes_nothing(self):
        step = self._step(self.visit, "look")
        step._do_done(note="first")
        with freeze_time("2026-11-23 01:50:00"):
            step._do_done(note="second")
        self.assertEqual(step.note, "first")
        self.assertEqual(step.answered_at, datetime(2026, 11, 23, 1, 30))

    def test_done_step_is_not_turned_into_not_possible(self):
        step = self._step(self.visit, "look")
        step.action_done()
        self.assertRejected("wrong_state", step.action_cannot, "changed my mind")

    def test_free_order_by_default(self):
        self._step(self.visit, "talk")._do_done(note="first things last")
        self.assertEqual(self._step(self.visit, "look").state, "todo")

    def test_fixed_order_holds_on_every_path(self):
        self.sop.strict_order = True
        visit = self._plan(user=self.ravi)
        visit.action_check_in(AT_CUSTOMER)
        talk = self._step(visit, "talk")
        sentence = self.assertRejected("step_order", talk._do_done, note="too early")
        self.assertIn("Look, Shelf", sentence)
        self.assertRejected("step_order", talk.action_done)
        self.assertRejected("step_order", talk.action_cannot, "nobody there")
        with self.assertRaises(UserError):
            talk.write({"state": "done"})
        self.assertEqual(talk.state, "todo")
        self._step(visit, "look").action_done()
        self._step(visit, "shelf").action_cannot("No photos allowed")
        talk._do_done(note="now")
        self.assertEqual(talk.state, "done")

    def test_procedure_holds_as_it_was_at_the_check_in(self):
        self.sop.write({"strict_order": True, "block_check_out": True})
        self._step(self.visit, "talk")._do_done(note="first things last")
        self.visit.action_check_out(AT_CUSTOMER)
        self.assertEqual(self.visit.state, "done")
        later = self._plan(user=self.ravi)
        later.action_check_in(AT_CUSTOMER)
        self.sop.write({"strict_order": False, "block_check_out": False})
        self.assertRejected("step_order", self._step(later, "talk")._do_done, note="now")
        self.assertRejected("steps_missing", later.action_check_out, AT_CUSTOMER)

    def test_fixed_order_lets_an_optional_step_out(self):
        self.sop.strict_order = True
        self.sop.step_ids.filtered(lambda step: step.key == "extra").sequence = 0
        visit = self._plan(user=self.ravi)
        visit.action_check_in(AT_CUSTOMER)
        self.assertEqual(visit.step_ids[0].key, "extra")
        self._step(visit, "look").action_done()
        self.assertEqual(self._step(visit, "look").state, "done")

    def test_mistaken_answer_can_be_taken_back_during_the_visit(self):
        step = self._step(self.visit, "look")
        step.action_done()
        step.action_reopen()
        self.assertEqual((step.state, step.answered_at), ("todo", False))

    def test_answers_stay_after_the_visit(self):
        step, talk = self._step(self.visit, "look"), self._step(self.visit, "talk")
        step.action_done()
        self.visit.action_check_out(AT_CUSTOMER)
        with freeze_time("2026-11-23 05:00:00"):
            self.assertRejected("not_checked_in", step.action_reopen)
            self.assertRejected("not_checked_in", talk._do_done, note="late")
            self.assertRejected("not_checked_in", talk.add_photo, PNG)
            with self.assertRaises(UserError):
                talk.note = "late"

    def test_answered_step_cannot_be_reworded(self):
        step = self._step(self.visit, "look")
        step.action_done()
        for vals in ({"note": "x"}, {"state": "todo"}, {"name": "x"}, {"required": False}):
            with self.assertRaises(UserError):
                step.write(vals)

    def test_forged_context_opens_nothing(self):
        step = self._step(self.visit, "look")
        for forged in (True, 1, "object"):
            with self.assertRaises(UserError):
                step.with_context(field_visit_step_evidence=forged).write({"state": "done"})

    def test_only_the_representative_answers(self):
        step = self._step(self.visit, "look")
        self.assertRejected("forbidden", step.with_user(self.lea).action_done)
        with self.assertRaises(UserError):
            step.with_user(self.lea).note = "I was there too"
        with self.assertRaises(AccessError):
            step.with_user(self.olga).action_done()

    def test_late_answer_from_the_journal_counts_for_its_moment(self):
        self.visit._do_check_out(AT_CUSTOMER, at=datetime(2026, 11, 23, 1, 20))
        self._step(self.visit, "look")._do_done(at=datetime(2026, 11, 23, 1, 10))
        self.assertEqual(self._step(self.visit, "look").state, "done")
        self.assertRejected(
            "not_checked_in",
            self._step(self.visit, "extra")._do_done,
            at=datetime(2026, 11, 23, 0, 50),
        )

    def test_steps_and_photos_cannot_be_deleted(self):
        step = self._step(self.visit, "shelf")
        step.add_photo(PNG)
        with self.assertRaises(UserError):
            step.sudo().photo_ids.unlink()
        with self.assertRaises(UserError):
            step.sudo().unlink()

    def test_procedure_copy_has_its_own_keys(self):
        copy = self.sop.copy()
        self.assertEqual(copy.name, "Test procedure (copy)")
        self.assertEqual(len(copy.step_ids), 4)
        self.assertFalse(set(copy.step_ids.mapped("key")) & set(self.sop.step_ids.mapped("key")))

    def test_photo_step_asks_for_a_sane_number(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.sop.step_ids[1].min_photos = 0
            self.sop.step_ids.flush_recordset()
