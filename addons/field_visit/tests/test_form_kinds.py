"""Questions that ask for more than a word: codes, photos, signatures."""

from ast import literal_eval
from uuid import uuid4

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..models.field_visit_photo import MAX_PHOTOS
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
        cls.seen = cls._ask("yes_no", sequence=3, required=False)
        cls.sign = cls._ask("signature", sequence=4, if_question_id=cls.seen.id)

    def _good(self):
        return {
            self.code.key: "6901234567892",
            self.rack.key: [RACK],
            self.seen.key: True,
            self.sign.key: [SIGN],
        }

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

    def test_signature_has_no_watermark(self):
        self._policy(photo_watermark=True)
        step = self._begin()
        step._do_done(answers=self._good())
        self.assertTrue(self._rows(self.rack).photo_ids._wants_stamp())
        self.assertFalse(self._rows(self.sign).photo_ids._wants_stamp())

    def test_signature_does_not_hang_on_the_photo_wall(self):
        step = self._begin()
        step._do_done(answers=self._good())
        Photo = self.env["field.visit.photo"]
        self.assertTrue(self._rows(self.sign).photo_ids.is_signature)
        self.assertFalse(self._rows(self.rack).photo_ids.is_signature)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_visit_photo_action"
        )
        domain = [one for one in literal_eval(action["domain"]) if one[0] != "attachment_id"]
        shown = Photo.search([*domain, ("step_id", "=", step.id)])
        self.assertEqual(shown.mapped("blob_uuid"), [RACK])

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

    def test_each_question_has_its_own_photos(self):
        """Twenty is what a step takes that has no questions."""
        more = [self._ask("photo", sequence=number, required=False) for number in (5, 6)]
        step = self._begin()
        names = {q.key: [str(uuid4()) for _n in range(10)] for q in (self.rack, *more)}
        step._do_done(answers={**self._good(), **names})
        self.assertEqual(len(step.photo_ids), 31)
        shelf = self._step(step.visit_id, "shelf")
        many = [str(uuid4()) for _n in range(MAX_PHOTOS + 1)]
        self.assertRejected("bad_payload", shelf._do_done, blobs=many)

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


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestFormTables(FormKindCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cola, cls.tea = cls.env["product.product"].create([{"name": "Cola"}, {"name": "Tea"}])
        cls.sold = cls._ask(
            "lines",
            sequence=1,
            points=4,
            product_ids=[(6, 0, (cls.cola | cls.tea).ids)],
            column_ids=[
                (0, 0, {"name": "Quantity", "sequence": 1}),
                (0, 0, {"name": "Lot", "kind": "text", "required": False, "sequence": 2}),
            ],
        )
        cls.qty, cls.lot = cls.sold.column_ids
        cls.taste = cls._ask(
            "matrix",
            sequence=2,
            required=False,
            is_single=True,
            option_ids=[(0, 0, {"name": "Taste"}), (0, 0, {"name": "Box"})],
            column_ids=[(0, 0, {"name": "Good", "kind": "text"}), (0, 0, {"name": "Bad"})],
        )

    def _line(self, product, qty, **cells):
        return {"product_id": product.id, "cells": {self.qty.key: qty, **cells}}

    def _good(self):
        taste, box = self.taste.option_ids.mapped("key")
        good, bad = self.taste.column_ids.mapped("key")
        return {
            self.sold.key: [
                self._line(self.cola, 2, **{self.lot.key: "A1"}),
                self._line(self.cola, 3),
                self._line(self.tea, 1),
            ],
            self.taste.key: {taste: {good: True}, box: {bad: True}},
        }

    def test_each_cell_is_a_typed_row(self):
        step = self._begin()
        step._do_done(answers=self._good())
        sold = self._rows(self.sold).sorted("id")
        self.assertEqual(
            [(row.line, row.product_id, row.column_id, row.kind) for row in sold],
            [
                (1, self.cola, self.qty, "number"),
                (1, self.cola, self.lot, "text"),
                (2, self.cola, self.qty, "number"),
                (3, self.tea, self.qty, "number"),
            ],
        )
        self.assertEqual(sold[0].display, "Cola · Quantity: 2")
        self.assertEqual(sold[1].value_text, "A1")
        taste = self._rows(self.taste).sorted("id")
        self.assertEqual([row.row_id for row in taste], list(self.taste.option_ids))
        self.assertEqual(taste.mapped("display"), ["Taste · Good: Yes", "Box · Bad: Yes"])

    def test_quantities_add_up_and_points_count_once(self):
        step = self._begin()
        step._do_done(answers=self._good())
        groups = self.env["field.form.answer"]._read_group(
            [("column_id", "=", self.qty.id)], ["product_id"], ["value_total:sum"]
        )
        self.assertEqual(dict(groups), {self.cola: 5.0, self.tea: 1.0})
        self.assertEqual(sum(step.answer_ids.mapped("points")), 4)
        self.assertEqual(step.form_points, 4)

    def test_server_checks_the_table(self):
        step = self._begin()
        other = self.env["product.product"].create({"name": "Milk"})
        for lines in ([self._line(other, 1)], [self._line(self.cola, "many")], "cola"):
            answers = {**self._good(), self.sold.key: lines}
            self.assertRejected("form_wrong", step._do_done, answers=answers)
        open_line = [{"product_id": self.cola.id, "cells": {self.lot.key: "A1"}}]
        answers = {**self._good(), self.sold.key: open_line}
        sentence = self.assertRejected("form_wrong", step._do_done, answers=answers)
        self.assertIn("not complete", sentence)
        self.assertFalse(step.answer_ids)

    def test_words_stay_as_they_were_asked(self):
        step = self._begin()
        step._do_done(answers=self._good())
        self.qty.name = "Pieces"
        self.cola.unlink()
        rows = self._rows(self.sold).sorted("id")
        self.assertEqual(rows[0].display, "Cola · Quantity: 2")
        self.assertFalse(rows[0].product_id)

    def test_a_change_of_a_column_makes_a_version(self):
        before = self.form._get_version()
        self.lot.required = True
        self.assertGreater(self.form._get_version().number, before.number)

    def test_table_needs_its_parts(self):
        with self.assertRaises(ValidationError):
            self._ask("matrix", column_ids=[(0, 0, {"name": "Good"})])
        with self.assertRaises(ValidationError):
            self._ask("lines", product_ids=[(6, 0, self.cola.ids)])

    def test_builder_begins_with_quantity_and_price(self):
        view = "field_visit.field_form_question_view_form"
        with Form(
            self.env["field.form.question"].with_context(default_form_id=self.form.id), view
        ) as form:
            form.name = "What did you sell?"
            form.kind = "lines"
            form.product_ids.add(self.cola)
        self.assertEqual(form.record.column_ids.mapped("kind"), ["number", "price"])

    def test_phone_gets_products_and_columns(self):
        row = self.env["field.app"].with_user(self.rita)._forms(self.form)[0]
        sold, taste = row["questions"]
        self.assertEqual([one["name"] for one in sold["products"]], ["Cola", "Tea"])
        self.assertEqual([one["name"] for one in sold["columns"]], ["Quantity", "Lot"])
        self.assertEqual({one["kind"] for one in taste["columns"]}, {"yes_no"})
        self.assertTrue(taste["single"])
