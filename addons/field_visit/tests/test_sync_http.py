import base64
import hashlib
import json
from uuid import uuid4

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import AT_CUSTOMER, VisitCommon
from .test_steps import PNG
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
class TestSyncHttp(SyncCommon, VisitCommon, HttpCase):
    """One visit with its photo through the real protocol."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls._set_up_places()
        cls._set_up_phone()
        cls.token = cls.device._issue_token()

    def _headers(self, **extra):
        return {"Authorization": f"Bearer {self.token}", **extra}

    def _sync(self, *events):
        response = self.url_open(
            "/field/api/v1/sync",
            data=json.dumps({"device": self.device.uuid, "events": events}),
            headers=self._headers(**{"Content-Type": "application/json"}),
        )
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()["results"]

    def test_phone_asks_whether_a_customer_is_there_already(self):
        self.dragon.sudo().user_id = self.ravi

        def ask(body):
            return self.url_open(
                "/field/api/v1/customers/same",
                data=json.dumps(body),
                headers=self._headers(**{"Content-Type": "application/json"}),
            )

        place = {"lat": self.dragon.partner_latitude, "lng": self.dragon.partner_longitude}
        answer = ask({"name": "golden dragon ltd", "vat": "", **place}).json()
        self.assertEqual(
            answer["found"],
            [
                {
                    "id": self.dragon.id,
                    "name": "Golden Dragon",
                    "owner": "Ravi",
                    "reasons": ["name"],
                }
            ],
        )
        self.assertEqual(ask({"name": "Blue Whale", "lat": None, "lng": None}).json()["found"], [])
        for wrong in ([], {"name": 5}, {"name": "a\0"}):
            self.assertEqual(ask(wrong).status_code, 400)
        self.token = "wrong"
        self.assertEqual(ask({"name": "Golden Dragon"}).status_code, 401)

    def test_copy_of_a_customer_for_the_phone(self):
        visit = self._plan(plan_date=fields.Date.today())
        visit._do_check_in(AT_CUSTOMER)
        visit.note = "x" * 500
        visit._do_check_out(AT_CUSTOMER)

        def ask(id_):
            url = f"/field/api/v1/customers/{id_}/glance"
            return self.url_open(url, headers=self._headers())

        answer = ask(self.dragon.id)
        self.assertEqual(answer.status_code, 200, answer.text)
        copy = answer.json()
        self.assertRegex(copy["as_of"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        visits = next(one for one in copy["sections"] if one["key"] == "visits")
        self.assertEqual((visits["count"], len(visits["rows"][0]["note"])), (1, 120))
        self.assertNotIn("domain", visits)
        self.assertLess(len(answer.content), 8000)
        for unknown in (2**31 - 1, 2**70):
            self.assertEqual(ask(unknown).status_code, 404)

    def test_visit_with_photo(self):
        now = fields.Datetime.now().isoformat() + ".000Z"
        visit_uuid, photo_uuid = str(uuid4()), str(uuid4())
        events = [
            self._event(
                "visit.check_in",
                {"visit_uuid": visit_uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER},
                at=now,
            ),
            self._event(
                "visit.step_done",
                {"visit_uuid": visit_uuid, "step_key": "shelf", "blobs": [photo_uuid]},
                at=now,
            ),
            self._event("visit.check_out", {"visit_uuid": visit_uuid}, at=now),
        ]
        results = self._sync(*events)
        self.assertEqual([result["state"] for result in results], ["applied"] * 3)
        raw = base64.b64decode(PNG)
        response = self.opener.put(
            f"{self.base_url()}/field/api/v1/blob/{photo_uuid}",
            data=raw,
            headers=self._headers(
                **{
                    "Content-Type": "image/png",
                    "X-Content-SHA256": hashlib.sha256(raw).hexdigest(),
                }
            ),
            timeout=20,
        )
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual([r["state"] for r in self._sync(*events)], ["applied"] * 3)

        self.env.invalidate_all()
        visit = self.env["field.visit"].search([("uuid", "=", visit_uuid)])
        self.assertEqual(len(visit), 1)
        self.assertEqual(visit.state, "done")
        photo = self._step(visit, "shelf").photo_ids
        self.assertEqual(photo.attachment_id.raw, raw)

        # the picture is served to those who read the visit, and to nobody else
        for login, seen in (("v_rita", True), ("v_lea", True), ("v_olga", False)):
            self.authenticate(login, login)
            original = self.url_open(f"/field/photo/{photo.id}/original")
            self.assertEqual(original.content == raw, seen, login)
            drawn = self.url_open(f"/web/image/{photo.attachment_id.id}").content
            self.assertEqual(drawn.startswith(b"\xff\xd8\xff"), seen, login)

        # and in small on the copy of the customer that lies on her phone
        url = f"/field/api/v1/customers/{self.dragon.id}/glance"
        (photo,) = self.url_open(url, headers=self._headers()).json()["photos"]
        self.assertEqual(photo["date"], str(visit.plan_date))
        kind, picture = photo["thumb"].split(",")
        self.assertEqual(kind, "data:image/jpeg;base64")
        self.assertTrue(base64.b64decode(picture).startswith(b"\xff\xd8\xff"))
