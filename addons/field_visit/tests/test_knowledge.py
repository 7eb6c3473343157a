import base64
import io
import unittest
from datetime import timedelta
from uuid import uuid4

from freezegun import freeze_time
from PIL import Image

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..models.field_knowledge import MOST_TEXT
from ..models.field_knowledge_file import MAX_OFFLINE
from ..tools.articles import read_blocks
from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon

PDF = b"%PDF-1.4\n" + b"0" * 300
BODY = "<h2>Price</h2><p>Two <b>yuan</b> less<br/>than theirs</p><ul><li>fresh</li></ul>"


def picture(side, noisy=False):
    image = Image.effect_noise((side, side), 10) if noisy else Image.new("RGB", (side, side))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue())


class TestBlocks(unittest.TestCase):
    def test_nothing_of_the_markup_is_left(self):
        table = "<table><tr><td>1 l</td><td>3 <i>yuan</i></td></tr></table>"
        for markup, blocks in (
            ("", []),
            (False, []),
            ("plain &amp; simple", [("text", "plain & simple")]),
            ("<p>a</p>tail<script>alert(1)</script>", [("text", "a"), ("text", "tail")]),
            ("<ol><li><p>one</p></li><li>two</li></ol>", [("item", "one"), ("item", "two")]),
            (f"<h1>Sizes</h1>{table}", [("title", "Sizes"), ("text", "1 l 3 yuan")]),
            ("<p><!-- note -->kept</p>", [("text", "kept")]),
        ):
            with self.subTest(markup=markup):
                found = [(block["kind"], block["text"]) for block in read_blocks(markup)]
                self.assertEqual(found, blocks)


class KnowledgeCase(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.article = cls._write_article("Our green tea")

    @classmethod
    def _write_article(cls, name, author=None, **vals):
        Article = cls.env["field.knowledge.article"].with_user(author or cls.dora)
        return Article.create({"name": name, "body": BODY, **vals}).with_env(cls.env)

    def _file(self, data, name="Leaflet", **vals):
        values = {"article_id": self.article.id, "name": name, "data": data, **vals}
        return self.env["field.knowledge.file"].create(values)

    def _readers(self, article, *users):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("id", "=", article.id)]
        return {
            user.login
            for user in users or (self.rita, self.ravi, self.olga)
            if self.env["field.knowledge.article"].with_user(user).search(domain)
        }


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestKnowledge(KnowledgeCase):
    def test_everybody_in_field_sales_reads_a_plain_article(self):
        self.assertEqual(len(self._readers(self.article)), 3)
        with self.assertRaises(AccessError):
            self.env["field.knowledge.article"].with_user(self.nina).search([])

    def test_article_for_a_team(self):
        self.article.leader_ids = self.lea
        self.assertEqual(self._readers(self.article), {self.rita.login, self.ravi.login})
        self.article.leader_ids = self.otis
        self.assertEqual(self._readers(self.article), {self.olga.login})

    def test_article_for_a_policy_and_its_later_versions(self):
        policy = self.env["field.policy"].create(
            {"name": "Rita's rules", "user_id": self.rita.id, "effective_from": "2026-01-01"}
        )
        self.article.policy_ids = policy
        self.assertEqual(self._readers(self.article), {self.rita.login})
        policy.copy({"effective_from": "2026-11-01"})
        later = policy._get_for_users(self.rita)[self.rita.id]
        self.assertNotEqual(later, policy)
        self.assertEqual(self._readers(self.article), {self.rita.login})

    def test_validity_follows_the_readers_calendar(self):
        self.rita.tz = "Asia/Shanghai"
        self.article.date_from = "2026-11-24"
        self.assertEqual(self._readers(self.article, self.rita), set())
        with freeze_time("2026-11-23 16:30:00"):  # the 24th in Shanghai
            self.assertEqual(self._readers(self.article, self.rita), {self.rita.login})
        self.article.write({"date_from": False, "date_to": "2026-11-23"})
        self.assertEqual(self._readers(self.article, self.rita), {self.rita.login})
        with freeze_time("2026-11-23 16:30:00"):
            self.assertEqual(self._readers(self.article, self.rita), set())
            self.assertEqual(self._readers(self.article, self.lea), {self.lea.login})

    def test_who_writes(self):
        mine = self._write_article("Lea's", author=self.lea)
        mine.with_user(self.lea).name = "Lea's own"
        for user in (self.rita, self.otis, self.audra):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                mine.with_user(user).name = "Mine now"
        with self.assertRaises(AccessError):
            self._write_article("Rita's", author=self.rita)
        with self.assertRaises(AccessError):
            self._write_article("For Otis", author=self.lea, author_id=self.otis.id)
        mine.with_user(self.dora).name = "Corrected"
        self.assertEqual(mine.name, "Corrected")

    def test_other_companies_read_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.article.company_id = other
        self.assertEqual(self._readers(self.article), set())
        self.article.company_id = False
        self.assertEqual(len(self._readers(self.article)), 3)

    def test_administrator_writes_an_article(self):
        with Form(self.env["field.knowledge.article"].with_user(self.dora)) as form:
            form.name = "Leaflet"
            with form.file_ids.new() as line:
                line.name = "Prices"
                line.data = base64.b64encode(PDF)
        article = form.record
        self.assertEqual((article.version, article.file_ids.mimetype), (1, "application/pdf"))
        self.assertEqual(article.version_ids.files, "Prices")

    # ---------------------------------------------------------------- versions

    def test_each_change_of_the_content_is_a_version(self):
        self.assertEqual(self.article.version, 1)
        self.article.write({"name": "Our jasmine tea", "keywords": "flower"})
        self.assertEqual(self.article.version, 2)
        self.article.write({"name": "Our jasmine tea", "sequence": 3})
        self.assertEqual(self.article.version, 2)
        self.article.write({"body": "<p>New</p>", "file_ids": [(0, 0, self._paper())]})
        self.assertEqual(self.article.version, 3)
        self._file(base64.b64encode(PDF), name="Second")
        self.assertEqual(self.article.version, 4)
        names = self.article.version_ids.sorted("number").mapped("name")
        self.assertEqual(names, ["Our green tea", *["Our jasmine tea"] * 3])
        self.assertEqual(self.article.version_ids.sorted("number")[-1].files, "Leaflet, Second")

    def _paper(self):
        return {"name": "Leaflet", "data": base64.b64encode(PDF)}

    def test_nobody_changes_a_version(self):
        with self.assertRaises(AccessError):
            self.article.version_ids.with_user(self.lea).name = "Never said"

    # ---------------------------------------------------------------- files

    def test_large_pictures_are_made_smaller(self):
        file = self._file(picture(1800, noisy=True))
        self.assertEqual(file.mimetype, "image/jpeg")
        self.assertLess(file.size, MAX_OFFLINE)
        width, height = Image.open(io.BytesIO(base64.b64decode(file.data))).size
        self.assertEqual((width, height), (1280, 1280))

    def test_large_papers_are_not_kept_on_phones(self):
        large = base64.b64encode(PDF + b"0" * MAX_OFFLINE)
        with self.assertRaises(ValidationError):
            self._file(large)
        self.assertFalse(self._file(large, is_offline=False).is_offline)

    def test_only_pictures_and_papers(self):
        for data in (b"<script>", b"", b"MZ" + b"0" * 100):
            with self.subTest(data=data), self.assertRaises(ValidationError):
                self._file(base64.b64encode(data))

    def test_what_a_file_is_cannot_be_claimed(self):
        file = self._file(base64.b64encode(PDF), mimetype="text/html", size=1)
        self.assertEqual((file.mimetype, file.size), ("application/pdf", len(PDF)))

    def test_text_has_a_limit(self):
        with self.assertRaises(ValidationError):
            self.article.body = f"<p>{'x' * (MOST_TEXT + 1)}</p>"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestKnowledgeSync(SyncCommon, KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()

    def _pull(self, since=None):
        self.env.flush_all()
        self.env.invalidate_all()
        names = ("articles", "article_tags", "visits")
        App = self.env["field.app"].with_user(self.rita).with_company(self.env.company)
        return App._pull(self.device, since, names)

    def _apply(self, kind, payload):
        event = self._event(kind, payload, at="2026-11-23T01:40:00.000Z")
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _begin(self):
        uuid = str(uuid4())
        values = {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER}
        self.assertEqual(self._apply("visit.check_in", values)["state"], "applied")
        return self.env["field.visit"].search([("uuid", "=", uuid)])

    def _use(self, visit_uuid, article=None, **more):
        payload = {"visit_uuid": visit_uuid, "article_id": (article or self.article).id, **more}
        return self._apply("article.used", payload)

    def test_what_the_phone_gets(self):
        tag = self.env["field.knowledge.tag"].create({"name": "Too dear", "kind": "objection"})
        product = self.env["product.product"].create({"name": "Green tea"})
        self.article.write({"tag_ids": tag, "product_ids": product, "keywords": "chá"})
        file = self._file(base64.b64encode(PDF))
        [row] = [
            row
            for row in self._pull()["collections"]["articles"]["rows"]
            if row["id"] == self.article.id
        ]
        self.assertEqual(
            row["blocks"],
            [
                {"kind": "title", "text": "Price"},
                {"kind": "text", "text": "Two yuan less"},
                {"kind": "text", "text": "than theirs"},
                {"kind": "item", "text": "fresh"},
            ],
        )
        self.assertEqual(row["tag_ids"], tag.ids)
        self.assertEqual(row["products"], [{"id": product.id, "name": "Green tea"}])
        self.assertEqual(row["files"][0]["sum"], file.checksum)
        self.assertNotIn("data", row["files"][0])

    def test_an_article_leaves_the_phone_with_the_right_to_it(self):
        changes = (
            {"leader_ids": self.otis},
            {"date_to": "2026-11-22"},
            {"active": False},
            {"company_id": self.env["res.company"].create({"name": "Elsewhere"})},
        )
        for values in changes:
            article = self._write_article("For a time")
            cursor = self._pull()["cursor"]
            article.write(values)
            with self.subTest(values=values):
                answer = self._pull(cursor)
                self.assertEqual(answer["collections"]["articles"]["gone"], article.ids)

    def test_changes_beside_the_text_arrive_too(self):
        """The log sees columns only: each change that a phone shows must touch one it watches."""
        watched = self.env["field.app"]._collections()["articles"].fields
        grade = self.env["field.grade"].search([], limit=1)
        tag = self.env["field.knowledge.tag"].create({"name": "Too dear"})
        paper = {"name": "Leaflet", "data": base64.b64encode(PDF)}
        for values in (
            {"grade_ids": grade},
            {"tag_ids": tag},
            {"file_ids": [(0, 0, paper)]},
            {"body": "<p>New</p>"},
        ):
            before = self.article.read(watched)
            self.article.write(values)
            with self.subTest(values=values):
                self.assertNotEqual(self.article.read(watched), before)

    def test_used_in_a_visit_once_however_often_it_is_told(self):
        visit = self._begin()
        cursor = self._pull()["cursor"]
        first, again = self._use(visit.uuid, version=1), self._use(visit.uuid)
        self.assertEqual([first["state"], again["state"]], ["applied"] * 2)
        self.assertEqual(first["ref"], again["ref"])
        use = visit.article_use_ids
        self.assertEqual((use.article_id, use.version), (self.article, 1))
        self.assertEqual(str(use.used_at), "2026-11-23 01:40:00")
        [row] = self._pull(cursor)["collections"]["visits"]["rows"]
        self.assertEqual(row["articles"], self.article.ids)

    def test_use_waits_for_the_check_in(self):
        self.assertEqual(self._use(str(uuid4()))["state"], "waiting")

    def test_an_article_that_has_left_the_phone_was_used_all_the_same(self):
        visit = self._begin()
        self.article.write({"leader_ids": self.otis, "active": False})
        self.assertEqual(self._use(visit.uuid)["state"], "applied")

    def test_articles_of_others_are_none(self):
        visit = self._begin()
        self.article.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        result = self._use(visit.uuid)
        self.assertEqual((result["state"], result["code"]), ("rejected", "not_found"))
        wrong = self._apply("article.used", {"visit_uuid": visit.uuid, "article_id": "1"})
        self.assertEqual(wrong["code"], "bad_payload")

    def test_counters_open_their_visits(self):
        visit = self._begin()
        self._use(visit.uuid)
        for user, count in ((self.rita, 1), (self.lea, 1), (self.otis, 0), (self.dora, 1)):
            self.env.invalidate_all()
            with self.subTest(user=user.name):
                article = self.article.with_user(user)
                self.assertEqual(article.use_count, count)
                action = article.action_open_visits()
                found = self.env["field.visit"].with_user(user).search(action["domain"])
                self.assertEqual(len(found), count)
        self.assertEqual(self.article.productive_count, 0)
        visit.sudo()._with_evidence().is_productive = True
        self.env.invalidate_all()
        self.assertEqual(self.article.productive_count, 1)
        action = self.article.with_context(productive=True).action_open_visits()
        self.assertEqual(self.env["field.visit"].search(action["domain"]), visit)

    def test_visits_that_an_order_followed(self):
        if "sale.order" not in self.env:
            self.assertFalse(self.article.knows_orders)
            self.assertEqual(self.article.order_count, 0)
            self.skipTest("the sales app is not installed")
        visit = self._begin()
        self._use(visit.uuid)
        buyer = self.env["res.partner"].create({"name": "Till", "parent_id": self.dragon.id})
        order = self.env["sale.order"].create({"partner_id": buyer.id})
        used = visit.article_use_ids.used_at
        for state, at, count in (
            ("draft", used + timedelta(days=1), 0),
            ("sale", used - timedelta(minutes=1), 0),
            ("sale", used + timedelta(days=1), 1),
            ("sale", used + timedelta(days=15), 0),
            ("sale", used, 1),
        ):
            order.write({"state": state, "date_order": at})
            self.env.invalidate_all()
            for user, seen in ((self.rita, count), (self.otis, 0)):
                with self.subTest(state=state, at=at, user=user.name):
                    article = self.article.with_user(user).with_context(ordered=True)
                    self.assertEqual((article.knows_orders, article.order_count), (True, seen))
                    found = self.env["field.visit"].with_user(user)
                    domain = article.action_open_visits()["domain"]
                    self.assertEqual(found.search(domain), visit if seen else found)

    def test_nobody_writes_a_use(self):
        visit = self._begin()
        values = {
            "article_id": self.article.id,
            "visit_id": visit.id,
            "used_at": "2026-11-23 02:00:00",
        }
        for user in (self.rita, self.lea, self.dora):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.env["field.knowledge.use"].with_user(user).create(values)
