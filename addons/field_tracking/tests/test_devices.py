import base64
import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, Form, TransactionCase, tagged

from ..tools import provision
from ..tools.health import Signs, find_problems
from ..tools.parse import Fix, Parsed, Reject
from .common import TrackCase

URL = "https://example.com/field/track/TOKEN"


class TestProvision(BaseCase):
    def test_traccar_reads_settings_from_the_query_and_keeps_the_path(self):
        parts = urlsplit(provision.traccar_code(URL, "field-7"))
        self.assertEqual(f"{parts.scheme}://{parts.netloc}{parts.path}", URL)
        said = {name: value for name, [value] in parse_qs(parts.query).items()}
        self.assertEqual(
            said,
            {
                "id": "field-7",
                "accuracy": "high",
                "interval": "60",
                "distance": "75",
                "angle": "30",
                "heartbeat": "900",
                "stop_detection": "true",
                "buffer": "true",
            },
        )
        link = urlsplit(provision.traccar_link(URL, "field-7"))
        self.assertEqual((link.scheme, parse_qs(link.query)["url"]), ("org.traccar.client", [URL]))

    def test_owntracks_gets_a_whole_configuration(self):
        link = provision.owntracks_link(URL, "field-7", "Anna", "pass")
        start, _equal, code = link.partition("=")
        self.assertEqual(start, "owntracks:///config?inline")
        said = json.loads(base64.b64decode(code))
        self.assertEqual((said["_type"], said["mode"]), ("configuration", 3))
        self.assertEqual((said["url"], said["tid"]), (f"{URL}/owntracks", "An"))
        self.assertEqual((said["encryptionKey"], said["cmd"]), ("pass", True))


class TestHealth(BaseCase):
    GOOD = Signs(contact_age_s=60, fix_age_s=90, fixes=100, interval_s=60, battery=0.8)

    def test_each_problem_is_seen_and_only_it(self):
        self.assertEqual(find_problems(self.GOOD), [])
        for code, changes in {
            "silent": {"contact_age_s": 7200, "fix_age_s": 7200},
            "permission": {"status": {"loc": -2}},
            "no_position": {"fix_age_s": 6 * 3600},
            "power_save": {"status": {"ps": 1}},
            "battery_saver": {"status": {"bo": 1}},
            "hibernation": {"status": {"hib": 1}},
            "coarse": {"coarse_share": 0.8},
            "sparse": {"interval_s": 300},
            "late": {"delay_s": 1800},
            "battery": {"battery": 0.1},
            "rejects": {"rejects": 3},
            "old_app": {"source": "query"},
            "two_phones": {"other_devices": 1},
            "never": {"contact_age_s": None},
            "refused_consent": {"refusal": "consent"},
        }.items():
            with self.subTest(code=code):
                self.assertEqual(find_problems(replace(self.GOOD, **changes)), [code])

    def test_a_charging_phone_has_no_battery_problem(self):
        self.assertEqual(find_problems(replace(self.GOOD, battery=0.1, charging=True)), [])


@tagged("post_install", "-at_install")
class TestDevicePage(TrackCase, TransactionCase):
    def test_every_problem_has_its_words(self):
        texts = self.device._get_problem_texts(Signs())
        codes = {"never", "refused_policy", "refused_consent", "refused_revoked"}
        self.assertLessEqual(codes | {"refused_user_archived", "two_phones", "late"}, set(texts))
        self.assertEqual(
            set(dict(self.device._fields["brand"].selection)), set(self.device._get_brand_texts())
        )

    def test_a_new_phone_then_a_good_one(self):
        page = self.device.with_user(self.rep)
        self.assertEqual(page.health, "bad")
        self.assertIn("Scan the code", page.health_advice)
        now = int((self.now() - self.now().min.replace(year=1970)).total_seconds())
        fixes = [
            Fix(ts=now - 20 * n, lat=31.2, lon=121.4, accuracy=8.0, battery=0.7) for n in range(30)
        ]
        self.device._receive(Parsed("form", fixes=fixes), app="Traccar Client 10")
        page.invalidate_recordset()
        self.assertEqual((page.health, page.tracker_app), ("good", "Traccar Client 10"))
        self.assertAlmostEqual(page.tracker_battery, 0.7)
        self.assertAlmostEqual(page.last_fix_at, self.now(), delta=timedelta(minutes=1))
        self.device._receive(Parsed("form", rejects=[Reject("empty", "")]))
        page.invalidate_recordset()
        self.assertEqual(page.health, "check")
        self.env["field.policy"].search([]).write({"tracking_level": "none"})
        page.invalidate_recordset()
        self.assertIn("thrown away", page.health_advice)

    def test_brand_help(self):
        with Form(self.device) as form:
            form.brand = "xiaomi"
            self.assertIn("Autostart", form.brand_help)

    def test_the_code_changes_with_the_app(self):
        self.device.tracker_secret = "pass"
        action = self.device.with_user(self.rep).action_new_token()
        Wizard = (
            self.env["field.device.token"].with_user(self.rep).with_context(**action["context"])
        )
        with Form(Wizard) as form:
            self.assertIn("interval=60", form.setup_code)
            code = form.qr_code
            self.assertTrue(form.setup_link.startswith("org.traccar.client://"))
            form.setup_app = "owntracks"
            self.assertTrue(form.setup_link.startswith("owntracks:///config?inline="))
            self.assertTrue(form.setup_address.endswith("/owntracks"))
            self.assertNotEqual(form.qr_code, code)
            self.assertTrue(form.is_unreachable, "the test server is no public one")
            form.setup_app = "other"
            self.assertFalse(form.setup_link)
            self.assertEqual(form.setup_address, form.tracker_url)

    def test_the_passphrase_is_the_administrators(self):
        with self.assertRaises(AccessError):
            self.device.with_user(self.leader).read(["tracker_secret"])
        self.assertNotIn("tracker_secret", self.device.with_user(self.rep).read()[0])
