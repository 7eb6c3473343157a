"""Articles on the phone: searched without a network, suggested in a visit, used with one tap.

In both languages. With FIELD_PICTURES it makes the pictures of the user guide.
"""

import base64
import io

import pytest
from PIL import Image, ImageDraw

from .phone_case import PhoneCase
from .phone_town import check_in, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "km", "A", "B", "C"}
WORDS = {
    "en_US": {
        "sop": "Shelf visit",
        "competitor": "What others sell",
        "brand": "Clear Spring",
        "rival": "Spring water 500 ml",
        "against": "Why our water",
        "general": "How we greet",
        "other": "For pharmacies only",
        "channel": "Pharmacy",
        "tag": "Too dear",
        "title": "Three reasons",
        "text": "It comes from the mountains.",
        "word": "mountains",
        "paper": "Price list",
        "card": "Bottle beside bottle",
    },
    "zh_CN": {
        "sop": "货架拜访",
        "competitor": "竞品情况",
        "brand": "清泉",
        "rival": "清泉水 500 毫升",
        "against": "为什么选我们的水",
        "general": "怎样打招呼",
        "other": "仅限药店",
        "channel": "药店",
        "tag": "嫌贵",
        "title": "三个理由",
        "text": "水源来自高山。",
        "word": "高山",
        "paper": "价目表",
        "card": "两瓶对比",
    },
}


def picture():
    image = Image.new("RGB", (640, 360), "#dff0ea")
    draw = ImageDraw.Draw(image)
    for left, color in ((160, "#0f6b5c"), (380, "#8a5200")):
        draw.rounded_rectangle((left, 80, left + 100, 320), 20, fill=color)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return base64.b64encode(buffer.getvalue()).decode()


class Articles:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        admin = self.town.admin
        self.words = words = WORDS[self.lang]
        admin.write("res.users", self.user, lang=self.lang)
        brand = admin.create("field.rival.brand", name=words["brand"])
        rival = admin.create("field.rival.product", name=words["rival"], brand_id=brand)
        self.rival = rival
        tag = admin.create("field.knowledge.tag", name=words["tag"], kind="objection")
        channel = admin.create("field.channel", name=words["channel"])
        files = [
            {"name": words["card"], "data": picture()},
            {"name": words["paper"], "data": base64.b64encode(b"%PDF-1.4\n1").decode()},
        ]
        body = f"<h2>{words['title']}</h2><ul><li>{words['text']}</li></ul>"
        self.against = admin.create(
            "field.knowledge.article",
            name=words["against"],
            body=body,
            rival_ids=[(6, 0, [rival])],
            tag_ids=[(6, 0, [tag])],
            file_ids=[(0, 0, file) for file in files],
        )
        self.general = admin.create("field.knowledge.article", name=words["general"], sequence=20)
        self.other = admin.create(
            "field.knowledge.article", name=words["other"], channel_ids=[(6, 0, [channel])]
        )
        self.addCleanup(self._tidy, channel)
        step = {"key": "competitor", "kind": "competitor", "name": words["competitor"]}
        sop = admin.create("field.sop", name=words["sop"], sequence=90, step_ids=[(0, 0, step)])
        admin.write("field.visit", admin.search("field.visit", self.mine()), sop_id=sop)

    def mine(self):
        return [("user_id", "=", self.user)]

    def _tidy(self, channel):
        admin = self.town.admin
        articles = [self.against, self.general, self.other]
        admin.write("field.knowledge.article", articles, active=False)
        admin.write("field.rival.product", self.rival, active=False)
        admin.write("field.channel", channel, active=False)

    def row(self, article):
        return f".o_fa_row[data-article='{article}']"

    def test_articles_in_a_visit(self):
        tab = self.phone().tab
        self.open_app(tab)
        self.fetch_files(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        check_in(tab)
        self.suggested(tab)
        self.search(tab)
        self.use(tab)
        tab.offline(False)
        settled(tab)
        self.assert_office()
        self.lose_the_right(tab)

    def fetch_files(self, tab):
        """They come with the round after the one that told of them."""
        tab.js("void fieldApp.sync.soon()")
        tab.wait(
            "fieldApp.account.db.bytes.toCollection().primaryKeys()"
            ".then((keys) => keys.filter((key) => key.startsWith('article-')).length === 2)",
            "the files of the article",
        )

    def suggested(self, tab):
        """What helps depends on what was seen here."""
        tab.see(self.row(self.general))
        self.assertTrue(tab.js(f'!document.querySelector("{self.row(self.against)}")'))
        tab.tap("[data-step=competitor]")
        tab.type(f"input[name=price][data-product='{self.rival}']", "1.80")
        tab.tap("button[name=save_step]")
        tab.see(self.row(self.against), self.words["rival"])
        self.assertTrue(tab.js(f'!document.querySelector("{self.row(self.other)}")'))
        self.look(tab, "articles-suggested")

    def search(self, tab):
        tab.tap("button[name=articles]")
        tab.see(self.row(self.other))
        tab.type(".o_fa_search input", self.words["word"])
        tab.wait("document.querySelectorAll('.o_fa_row').length === 1", "the one that says so")
        tab.see(self.row(self.against))
        tab.js("document.querySelector('.o_fa_search input').value = ''")
        tab.type(".o_fa_search input", self.words["tag"])
        tab.see(self.row(self.against))
        self.look(tab, "articles-search")
        tab.tap(self.row(self.against))

    def use(self, tab):
        tab.see(".o_fv_article", self.words["text"])
        tab.see("[data-file] img")
        tab.wait("document.querySelector('[data-file] img').naturalWidth === 640", "the picture")
        tab.see("[data-file] a", self.words["paper"])
        self.look(tab, "article")
        tab.tap("button[name=use_article]")
        tab.see("[data-used]", "Golden Dragon")
        self.assertTrue(tab.js("!document.querySelector('button[name=use_article]')"))

    def assert_office(self):
        self.assert_arrived(["workday.open", "visit.check_in", "visit.step_done", "article.used"])
        uses = self.town.admin.rows(
            "field.knowledge.use", self.mine(), ["article_id", "partner_id", "version"]
        )
        [use] = uses
        self.assertEqual(use["article_id"], self.against)
        self.assertEqual((use["partner_id"], use["version"]), (self.shops[0], 1))

    def lose_the_right(self, tab):
        """What is not meant for one any more leaves the phone, with its files."""
        self.town.admin.write("field.knowledge.article", self.against, date_to="2020-01-01")
        tab.js("void fieldApp.sync.soon()")
        tab.wait(
            f"fieldApp.account.db.rows.get(['articles', {self.against}]).then((row) => !row)",
            "the article to go",
        )
        tab.js("void fieldApp.sync.soon()")
        tab.wait(
            "fieldApp.account.db.bytes.toCollection().primaryKeys()"
            ".then((keys) => !keys.some((key) => key.startsWith('article-')))",
            "its files to go",
        )


class TestArticlesEnglish(Articles, PhoneCase):
    lang = "en_US"


class TestArticlesChinese(Articles, PhoneCase):
    lang = "zh_CN"
