import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..controllers import evidence
from ..tools import merkle
from ..tools.canonical import canonical, sha256_hex
from ..tools.sketch import project, scale_bar
from .common import FieldCase, build_team, make_event
from .test_evidence import EvidenceCase


@tagged("post_install", "-at_install")
class TestProof(EvidenceCase):
    def issue(self, user=None):
        return (
            self.env["field.proof"]
            .with_user(user or self.rep)
            ._issue(self.events[0].with_user(user or self.rep))
        )

    def test_valid_until_something_changes(self):
        self.seal()
        proof = self.issue()
        result = proof._check()
        self.assertEqual((result["state"], result["events"], result["photos"]), ("valid", 1, 1))
        self.assertFalse(result["unsealed"])
        self.tamper("UPDATE field_event SET kind = 'x.y' WHERE id = %s", self.events[0].id)
        self.assertEqual(proof._check()["state"], "altered")

    def test_file_and_seal_are_part_of_it(self):
        self.seal()
        proof = self.issue()
        self.tamper("UPDATE field_seal SET chain = 'x'")
        self.assertEqual({f["code"] for f in proof._check()["findings"]}, {"seal"})

    def test_what_was_handed_out_cannot_be_changed_here_either(self):
        proof = self.issue()
        with self.assertRaises(UserError):
            proof.write({"fingerprint": "x"})
        self.tamper("UPDATE field_proof SET fingerprint = 'x' WHERE id = %s", proof.id)
        self.assertEqual(proof._check()["state"], "altered")

    def test_only_for_who_may_read(self):
        with self.assertRaises(AccessError):
            self.issue(self.other_rep)
        self.assertTrue(self.issue(self.leader))
        for user, count in ((self.rep, 1), (self.leader, 1), (self.other_rep, 0)):
            self.assertEqual(self.as_user("field.proof", user).search_count([]), count)

    def test_json_can_be_computed_again_by_anybody(self):
        self.seal()
        data = json.loads(json.dumps(self.issue()._as_json()))
        seals = {seal["id"]: seal for seal in data["seals"]}
        for row in data["events"] + data["files"]:
            self.assertEqual(sha256_hex(canonical(row["sealed"])), row["digest"])
            root = merkle.root_of_path(row["digest"], row["proof"]["path"])
            self.assertEqual(root, seals[row["proof"]["seal"]]["root"])
        for seal in seals.values():
            chain = merkle.chained(seal["before"], seal["root"], seal["count"], seal["sealed_at"])
            self.assertEqual(chain, seal["chain"])

    def test_pdf_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.name = "李伟"
        self.seal()
        proof = self.issue().with_context(lang="zh_CN", tz="Asia/Shanghai")
        content = proof._as_pdf()
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertGreater(len(content), 4000)

    def test_codes_that_are_none(self):
        for code in (None, "", "x", "../..", "a" * 24, "é" * 24, 5):
            self.assertFalse(self.env["field.proof"]._find(code))

    def test_sketch(self):
        flat = project([(31.0, 121.0), (31.001, 121.0), (31.0, 121.001)])
        self.assertAlmostEqual(flat[1][1], 111.2, places=1)
        self.assertAlmostEqual(flat[2][0], 95.3, places=1)
        self.assertEqual([scale_bar(m) for m in (10, 60, 1000, 10**7)], [10, 20, 200, 500_000])


@tagged("post_install", "-at_install")
class TestVerifyPage(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build_team(cls)
        cls.device = FieldCase.make_device.__func__(cls, cls.rep)
        env = cls.env(user=cls.rep, su=False)
        env["field.event"]._sync(cls.device.with_env(env), [make_event()])
        cls.event = cls.env["field.event"].search([("device_id", "=", cls.device.id)])
        cls.proof = cls.env["field.proof"].with_user(cls.rep)._issue(cls.event.with_user(cls.rep))

    def get(self, code):
        return self.url_open(f"/field/verify/{code}", allow_redirects=False)

    def test_valid(self):
        page = self.get(self.proof.code)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Valid", page.text)
        self.assertIn(self.proof.fingerprint, page.text)
        self.assertIn(self.company.name, page.text)
        for hidden in (self.rep.name, self.rep.login, self.device.name, "contact.ping"):
            self.assertNotIn(hidden, page.text)
        self.assertNotIn("Set-Cookie", page.headers)

    def test_altered(self):
        self.env.cr.execute("SELECT set_config('field.evidence', 'open', true)")
        self.env.cr.execute("UPDATE field_event SET kind = 'x.y' WHERE id = %s", self.event.ids)
        self.env.cr.execute("SELECT set_config('field.evidence', '', true)")
        self.env.invalidate_all()
        page = self.get(self.proof.code)
        self.assertIn("Altered", page.text)

    def test_unknown(self):
        for code in ("x", "a" * 24, "%00", "a" * 500):
            page = self.get(code)
            self.assertEqual(page.status_code, 404, code)
        self.assertIn("Unknown", self.get("a" * 24).text)

    def test_in_the_language_of_who_asks(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["field_base"], ["zh_CN"])
        page = self.url_open(
            f"/field/verify/{self.proof.code}", headers={"Accept-Language": "zh-CN,zh;q=0.9"}
        )
        self.assertIn("有效", page.text)
        self.assertTrue(page.text.startswith("<!DOCTYPE html>"))
        self.assertNotIn("Journal entries", page.text)

    def test_rate(self):
        self.patch(evidence, "PER_MINUTE", 2)
        codes = [self.get("a" * 24).status_code for _request in range(4)]
        self.assertEqual(codes[-1], 429)

    def test_file(self):
        path = f"/field/evidence/{self.proof.code}"
        self.authenticate(self.rep.login, self.rep.login)
        pdf = self.url_open(path + ".pdf")
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.assertTrue(pdf.content.startswith(b"%PDF"))
        self.assertEqual(self.url_open(path + ".json").json()["code"], self.proof.code)
        self.assertEqual(self.url_open(path + ".exe").status_code, 404)
        self.authenticate(self.other_rep.login, self.other_rep.login)
        self.assertEqual(self.url_open(path + ".pdf").status_code, 404)
