import gzip
import json
import re

from odoo.tests import HttpCase, new_test_user, tagged

KB = 1024
CONFIG = re.compile(r'<script id="field-config" type="application/json">(.*?)</script>')


@tagged("post_install", "-at_install")
class TestAppShell(HttpCase):
    def page(self):
        return self.url_open("/field/").text

    def config(self):
        return json.loads(CONFIG.search(self.page())[1])

    def worker(self):
        code = self.url_open("/field/sw.js").text
        return json.loads(re.match(r"const FIELD_CONFIG = (\{.*\});\n", code)[1])

    def zipped(self, links):
        return sum(len(gzip.compress(self.url_open(link).content)) for link in links)

    def test_same_page_for_everybody_and_no_cookie(self):
        stranger = self.url_open("/field/")
        self.assertNotIn("session_id", stranger.headers.get("Set-Cookie", ""))
        user = new_test_user(self.env, login="shell_user", groups="base.group_user", lang="en_US")
        self.authenticate("shell_user", "shell_user")
        known = self.url_open("/field/")
        self.assertEqual(stranger.content, known.content)
        self.assertNotIn(user.name, known.text)
        self.assertNotIn("csrf", known.text)

    def test_address_without_slash_leads_into_the_scope(self):
        answer = self.url_open("/field", allow_redirects=False)
        self.assertEqual(answer.status_code // 100, 3)
        self.assertTrue(answer.headers["Location"].endswith("/field/"))

    def test_worker_keeps_everything_the_page_needs(self):
        config, worker = self.config(), self.worker()
        self.assertEqual(worker["version"], config["version"])
        self.assertLessEqual({*config["links"], *config["words"].values()}, set(worker["first"]))
        self.assertLessEqual({*config["map"], *config["later"]}, set(worker["later"]))
        for link in (*worker["first"], *worker["later"]):
            answer = self.url_open(link, allow_redirects=False)
            self.assertEqual(answer.status_code, 200, link)

    def test_worker_may_control_its_folder_and_is_asked_for_each_time(self):
        headers = self.url_open("/field/sw.js").headers
        self.assertEqual(headers["Service-Worker-Allowed"], "/field/")
        self.assertEqual(headers["Cache-Control"], "no-cache")
        self.assertIn("javascript", headers["Content-Type"])

    def test_version_changes_with_any_word_and_with_nothing_else(self):
        Shell = self.env["field.app.shell"]
        before = Shell._get_config()["version"]
        self.env.registry.clear_cache("assets")
        self.assertEqual(Shell._get_config()["version"], before)
        self.patch(type(Shell), "_get_translations", lambda self, lang: {"Today": lang})
        self.assertNotEqual(Shell._get_config()["version"], before)

    def test_manifest_is_complete(self):
        manifest = self.url_open("/field/manifest.webmanifest").json()
        for name in ("id", "scope", "start_url"):
            self.assertEqual(manifest[name], "/field/")
        self.assertEqual({icon["sizes"] for icon in manifest["icons"]}, {"192x192", "512x512"})
        for icon in manifest["icons"]:
            self.assertEqual(self.url_open(icon["src"]).headers["Content-Type"], "image/png")

    def test_words_come_from_the_po_files(self):
        chinese = self.url_open("/field/i18n/zh_CN.json").json()
        self.assertEqual(chinese["Customers"], "客户")
        self.assertNotIn("Why do you look?", chinese)  # is said on the desk only
        self.assertEqual(self.url_open("/field/i18n/en_US.json").json(), {})
        self.assertEqual(self.url_open("/field/i18n/xx_XX.json").status_code, 404)

    def test_shell_stays_small(self):
        """gzip: below 250 kB without the map, below 400 kB with it."""
        config = self.config()
        shell = self.zipped(["/field/", *config["links"], *config["words"].values()])
        self.assertLess(shell, 250 * KB)
        self.assertLess(shell + self.zipped(config["map"]), 400 * KB)

    def test_nothing_of_the_web_client_is_in_it(self):
        code = self.url_open(next(u for u in self.config()["links"] if u.endswith(".js"))).text
        self.assertNotIn("@web/webclient", code)
        self.assertNotIn("luxon", code)
