import base64
import io
from datetime import datetime, timedelta

from PyPDF2 import PdfReader

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from ..tools.errors import FieldRejected
from .common import FieldCase, build_team, make_event

NOW = datetime(2026, 11, 20, 4)
# a picture of one pixel
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class ConsentCase(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["field.policy"]
        cls.policy = cls.Policy._get_for_users(cls.rep)[cls.rep.id]
        cls.policy.write({"consent_required": True, "tracking_level": "continuous"})
        cls.Consent = cls.env["field.consent"]

    def sign(self, user=None, **options):
        user = user or self.rep
        policy = self.Policy._get_for_users(user)[user.id]
        values = {"version": policy._get_consent_version(), "name": user.name, "at": NOW, **options}
        return self.as_user("field.consent", user)._sign(user, **values)


@tagged("post_install", "-at_install")
class TestConsent(ConsentCase):
    """Who agreed to what, and what follows from it."""

    def test_text_says_what_the_policy_does(self):
        self.policy.write({"retention_position_days": 60, "access_reason_required": True})
        text = self.policy._get_consent_text(self.policy._get_consent_sections(self.rep, "en_US"))
        self.assertIn(self.company.name, text)
        self.assertIn("all along the working day", text)
        self.assertIn("Positions: 60 days", text)
        self.assertIn("until the company sets one: Tracks", text)
        self.assertIn("must say why", text)
        self.assertIn("at any hour", text)
        self.policy.write({"working_time_lock": "workday", "track_viewers": "admin"})
        text = self.policy._get_consent_text(self.policy._get_consent_sections(self.rep, "en_US"))
        self.assertNotIn("at any hour", text)
        self.assertIn("ends by itself at 22:00", text)
        self.assertIn("no leader, only administrators", text)
        self.policy.write({"tracking_level": "check_in", "access_reason_required": False})
        text = self.policy._get_consent_text(self.policy._get_consent_sections(self.rep, "en_US"))
        self.assertNotIn("all along the working day", text)
        self.assertIn("Nothing runs in the background", text)
        self.assertNotIn("must say why", text)

    def test_text_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        consent = self.sign()
        self.assertEqual(consent.lang, "zh_CN")
        self.assertIn("记录", consent.text)
        self.assertNotIn("recording", consent.text)
        self.assertEqual(consent.version, self.policy._get_consent_version())

    def test_version_is_the_substance(self):
        version = self.policy._get_consent_version()
        self.policy.write({"name": "Another name", "fence_radius": 500, "effective_from": NOW})
        self.assertEqual(self.policy._get_consent_version(), version)
        for change in (
            {"tracking_level": "app"},
            {"retention_position_days": 60},
            {"day_end_hour": 20},
            {"working_time_lock": "workday"},
            {"track_viewers": "direct"},
            {"access_reason_required": True},
        ):
            with self.subTest(change=change):
                before = self.policy._get_consent_version()
                self.policy.write(change)
                self.assertNotEqual(self.policy._get_consent_version(), before)

    def test_signing_keeps_the_proof(self):
        consent = self.sign(signature=PIXEL)
        self.assertRecordValues(
            consent,
            [
                {
                    "user_id": self.rep.id,
                    "name": self.rep.name,
                    "state": "valid",
                    "is_current": True,
                    "signed_at": NOW,
                    "policy_id": self.policy.id,
                }
            ],
        )
        self.assertEqual(consent.text_hash, self.policy._hash_consent(consent.text))
        self.assertEqual(consent.sudo().signature, PIXEL.encode())
        self.assertEqual(self.sign(), consent, "the same again is the same")

    def test_who_has_a_valid_one(self):
        people = self.rep | self.senior | self.leader
        self.assertEqual(self.Consent._has_valid(people), set())
        self.assertEqual(self.Consent._is_missing(people), set(people.ids))
        self.sign()
        self.assertEqual(self.Consent._has_valid(people), {self.rep.id})
        self.assertEqual(self.Consent._is_missing(people), {self.senior.id, self.leader.id})
        self.policy.consent_required = False
        self.assertEqual(self.Consent._is_missing(people), set())

    def test_changed_rules_ask_again(self):
        first = self.sign()
        self.policy.retention_position_days = 60
        self.assertFalse(self.Consent._has_valid(self.rep))
        first.invalidate_recordset()
        self.assertEqual((first.state, first.is_current), ("valid", False))
        with self.assertRaises(FieldRejected) as refusal:
            self.sign(version=first.version)
        self.assertEqual(refusal.exception.code, "consent_outdated")
        second = self.sign()
        self.assertEqual(first.state, "superseded")
        self.assertEqual(self.Consent._has_valid(self.rep), {self.rep.id})
        self.assertEqual((first.ended_at, second.is_current), (NOW, True))

    def test_withdrawal_works_at_once_and_tells_administrators(self):
        consent = self.sign()
        self.as_user("field.consent", self.rep).browse(consent.id).action_withdraw()
        self.assertEqual(consent.state, "withdrawn")
        self.assertFalse(self.Consent._has_valid(self.rep))
        activities = consent.sudo().activity_ids
        self.assertIn(self.admin, activities.user_id)
        self.assertIn(self.rep.name, activities[0].summary)
        self.assertNotIn(self.stranger, activities.user_id)
        again = self.sign()
        self.assertNotEqual(again, consent)
        self.assertEqual(self.Consent._has_valid(self.rep), {self.rep.id})

    def test_withdrawal_that_came_late_leaves_a_newer_signature(self):
        consent = self.sign()
        Consent = self.as_user("field.consent", self.rep)
        Consent._withdraw(self.rep, NOW - timedelta(hours=1))
        self.assertEqual(consent.state, "valid")

    def test_tracking_needs_it_only_where_the_policy_says_so(self):
        self.assertEqual(self.device._tracking_refusal(), "consent")
        consent = self.sign()
        self.assertFalse(self.device._tracking_refusal())
        consent.action_withdraw()
        self.assertEqual(self.device._tracking_refusal(), "consent")
        self.policy.consent_required = False
        self.assertFalse(self.device._tracking_refusal())
        self.policy.write({"consent_required": True, "tracking_level": "check_in"})
        self.assertEqual(self.device._tracking_refusal(), "policy")

    def test_nobody_signs_for_another(self):
        with self.assertRaises(AccessError):
            self.as_user("field.consent", self.leader)._sign(self.rep, "x", "Rep", NOW)
        with self.assertRaises(AccessError):
            self.as_user("field.consent", self.leader)._withdraw(self.rep, NOW)
        consent = self.sign()
        with self.assertRaises(AccessError):
            self.as_user("field.consent", self.leader).browse(consent.id).action_withdraw()

    def test_nothing_in_it_can_be_changed(self):
        consent = self.sign()
        for env in (consent.sudo(), self.as_user("field.consent", self.admin).browse(consent.id)):
            for change in (lambda c: c.write({"name": "Other"}), lambda c: c.unlink()):
                with self.subTest(uid=env.env.uid), self.assertRaises(UserError):
                    change(env)
        with self.assertRaises(UserError):
            consent.sudo().with_context(field_append_open=True).write({"text": "x"})

    def test_who_sees_it(self):
        consents = (self.sign() | self.sign(self.junior) | self.sign(self.other_rep)).sudo()
        self.env.ref("base.group_user").implied_ids |= self.env.ref("base.group_allow_export")
        owners = consents.user_id
        seen = {
            self.rep: consents[0],
            self.junior: consents[1],
            self.leader: consents[:2],
            self.sibling: consents[2],
            self.admin: consents,
            self.auditor: consents,
            self.stranger: consents.browse(),
        }
        for user, expected in seen.items():
            with self.subTest(user=user.login):
                Consent = self.as_user("field.consent", user)
                self.assertEqual(Consent.search([("id", "in", consents.ids)]), expected)
                groups = Consent._read_group([], ["user_id"])
                people = self.env["res.users"].union(*(g[0] for g in groups)).sudo()
                self.assertEqual(people & owners, expected.user_id)
                for hidden in Consent.browse((consents - expected).ids):
                    with self.assertRaises(AccessError):
                        hidden.export_data(["text"])
        for user in (self.internal, self.portal):
            with self.assertRaises(AccessError):
                self.as_user("field.consent", user).search([])

    def test_cost_does_not_grow_with_the_people(self):
        self.sign()
        people = self.rep | self.senior | self.junior | self.other_rep
        counts = []
        for users in (self.rep, people):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.Consent._is_missing(users)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_form_to_sign(self):
        wizard = Form(self.as_user("field.consent.sign", self.rep))
        self.assertIn("What is recorded", wizard.text)
        wizard.name = "Rep in person"
        action = wizard.save().action_sign()
        consent = self.Consent.browse(action["res_id"])
        self.assertEqual((consent.name, consent.is_current), ("Rep in person", True))

    def test_pdf_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.write({"lang": "zh_CN", "name": "李娜"})
        consent = self.sign(signature=PIXEL)
        text = _text_of(consent._render_pdf())
        for words in ("李娜", "签名", "记录什么"):
            self.assertIn(words.encode("utf-16-be").decode("latin-1"), text, words)
        self.assertIn(consent.text_hash[:20], text)

    def test_states_for_the_app(self):
        state = self.Consent._get_states(self.rep)[self.rep.id]
        self.assertTrue(state["required"])
        self.assertFalse(state["valid"])
        self.sign()
        state = self.Consent._get_states(self.rep)[self.rep.id]
        self.assertEqual((state["valid"], state["signed_at"]), (True, NOW))


@tagged("post_install", "-at_install")
class TestConsentEvents(ConsentCase):
    """Signed on the phone."""

    def test_sign_and_withdraw(self):
        payload = {"version": self.policy._get_consent_version(), "name": "Rep"}
        event = make_event("consent.sign", payload=payload)
        [result] = self.sync([event])["results"]
        self.assertEqual(result["state"], "applied")
        consent = self.Consent.search([("user_id", "=", self.rep.id)])
        self.assertEqual(result["ref"], f"field.consent,{consent.id}")
        self.assertEqual((consent.device_id, consent.event_uuid), (self.device, event["uuid"]))
        [result] = self.sync([make_event("consent.withdraw", 2)])["results"]
        self.assertEqual((result["state"], consent.state), ("applied", "withdrawn"))

    def test_old_text_is_refused(self):
        payload = {"version": "0" * 16, "name": "Rep"}
        [result] = self.sync([make_event("consent.sign", payload=payload)])["results"]
        self.assertEqual((result["state"], result["code"]), ("rejected", "consent_outdated"))

    def test_no_name_is_refused(self):
        payload = {"version": self.policy._get_consent_version(), "name": " "}
        [result] = self.sync([make_event("consent.sign", payload=payload)])["results"]
        self.assertEqual((result["state"], result["code"]), ("rejected", "bad_payload"))

    def test_signature_file_comes_before_or_after(self):
        for first in (True, False):
            with self.subTest(file_first=first):
                uuid = make_event()["uuid"]
                self.policy.day_end_hour -= 1  # a new text each time
                version = self.policy._get_consent_version()
                payload = {"version": version, "name": "Rep", "signature_blob": uuid}
                event = make_event("consent.sign", payload=payload)
                steps = [lambda u=uuid: self.upload(u), lambda e=event: self.sync([e])]
                for step in steps if first else reversed(steps):
                    step()
                consent = self.Consent.search([("event_uuid", "=", event["uuid"])])
                self.assertEqual(consent.signature, PIXEL.encode())

    def test_the_phone_has_the_text_and_the_state(self):
        App = self.as_user("field.app", self.rep)
        [row] = App._pull(self.device, names=["consent"])["collections"]["consent"]["rows"]
        self.assertEqual((row["required"], row["valid"]), (True, False))
        self.assertEqual(row["version"], self.policy._get_consent_version())
        self.assertEqual(row["sections"][0]["key"], "purpose")
        self.sign()
        answer = App._pull(self.device, names=["me", "consent"])["collections"]
        self.assertTrue(answer["consent"]["rows"][0]["valid"])
        self.assertEqual(answer["me"]["rows"][0]["consent"], {"required": True, "valid": True})

    def upload(self, uuid):
        raw = base64.b64decode(PIXEL)
        digest = self.env["field.policy"]._hash_consent(raw)
        self.env["field.blob"]._store(self.device, uuid, raw, "image/png", digest)


@tagged("post_install", "-at_install")
class TestConsentFile(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build_team(cls)
        policy = cls.env["field.policy"]._get_for_users(cls.rep)[cls.rep.id]
        Consent = cls.env["field.consent"].with_user(cls.rep)
        cls.consent = Consent._sign(
            cls.rep, policy._get_consent_version(), "Rep", fields.Datetime.now()
        )

    def test_who_may_download(self):
        address = self.consent.action_print()["url"]
        for user, status in ((self.rep, 200), (self.leader, 200), (self.sibling, 404)):
            with self.subTest(user=user.login):
                self.authenticate(user.login, user.login)
                answer = self.url_open(address)
                self.assertEqual(answer.status_code, status)
        self.authenticate(self.rep.login, self.rep.login)
        answer = self.url_open(address)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("Consent to recording", _text_of(answer.content))

    def test_nobody_without_login(self):
        answer = self.url_open(self.consent.action_print()["url"], allow_redirects=False)
        self.assertIn(answer.status_code, (302, 303))


def _text_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
