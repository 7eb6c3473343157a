import base64
import hashlib

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .common import AT_CUSTOMER, VisitCase, VisitCommon
from .test_sync import SyncCommon

PDF = b"%PDF-1.4\n1"


class WorkCommon(SyncCommon):
    @classmethod
    def _make_task(cls, **vals):
        values = {
            "name": "New display",
            "goal": "Two shelves",
            "instructions": "<h2>Where</h2><p>Left of the door</p>",
            "deadline": "2026-11-27",
            "needs_acceptance": True,
            **vals,
        }
        task = cls.env["field.task"].with_user(cls.lea).create(values)
        task.action_give_out()
        return task


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestTaskSync(WorkCommon, VisitCase):
    """Answers to work packages as phones send them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        (cls.dragon | cls.lucky).user_id = cls.rita
        cls.task = cls._make_task(partner_ids=[(6, 0, (cls.dragon | cls.lucky).ids)])
        cls.works = cls.task.sudo().work_ids
        cls.work = cls.works[0]

    def _send(self, kind, payload, **kwargs):
        event = self._event(kind, payload, **kwargs)
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _accept(self, work, version=1, **kwargs):
        return self._send("work.accept", {"work_id": work.id, "version": version}, **kwargs)

    def test_accept_counts_from_when_it_was_said(self):
        answer = self._accept(self.work)
        self.assertEqual(answer["state"], "applied")
        self.assertEqual(answer["ref"], f"field.task.work,{self.work.id}")
        self.assertEqual((self.work.state, self.work.accepted_version), ("accepted", 1))
        self.assertEqual(str(self.work.accepted_at), "2026-11-23 01:30:00")
        self.assertEqual(self.work.visit_id.user_id, self.rita)

    def test_accept_again_from_another_phone_changes_nothing(self):
        self._accept(self.work)
        visit, at = self.work.visit_id, self.work.accepted_at
        again = self._accept(self.work, at="2026-11-23T03:00:00.000Z")
        self.assertEqual(again["state"], "applied")
        self.assertEqual((self.work.visit_id, self.work.accepted_at), (visit, at))

    def test_nobody_accepts_what_he_has_not_read(self):
        self.task.goal = "Three shelves"
        answer = self._accept(self.work)
        self.assertEqual((answer["state"], answer["code"]), ("rejected", "work_changed"))
        self.assertIn("New display", answer["message"])
        self.assertEqual(self.work.state, "new")
        self.assertEqual(self._accept(self.work, version=2)["state"], "applied")

    def test_said_in_time_arrives_late(self):
        with freeze_time("2026-11-28 04:00:00"):
            self.works._with_step().write({"is_expired": True})
            late = self._accept(self.works[1], at="2026-11-28T03:00:00.000Z")
            self.assertEqual(late["code"], "work_closed")
            self.assertIn("11/27/2026", late["message"])
            self.assertEqual(self._accept(self.work)["state"], "applied")
            self.assertEqual(self.work.state, "accepted", "what was said in time holds")
            self.assertEqual(str(self.work.visit_id.plan_date), "2026-11-28", "no day that is over")
        self.assertTrue(self.work.accepted_at)

    def test_refuse(self):
        empty = self._send("work.refuse", {"work_id": self.work.id, "reason": " "})
        self.assertEqual(empty["code"], "no_reason")
        refusal = {"work_id": self.work.id, "reason": "On leave"}
        self.assertEqual(self._send("work.refuse", refusal)["state"], "applied")
        self.assertEqual(
            self._send("work.refuse", refusal)["state"], "applied", "again is the same"
        )
        self.assertEqual((self.work.state, self.work.refuse_reason), ("refused", "On leave"))
        posted = self.task.message_ids.filtered(lambda m: "On leave" in (m.body or ""))
        self.assertEqual(len(posted), 1)
        closed = self._accept(self.work)
        self.assertEqual((closed["state"], closed["code"]), ("rejected", "work_closed"))

    def test_begun_work_is_not_refused(self):
        self._accept(self.work)
        self.work.visit_id.with_user(self.rita).action_check_in(AT_CUSTOMER)
        answer = self._send("work.refuse", {"work_id": self.work.id, "reason": "Late"})
        self.assertEqual((answer["state"], answer["code"]), ("rejected", "work_begun"))

    def test_done(self):
        with_visit = self._send("work.done", {"work_id": self.work.id})
        self.assertEqual(with_visit["code"], "work_not_accepted")
        self._accept(self.work)
        with_visit = self._send("work.done", {"work_id": self.work.id})
        self.assertEqual(with_visit["code"], "work_of_visit")
        free = self._make_task(assignee_id=self.rita.id).sudo().work_ids
        self._accept(free)
        done = self._send("work.done", {"work_id": free.id}, at="2026-11-23T02:10:00.000Z")
        self.assertEqual(done["state"], "applied")
        self.assertEqual((free.state, str(free.done_at)), ("done", "2026-11-23 02:10:00"))
        self.assertEqual(self._send("work.done", {"work_id": free.id})["state"], "applied")

    def test_work_of_somebody_else(self):
        free = self._make_task(assignee_id=self.ravi.id).sudo().work_ids
        for answer in (
            self._accept(free),
            self._send("work.refuse", {"work_id": free.id, "reason": "Not mine"}),
            self._send("work.done", {"work_id": free.id}),
        ):
            self.assertEqual((answer["state"], answer["code"]), ("rejected", "not_found"))
        self.assertEqual(free.state, "new")

    # ---------------------------------------------------------------- what the phone is given

    def _rows(self, name, user=None):
        env = self.env(user=user or self.rita, su=False)
        collection = env["field.app"]._collections()[name]
        records = env[collection.model].search(collection.domain, order=collection.order)
        return collection.rows_of(records)

    def test_a_campaign_travels_once(self):
        rows = self._rows("works")
        self.assertEqual({row["partner_name"] for row in rows}, {"Golden Dragon", "Lucky 88"})
        self.assertEqual({row["task_id"] for row in rows}, {self.task.id})
        [row] = self._rows("work_packages")
        [pack] = row["packages"]
        self.assertEqual((pack["goal"], pack["by"]), ("Two shelves", self.lea.name))
        self.assertEqual(
            pack["blocks"],
            [{"kind": "title", "text": "Where"}, {"kind": "text", "text": "Left of the door"}],
        )
        self.assertEqual((pack["deadline"], pack["version"]), ("2026-11-27", 1))

    def test_what_changed_stands_beside_the_version_that_was_accepted(self):
        self._accept(self.work)
        self.task.goal = "Three shelves"
        [pack] = self._rows("work_packages")[0]["packages"]
        change = {"name": "Goal", "old": "Two shelves", "new": "Three shelves"}
        self.assertEqual(pack["changes"], {"1": [change], "0": []})

    def test_only_ones_own_and_only_what_is_near(self):
        self.assertEqual(self._rows("works", self.ravi), [])
        self.assertEqual(self._rows("work_packages", self.ravi)[0]["packages"], [])
        self.assertEqual(self._rows("work_packages", self.lea)[0]["packages"], [])
        self._send("work.refuse", {"work_id": self.work.id, "reason": "On leave"})
        self.assertEqual(len(self._rows("works")), 2, "one sees for a while what was closed")
        with freeze_time("2026-12-20 04:00:00"):
            self.assertEqual([row["id"] for row in self._rows("works")], [self.works[1].id])


@tagged("post_install", "-at_install")
class TestTaskHttp(WorkCommon, VisitCommon, HttpCase):
    """Who has the work gets its material, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls._set_up_phone()
        cls.token = cls.device._issue_token()
        cls.paper = cls._paper("plan.pdf")
        cls.task = cls._make_task(
            deadline="2099-11-27",
            assignee_id=cls.rita.id,
            attachment_ids=[(6, 0, cls.paper.ids)],
        )

    @classmethod
    def _paper(cls, name):
        files = cls.env["ir.attachment"].with_user(cls.lea)
        return files.create({"name": name, "raw": PDF})

    def _get(self, task, file, token=None):
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.url_open(f"/field/api/v1/works/{task}/files/{file}", headers=headers)

    def test_file_on_the_phone(self):
        answer = self._get(self.task.id, self.paper.id).json()
        raw = base64.b64decode(answer["data"])
        self.assertEqual((answer["id"], raw), (self.paper.id, PDF))
        env = self.env(user=self.rita, su=False)
        row = env["field.app"]._collections()["work_packages"].rows_of(self.rita)[0]
        [file] = row["packages"][0]["files"]
        self.assertEqual((file["sum"], file["type"]), (answer["sum"], "application/pdf"))
        self.assertEqual(hashlib.sha1(raw).hexdigest(), answer["sum"])

    def test_files_of_others_and_of_nothing(self):
        other = self._paper("secret.pdf")
        theirs = self._make_task(
            deadline="2099-11-27", assignee_id=self.ravi.id, attachment_ids=[(6, 0, other.ids)]
        )
        self.assertEqual(self._get(theirs.id, other.id).status_code, 404)
        self.assertEqual(self._get(self.task.id, other.id).status_code, 404)
        self.assertEqual(self._get(2**40, self.paper.id).status_code, 404)
        self.assertEqual(self._get(self.task.id, 2**40).status_code, 404)
        self.assertEqual(self._get(self.task.id, self.paper.id, "wrong").status_code, 401)

    def test_file_on_the_desk(self):
        work = self.task.sudo().work_ids
        path = f"/field/work/{work.id}/file/{self.paper.id}"
        for login, code in (("v_rita", 200), ("v_lea", 200), ("v_ravi", 404), ("v_otis", 404)):
            self.authenticate(login, login.ljust(8, "x"))
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, code, login)
        self.authenticate("v_rita", "v_ritaxx")
        answer = self.url_open(path)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.content, PDF)
