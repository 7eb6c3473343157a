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
        attachment = self._step(visit, "shelf").photo_ids.attachment_id
        self.assertEqual(attachment.raw, raw)

        # the picture is served to those who read the visit, and to nobody else
        for login, seen in (("v_rita", True), ("v_lea", True), ("v_olga", False)):
            self.authenticate(login, login)
            content = self.url_open(f"/web/image/{attachment.id}").content
            self.assertEqual(content == raw, seen, login)
