"""Proofs: N of several, the customer's code, his word, the storefront; roles and pages."""

import base64
import io
import re
import unittest

from freezegun import freeze_time
from PIL import Image, ImageDraw, ImageEnhance

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..tools import codes, likeness
from .common import AT_CUSTOMER, FAR, VisitCase, VisitCommon


def scene(seed=1, light=1.0, shift=0, stamp=""):
    """A storefront of boxes; ``light`` and ``shift`` make it another picture of the same one."""
    image = Image.new("RGB", (640, 480), (120, 150, 190))
    draw = ImageDraw.Draw(image)
    for number in range(14):
        value = seed * 7919 + number * 104729
        x, y = value % 560 + shift, value // 7 % 400
        shade = value // 11 % 220
        draw.rectangle([x, y, x + 60 + value % 90, y + 50 + value % 70], fill=(shade, shade, 90))
    draw.rectangle([0, 400, 640, 480], fill=(0, 0, 0))
    draw.text((10, 430), stamp, fill=(255, 255, 255))
    buffer = io.BytesIO()
    ImageEnhance.Brightness(image).enhance(light).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


class TestWitnessTools(unittest.TestCase):
    def test_code_is_read_only_with_its_secret(self):
        code = codes.make("secret", 42, 3)
        self.assertEqual(codes.read("secret", f" {code.lower()} "), (42, 3))
        self.assertIsNone(codes.read("other", code))
        self.assertIsNone(codes.read("secret", code.replace("-42-", "-43-")))
        self.assertIsNone(codes.read("secret", code.replace("-3-", "-4-")))
        for text in ("", None, "FS1-42-3-", "6901028075015"):
            self.assertIsNone(codes.read("secret", text))

    def test_same_place_in_other_light_other_place_not(self):
        known = likeness.fingerprint(scene())
        again = likeness.fingerprint(scene(light=0.7, shift=6, stamp="23 Nov 09:41"))
        self.assertGreaterEqual(likeness.likeness(known, again), likeness.ALIKE)
        for seed in range(2, 22):
            other = likeness.fingerprint(scene(seed=seed))
            self.assertLess(likeness.likeness(known, other), likeness.ALIKE, seed)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestWitness(VisitCase):
    def _begin(self, position=AT_CUSTOMER, user=None, **rules):
        self._policy(user, fence_mode="none", **rules)
        visit = self._plan(user=user)
        visit.action_check_in(position)
        return visit

    def _proof(self, visit, kind):
        return visit.step_ids.filtered(lambda step: step.kind == kind)

    # ---------------------------------------------------------------- N of

    def test_policy_brings_the_steps_the_procedure_lacks(self):
        rules = {"proof_mode": "mark", "proof_count": 1, "proof_by_code": True}
        visit = self._begin(**rules, proof_by_selfie=True)
        self.assertEqual(self._proof(visit, "code").name, "Code of the customer")
        self.assertFalse(self._proof(visit, "code").required)
        self.assertEqual(len(self._proof(visit, "selfie")), 1)
        self.assertFalse(self._proof(visit, "word"))
        self.assertEqual(visit.policy_snapshot["proof_count"], 1)

    def test_nothing_is_asked_until_it_is_switched_on(self):
        visit = self._begin(proof_by_code=True)
        self.assertFalse(self._proof(visit, "code"))
        call = self._plan(channel="phone")
        self._policy(proof_mode="mark", proof_count=1)
        visit.action_check_out(AT_CUSTOMER)
        call.action_check_in()
        self.assertFalse(self._proof(call, "code"))

    def test_two_of_three_block_the_check_out(self):
        rules = {"proof_mode": "block", "proof_count": 2, "proof_by_place": True}
        visit = self._begin(**rules, proof_by_code=True, proof_by_signature=True)
        text = self.assertRejected("proof_missing", visit.action_check_out, AT_CUSTOMER)
        self.assertIn("1 of 2 proofs", text)
        self.assertIn("Code of the customer", text)
        self._proof(visit, "code")._do_done(value=self.dragon._get_field_code())
        visit.action_check_out(AT_CUSTOMER)
        self.assertEqual((visit.state, visit.proof_missing), ("done", False))

    def test_an_end_by_the_system_is_marked(self):
        rules = {"proof_mode": "block", "proof_count": 1, "proof_by_code": True}
        visit = self._begin(**rules)
        visit.sudo()._do_check_out(end_source="auto")
        self.assertTrue(visit.proof_missing)

    def test_more_than_counts_cannot_be_asked(self):
        from psycopg2.errors import CheckViolation

        from odoo.tools import mute_logger

        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._policy(proof_count=2, proof_by_code=True).flush_recordset()

    # ---------------------------------------------------------------- code

    def test_code_of_the_customer(self):
        rules = {"proof_mode": "mark", "proof_count": 1, "proof_by_code": True}
        visit = self._begin(position=None, **rules)
        step = self._proof(visit, "code")
        wrong = self.lucky._get_field_code()
        forged = self.dragon._get_field_code()[:-2] + "AA"
        for text in (wrong, forged, "", "6901028075015"):
            self.assertRejected("code_wrong", step._do_done, value=text)
        step._do_done(value=self.dragon._get_field_code())
        self.assertFalse(step.value, "the code is not kept")
        with freeze_time("2026-11-23 01:50:00"):
            visit.action_check_out()
        self.assertEqual(visit.verdict, "valid", "a basement has no satellites")
        self.assertIn("At the customer's place: 18 / 25", visit.truth_summary)
        self.assertIn("word of the customer: 15 / 15", visit.truth_summary)

    def test_renewed_code_ends_the_old_one(self):
        old = self.dragon._get_field_code()
        with self.assertRaises(AccessError):
            self.dragon.with_user(self.rita).action_renew_field_code()
        self.dragon.with_user(self.lea).action_renew_field_code()
        Partner = self.env["res.partner"]
        self.assertFalse(Partner._find_by_field_code(old))
        self.assertEqual(Partner._find_by_field_code(self.dragon._get_field_code()), self.dragon)

    def test_tags_are_written_by_leaders(self):
        with self.assertRaises(AccessError):
            self.dragon.with_user(self.rita).action_write_field_tag()
        action = self.dragon.with_user(self.lea).action_write_field_tag()
        code = action["params"]["code"]
        self.assertEqual(self.env["res.partner"]._find_by_field_code(code), self.dragon)

    def test_labels_are_for_leaders(self):
        shops = self.dragon | self.lucky
        with self.assertRaises(AccessError):
            shops.with_user(self.rita).action_print_field_labels()
        self.assertIn(
            str(self.lucky.id), shops.with_user(self.lea).action_print_field_labels()["url"]
        )

    # ---------------------------------------------------------------- word

    def _ask(self, visit):
        """The code and the token of the mail."""
        step = self._proof(visit, "word")
        step.action_ask_word()
        mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        token = re.search(r"/field/word/([\w-]+)", mail.body_html)[1]
        return re.search(r">([A-Z2-9]{8})<", mail.body_html)[1], token

    def _asked(self, **more):
        self.dragon.email = "shop@example.com"
        rules = {"proof_mode": "mark", "proof_count": 1, "proof_by_word": True}
        visit = self._begin(**rules, **more)
        return visit, *self._ask(visit)

    def test_one_time_code(self):
        visit, code, _token = self._asked()
        step = self._proof(visit, "word")
        self.assertRejected("word_wrong", step._do_done, value=code[::-1] + "2")
        step._do_done(value=code)
        self.assertTrue(visit.is_witnessed)
        self.assertEqual(visit.sudo().word_ids.state, "confirmed")
        self.assertNotIn(code, str(visit.sudo().word_ids.read()))

    def test_a_new_question_ends_the_old_code(self):
        visit, old, _token = self._asked()
        new, _token = self._ask(visit)
        step = self._proof(visit, "word")
        self.assertRejected("word_wrong", step._do_done, value=old)
        with freeze_time("2026-11-26 02:00:00"):
            self.assertRejected("word_wrong", step._do_done, value=new)
        step._do_done(value=f" {new[:4].lower()} {new[4:]}")
        self.assertEqual(step.state, "done")

    def test_no_address_no_word(self):
        rules = {"proof_mode": "mark", "proof_count": 1, "proof_by_word": True}
        visit = self._begin(**rules)
        self.assertRejected("no_email", self._proof(visit, "word").action_ask_word)

    def test_late_confirmation_lifts_the_mark(self):
        visit, _code, token = self._asked(position=FAR)
        visit.action_check_out()
        self.assertEqual((visit.proof_missing, visit.verdict), (True, "unverifiable"))
        self.env["field.visit.word"]._find(token)._answer("confirmed", "link", "5", "Thanks")
        self.assertFalse(visit.proof_missing)
        self.assertEqual(self._proof(visit, "word").state, "done")
        self.assertNotEqual(visit.verdict, "unverifiable")
        self.assertEqual(visit.sudo().word_ids.rating, "5")

    def test_denied_visit_waits_for_the_leader(self):
        visit, _code, token = self._asked()
        visit.action_check_out(AT_CUSTOMER)
        self.env["field.visit.word"]._find(token)._answer("denied", "link")
        visit.action_explain("I was there")
        queue = self.env["field.visit"].with_user(self.lea).get_review_queue()
        self.assertIn(visit.id, [item["id"] for item in queue["items"]])

    def test_word_is_read_by_role(self):
        visit, _code, _token = self._asked()
        word = visit.sudo().word_ids
        Word = self.env["field.visit.word"]
        for user, sees in ((self.rita, 1), (self.ravi, 0), (self.lea, 1), (self.otis, 0)):
            self.assertEqual(Word.with_user(user).search_count([("id", "=", word.id)]), sees)
        for user in (self.rita, self.lea):
            with self.assertRaises(AccessError):
                word.with_user(user).write({"state": "confirmed"})
            with self.assertRaises(AccessError):
                word.with_user(user).read(["code_hash"])
        with self.assertRaises(AccessError):
            Word.with_user(self.nina).search([])

    def test_phone_asks_and_tells(self):
        self.dragon.email = "shop@example.com"
        rules = {"proof_mode": "mark", "proof_count": 1, "proof_by_word": True}
        visit = self._begin(**rules)
        event = self.env["field.event"].with_user(self.rita).new({})
        event._apply_visit_ask_word({"visit_uuid": visit.uuid})
        self.assertEqual(visit.sudo().word_ids.state, "asked")

    # ---------------------------------------------------------------- storefront

    def _take(self, user=None, proof_mode="mark", **picture):
        rules = {"proof_mode": proof_mode, "proof_count": 1, "proof_by_storefront": True}
        visit = self._begin(user=user, **rules)
        step = self._proof(visit, "storefront")
        step.add_photo(base64.b64encode(scene(**picture)).decode())
        step.action_done()
        return visit, step.photo_ids.sudo()

    def test_storefront_is_held_beside_the_reference(self):
        visit, first = self._take()
        self.assertEqual(first.match, "none")
        visit.action_check_out(AT_CUSTOMER)
        self.assertFalse(visit.proof_missing, "nothing to compare with yet")
        with self.assertRaises(AccessError):
            first.with_user(self.rita).action_make_reference()
        first.with_user(self.lea).action_make_reference()
        self.assertEqual(first.match, "same")
        self.assertFalse(visit.proof_missing)
        same, photo = self._take(user=self.ravi, light=0.75, shift=5)
        self.assertEqual(photo.match, "same")
        same.action_check_out(AT_CUSTOMER)
        self.assertFalse(same.proof_missing)
        other, photo = self._take(user=self.olga, seed=9)
        self.assertEqual(photo.match, "different")
        other.action_check_out(AT_CUSTOMER)
        self.assertTrue(other.proof_missing)

    def test_phone_and_server_ask_the_same_of_a_storefront(self):
        """The phone holds no pictures beside each other: what it lets go is not refused here."""
        visit, first = self._take(proof_mode="block")
        visit.action_check_out(AT_CUSTOMER)
        self.assertEqual((first.match, visit.proof_missing), ("none", False))
        first.with_user(self.lea).action_make_reference()
        other, photo = self._take(user=self.ravi, proof_mode="block", seed=9)
        self.assertEqual(photo.match, "different")
        other.action_check_out(AT_CUSTOMER)
        self.assertEqual((other.state, other.proof_missing), ("done", True))
        empty = self._begin(user=self.olga, proof_count=1, proof_by_storefront=True)
        self.assertRejected("proof_missing", empty.action_check_out, AT_CUSTOMER)

    def test_what_is_no_picture_is_not_like_the_reference(self):
        _visit, first = self._take()
        first.with_user(self.lea).action_make_reference()
        photo = first.copy({"blob_uuid": "x", "match": False, "is_reference": False})
        photo.write({"fingerprint": False, "attachment_id": False})
        self.assertEqual(photo._judge_match(first)["match"], "different")

    def test_there_is_one_reference_and_the_phone_has_it(self):
        visit, first = self._take()
        first.with_user(self.lea).action_make_reference()
        visit.action_check_out(AT_CUSTOMER)
        _visit, second = self._take(user=self.ravi, light=0.9)
        second.with_user(self.lea).action_make_reference()
        self.assertEqual((first.is_reference, second.is_reference), (False, True))
        row = self.env["field.app"].with_user(self.rita)._briefs(self.dragon)[0]
        self.assertTrue(row["references"]["storefront"].startswith("data:image/jpeg;base64,"))


@tagged("post_install", "-at_install")
class TestWitnessPages(VisitCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls._set_up_places()
        cls.dragon.write({"email": "shop@example.com", "lang": "en_US"})

    def _asked(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        word = self.env["field.visit.word"]._ask(visit)
        word.token_hash = word._hash("known-token")
        return visit, word

    def test_customer_confirms_without_a_login(self):
        visit, word = self._asked()
        page = self.url_open("/field/word/known-token")
        self.assertIn("Golden Dragon", page.text)
        self.assertEqual(word.state, "asked", "looking is no answer")
        answer = {"answer": "confirmed", "rating": "4", "remark": "<b>good</b>"}
        done = self.url_open("/field/word/known-token", data=answer)
        self.assertIn("You have confirmed", done.text)
        word.invalidate_recordset()
        self.assertEqual((word.state, word.via, word.rating), ("confirmed", "link", "4"))
        self.assertTrue(visit.is_witnessed)
        again = self.url_open("/field/word/known-token", data={"answer": "denied"})
        self.assertIn("You have confirmed", again.text)
        self.assertNotIn("session_id", done.headers.get("Set-Cookie", ""))

    def test_unknown_and_expired_links(self):
        _visit, word = self._asked()
        self.assertEqual(self.url_open("/field/word/made-up").status_code, 404)
        word.expires_at = "2020-01-01 00:00:00"
        page = self.url_open("/field/word/known-token", data={"answer": "confirmed"})
        self.assertIn("no longer valid", page.text)
        word.invalidate_recordset()
        self.assertEqual(word.state, "asked")

    def test_labels(self):
        url = f"/field/customer-labels.pdf?ids={self.dragon.id},{self.lucky.id}"
        self.lea.password = self.rita.password = "labels-of-shops-1"
        self.authenticate("v_lea", "labels-of-shops-1")
        page = self.url_open(url)
        self.assertEqual(page.headers["Content-Type"], "application/pdf")
        self.assertTrue(page.content.startswith(b"%PDF"))
        self.assertEqual(self.url_open("/field/customer-labels.pdf?ids=x").status_code, 400)
        self.authenticate("v_rita", "labels-of-shops-1")
        self.assertEqual(self.url_open(url).status_code, 404)
