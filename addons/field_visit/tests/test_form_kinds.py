"""Questions that ask for more than a word: codes, photos, signatures."""

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase

RACK = "0192f0c1-7a5e-7c3a-8b5e-2f6f0a9d1c11"
SIGN = "0192f0c1-7a5e-7c3a-8b5e-2f6f0a9d1c12"


class FormKindCase(VisitCase):
    """A form at every visit; what it asks is up to the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["field.form"].create({"name": "Promoter's round"})
        cls.env["field.sop.step"].create(
            {
                "sop_id": cls.sop.id,
                "name": "Round",
                "kind": "form",
                "key": "form",
                "sequence": 5,
                "form_id": cls.form.id,
            }
        )

    @classmethod
    def _ask(cls, kind, **vals):
        vals = {"form_id": cls.form.id, "name": f"Which {kind}?", "kind": kind, **vals}
        return cls.env["field.form.question"].create(vals)

    def _begin(self, user=None):
        visit = self._plan(user=user)
        visit.action_check_in(AT_CUSTOMER)
        return self._step(visit, "form")

    def _rows(self, question):
        return self.env["field.form.answer"].search([("question_id", "=", question.id)])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestFormFiles(FormKindCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.code = cls._ask("barcode", sequence=1)
        cls.rack = cls._ask("photo", sequence=2, is_prefilled=True, points=3)
        cls.sign = cls._ask("signature", sequence=3, required=False)

    def _good(self):
        return {self.code.key: "6901234567892", self.rack.key: [RACK], self.sign.key: [SIGN]}

    def test_files_come_along_by_their_name(self):
        step = self._begin()
        step._do_done(answers=self._good())
        self.assertEqual(set(step.photo_ids.mapped("blob_uuid")), {RACK, SIGN})
        self.assertEqual(self._rows(self.rack).photo_ids.blob_uuid, RACK)
        self.assertEqual(self._rows(self.sign).photo_ids.blob_uuid, SIGN)
        self.assertEqual(self._rows(self.code).display, "6901234567892")
        self.assertEqual(self._rows(self.rack).display, "1 photos")
        self.assertEqual(self._rows(self.sign).display, "Signed")
        self.assertEqual(step.form_points, 3)

    def test_photo_of_another_step_is_not_taken(self):
        self._begin()._do_done(answers=self._good())
        other = self._begin(user=self.ravi)
        self.assertRejected("photo_used", other._do_done, answers=self._good())
        self.assertEqual(other.state, "todo")

    def test_what_is_no_name_of_a_file_is_refused(self):
        step = self._begin()
        for wrong in ("../etc/passwd", [RACK.upper()], [7], [RACK, RACK]):
            answers = {**self._good(), self.rack.key: wrong}
            self.assertRejected("form_wrong", step._do_done, answers=answers)
        self.assertFalse(step.photo_ids)

    def test_required_photo_is_asked_for(self):
        step = self._begin()
        sentence = self.assertRejected(
            "form_wrong", step._do_done, answers={self.code.key: "1", self.rack.key: []}
        )
        self.assertIn("Which photo?", sentence)

    def test_photos_belong_to_one_visit(self):
        """They never stand there already, whatever the question says."""
        step = self._begin()
        step._do_done(answers=self._good())
        step.visit_id.action_check_out(AT_CUSTOMER)
        self.assertEqual(self._begin().form_questions["last"], {})

    def test_picture_from_the_desk(self):
        step = self._begin()
        pixel = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
            "kJggg=="
        )
        photo = self.env["field.visit.photo"].browse(step.add_photo(pixel))
        step.answers = {self.code.key: "1", self.rack.key: [photo.blob_uuid]}
        step.action_done()
        self.assertEqual(self._rows(self.rack).photo_ids, photo)
        self.assertEqual(step.photo_ids, photo)
