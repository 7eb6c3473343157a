import base64
import hashlib

from odoo.tests import HttpCase, tagged

from .common import VisitCommon
from .test_knowledge import PDF
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
class TestKnowledgeHttp(SyncCommon, VisitCommon, HttpCase):
    """The phone fetches the files of its articles, and of no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls._set_up_phone()
        cls.token = cls.device._issue_token()
        paper = {"name": "Leaflet", "data": base64.b64encode(PDF)}
        cls.article = cls.env["field.knowledge.article"].create(
            {"name": "Green tea", "file_ids": [(0, 0, paper)]}
        )

    def _get(self, number, token=None):
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.url_open(f"/field/api/v1/articles/files/{number}", headers=headers)

    def test_file_of_an_article(self):
        file = self.article.file_ids
        answer = self._get(file.id).json()
        self.assertEqual((answer["id"], answer["type"]), (file.id, "application/pdf"))
        raw = base64.b64decode(answer["data"])
        self.assertEqual(raw, PDF)
        self.assertEqual(hashlib.sha256(raw).hexdigest(), answer["sum"])

    def test_file_of_an_article_for_others(self):
        file = self.article.file_ids
        self.article.leader_ids = self.otis
        self.assertEqual(self._get(file.id).status_code, 404)
        self.article.leader_ids = self.lea
        self.assertEqual(self._get(file.id).status_code, 200)

    def test_wrong_numbers_and_tokens(self):
        self.assertEqual(self._get(2**40).status_code, 404)
        self.assertEqual(self._get(self.article.file_ids.id, "wrong").status_code, 401)
