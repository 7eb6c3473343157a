import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import FieldCase, build_team
from .test_consent import _text_of


@tagged("post_install", "-at_install")
class TestPolicyPapers(FieldCase):
    """Papers say what the policy does, and ask for what it leaves open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["field.policy"]._get_for_users(cls.rep)[cls.rep.id]

    def paper(self, kind, user=None, **options):
        policy = self.policy.with_user(user or self.admin).with_context(**options)
        return _text_of(policy._render_paper(kind))

    def test_open_settings_are_named_as_risks(self):
        self.policy.write({"tracking_level": "continuous", "working_time_lock": "none"})
        text = self.paper("impact")
        for words in (
            "Positions are kept at any hour.",
            "Bind positions to working time.",
            "1 of 8 kinds have a time",  # recordings, from the start
            "Name the legal basis",
            "Ask for a reason to look.",
        ):
            self.assertIn(words, text)

    def test_strict_settings_leave_nothing_to_decide_there(self):
        times = {n: 60 for n in self.policy._fields if n.startswith("retention_")}
        self.policy.write(
            {
                "tracking_level": "continuous",
                "working_time_lock": "workday",
                "consent_required": True,
                "access_reason_required": True,
                **times,
            }
        )
        text = self.paper("impact")
        self.assertIn("Nobody is tracked before he has signed.", text)
        self.assertIn("8 of 8 kinds have a time", text)
        for words in ("Bind positions", "Name the legal basis", "Ask for a reason", "Set a time"):
            self.assertNotIn(words, text)

    def test_check_in_only_knows_no_movements(self):
        self.policy.tracking_level = "check_in"
        text = self.paper("impact")
        self.assertIn("No way is recorded", text)
        self.assertNotIn("A full picture", text)

    def test_people_are_counted(self):
        before = self.policy._count_people()
        self.assertGreater(before, 0)
        own = self.policy.copy({"name": "Own", "user_id": self.rep.id})
        own.action_activate()
        self.assertEqual((own._count_people(), self.policy._count_people()), (1, before - 1))

    def test_notice_has_the_words_that_are_signed(self):
        text = "".join(self.paper("notice").split())
        for section in self.policy._get_consent_sections(self.rep, "en_US"):
            self.assertIn("".join(section["title"].split()), text)

    def test_works_council_signs(self):
        text = self.paper("council")
        self.assertIn("Works council", text)
        self.assertIn("takes no decision about anybody", text)

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["field_base"], ["zh_CN"])
        policy = self.policy.with_user(self.admin).with_context(lang="zh_CN")
        for kind, (_title, parts) in policy._paper_kinds().items():
            words = re.findall(r"[A-Za-z]{2,}", str(parts()).replace(self.company.name, ""))
            self.assertEqual(words, [], kind)
            self.assertTrue(policy._render_paper(kind).startswith(b"%PDF"))
        rows = policy._paper_risks()
        self.assertEqual(rows[0], ("风险", "按此制度", "尚待决定"))

    def test_who_may(self):
        for user in (self.admin, self.auditor):
            self.assertTrue(self.paper("notice", user))
        for user in (self.rep, self.leader, self.director, self.internal, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.paper("notice", user)


@tagged("post_install", "-at_install")
class TestPolicyPaperPage(HttpCase):
    def test_address(self):
        build_team(self)
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        action = policy.with_context(paper="impact").action_print_paper()
        self.authenticate(self.admin.login, self.admin.login)
        page = self.url_open(action["url"])
        self.assertEqual(page.headers["Content-Type"], "application/pdf")
        self.assertEqual(self.url_open(f"/field/policy/{policy.id}/secret.pdf").status_code, 404)
        self.authenticate(self.rep.login, self.rep.login)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(action["url"]).status_code, 403)
