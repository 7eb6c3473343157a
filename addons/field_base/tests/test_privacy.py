import json
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from .common import FieldCase, build_team, make_event
from .test_consent import _text_of

NOW = datetime(2026, 11, 20, 4)


def fill(case):
    """Something of everything for two people."""
    for user in (case.rep, case.other_rep):
        device = case.env["field.device"].create(
            {"name": f"Phone of {user.name}", "user_id": user.id, "company_id": case.company.id}
        )
        Event = case.env["field.event"].with_user(user).with_company(case.company)
        Event._sync(device, [make_event("workday.open", at=NOW)])
        policy = case.env["field.policy"]._get_for_users(user)[user.id]
        Consent = case.env["field.consent"].with_user(user)
        Consent._sign(user, policy._get_consent_version(), user.name, NOW)
    case.env["field.access.log"].with_user(case.leader)._log(case.rep, "track", "Accident")


@tagged("post_install", "-at_install")
class TestMyData(FieldCase):
    """A person sees all that is stored about him, and nothing about anybody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fill(cls)

    def test_the_page(self):
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        policy.write({"retention_hours_days": 1825, "consent_required": True})
        data = self.as_user("field.privacy", self.rep).get_my_data()
        parts = {part["key"]: part for part in data["parts"]}
        self.assertEqual((parts["workdays"]["count"], parts["workdays"]["days"]), (1, 1825))
        self.assertEqual(parts["journal"]["count"], 1)
        self.assertEqual(parts["devices"]["days"], None)
        self.assertEqual(data["looks"][0]["viewer"], self.leader.name)
        self.assertEqual(data["looks"][0]["reason"], "Accident")
        self.assertTrue(data["consent"]["required"])

    def test_who_may(self):
        for user in (self.internal, self.portal, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.as_user("field.privacy", user).get_my_data()
        for user in (self.leader, self.director, self.stranger, self.other_rep):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.as_user("field.privacy", user)._export(self.rep)
            with self.subTest(pdf=user.login), self.assertRaises(AccessError):
                self.as_user("field.privacy", user)._render_pdf(self.rep)

    def test_export_is_complete_and_only_his(self):
        export = self.as_user("field.privacy", self.rep)._export(self.rep)
        text = json.dumps(export)
        self.assertEqual(export["person"]["login"], self.rep.login)
        data = export["data"]
        self.assertEqual(len(data["workdays"]["rows"]), 1)
        self.assertEqual(data["access_log"]["rows"][0]["viewer_id"]["name"], self.leader.name)
        self.assertIn("workday.open", text)
        self.assertNotIn(self.other_rep.name, text)
        for part in self.env["field.privacy"]._get_data_parts():
            rows = self.env["field.privacy"]._get_records(part, self.rep)
            self.assertEqual(len(data[part.key]["rows"]), len(rows), part.key)
            self.assertFalse(data[part.key]["truncated"])
            self.assertLessEqual(rows.mapped(part.owner), self.rep)

    def test_every_part_names_real_fields(self):
        for part in self.env["field.privacy"]._get_data_parts():
            with self.subTest(part=part.key):
                model = self.env[part.model]
                self.assertLessEqual(set(part.fields), set(model._fields))
                if part.retention:
                    self.assertIn(part.retention, self.env["field.policy"]._fields)

    def test_export_by_an_administrator_is_noted(self):
        self.as_user("field.privacy", self.admin)._export(self.rep)
        looks = self.as_user("field.privacy", self.rep).get_my_data()["looks"]
        self.assertEqual(looks[0]["viewer"], self.admin.name)
        with self.assertRaises(AccessError):
            self.as_user("field.privacy", self.admin)._export(self.stranger_rep)

    def test_pdf(self):
        text = _text_of(self.as_user("field.privacy", self.rep)._render_pdf(self.rep))
        for words in (self.rep.name, "Workdays", "workday.open", "Who looked"):
            self.assertIn(words, text)
        self.assertNotIn(self.other_rep.name, text)


@tagged("post_install", "-at_install")
class TestRequests(FieldCase):
    """Objections and corrections reach somebody, and are answered."""

    def ask(self, user=None, **values):
        values = {"kind": "object", "subject": "Photos", "text": "Please erase them", **values}
        return self.as_user("field.privacy.request", user or self.rep).create(values)

    def test_asking_tells_administrators(self):
        request = self.ask()
        self.assertEqual((request.user_id, request.state), (self.rep, "new"))
        activities = request.sudo().activity_ids
        self.assertIn(self.admin, activities.user_id)
        self.assertEqual(activities[0].date_deadline, request.due_on)

    def test_nobody_asks_for_another_or_answers_himself(self):
        request = self.ask(user_id=self.leader.id, state="accepted", answer="Yes")
        self.assertEqual((request.user_id, request.state), (self.rep, "new"))
        self.assertFalse(request.answer)
        for act in (
            lambda r: r.write({"answer": "x"}),
            lambda r: r.action_accept(),
            lambda r: r.unlink(),
        ):
            with self.assertRaises(AccessError):
                act(request)

    def test_answer(self):
        request = self.as_user("field.privacy.request", self.admin).browse(self.ask().id)
        request.action_start()
        with self.assertRaises(UserError):
            request.action_accept()
        with self.assertRaises(UserError):
            request.text = "Something else"
        request.answer = "Erased today"
        with freeze_time("2026-11-23 04:00:00"):  # nobody is told in his quiet hours
            request.action_accept()
        self.assertRecordValues(
            request, [{"state": "accepted", "handler_id": self.admin.id, "answer": "Erased today"}]
        )
        self.assertFalse(request.sudo().activity_ids)
        message = self.env["mail.message"].search(
            [("model", "=", request._name), ("res_id", "=", request.id)], limit=1
        )
        self.assertIn(self.rep.partner_id, message.notified_partner_ids)

    def test_who_sees_it(self):
        request = self.ask()
        for user, seen in (
            (self.rep, 1),
            (self.leader, 0),
            (self.other_rep, 0),
            (self.admin, 1),
            (self.auditor, 1),
            (self.stranger, 0),
        ):
            with self.subTest(user=user.login):
                Request = self.as_user("field.privacy.request", user)
                self.assertEqual(Request.search_count([("id", "=", request.id)]), seen)
        for user in (self.internal, self.portal):
            with self.assertRaises(AccessError):
                self.as_user("field.privacy.request", user).search([])

    def test_from_the_phone(self):
        self.sync([make_event("workday.open")])
        day = self.env["field.workday"].search([("user_id", "=", self.rep.id)])
        events = [
            make_event("privacy.object", 2, payload={"kind": "photos", "text": "Not these"}),
            make_event(
                "privacy.correct",
                3,
                payload={"model": "field.workday", "res_id": day.id, "text": "Began at 8"},
            ),
        ]
        states = [result["state"] for result in self.sync(events)["results"]]
        self.assertEqual(states, ["applied", "applied"])
        requests = self.env["field.privacy.request"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(set(requests.mapped("kind")), {"object", "correct"})
        correct = requests.filtered(lambda r: r.kind == "correct")
        self.assertEqual((correct.res_model, correct.res_id), ("field.workday", day.id))

    def test_corrections_of_foreign_rows_are_refused(self):
        other = self.make_device(self.other_rep)
        for model, res_id in (("field.device", other.id), ("res.users", 1), ("nothing", 1)):
            payload = {"model": model, "res_id": res_id, "text": "Wrong"}
            event = make_event("privacy.correct", payload=payload)
            [result] = self.sync([event])["results"]
            self.assertEqual((result["state"], result["code"]), ("rejected", "not_found"))

    def test_form(self):
        with Form(self.as_user("field.privacy.request", self.rep)) as form:
            form.kind = "correct"
            form.text = "The day began at eight"
        self.assertEqual(form.record.user_id, self.rep)


@tagged("post_install", "-at_install")
class TestMyDataFiles(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build_team(cls)
        fill(cls)

    def get(self, user, path):
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def test_downloads(self):
        answer = self.get(self.rep, "/field/my-data.json")
        self.assertEqual(answer.json()["person"]["login"], self.rep.login)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        answer = self.get(self.rep, "/field/my-data.pdf")
        self.assertEqual(answer.content[:5], b"%PDF-")

    def test_who_gets_what(self):
        for user, other, status in (
            (self.leader, self.rep, 404),
            (self.internal, self.internal, 404),
            (self.rep, self.other_rep, 404),
            (self.admin, self.rep, 200),
            (self.admin, self.stranger_rep, 404),
        ):
            for kind in ("json", "pdf"):
                with self.subTest(user=user.login, other=other.login, kind=kind):
                    answer = self.get(user, f"/field/my-data.{kind}?user={other.id}")
                    self.assertEqual(answer.status_code, status)
        for odd in ("x", "-1", "99999999999999", "१"):
            answer = self.get(self.admin, f"/field/my-data.json?user={odd}")
            self.assertEqual(answer.status_code, 404)
