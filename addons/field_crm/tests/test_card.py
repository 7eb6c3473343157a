import io
import unittest
from unittest.mock import patch

from PIL import Image, ImageDraw, ImageFont

from odoo.tests import HttpCase, tagged
from odoo.tests.common import BaseCase

from ..tools import card_reader
from ..tools.card import Line, read_card
from .common import REP

FONT = "NotoSansCJK-Regular.ttc"
CHINESE = [
    (60, 50, 40, "上海蓝河食品有限公司"),
    (60, 170, 64, "陈伟"),
    (260, 195, 32, "采购经理"),
    (60, 330, 28, "手机：138 1234 5678"),
    (60, 375, 28, "电话：021-6888 1234  传真：021-6888 1235"),
    (60, 420, 28, "邮箱：chenwei@bluefood.example"),
    (60, 465, 28, "地址：上海市浦东新区张江路88号5楼"),
    (60, 510, 28, "www.bluefood.example"),
]
ENGLISH = [
    (60, 50, 40, "Blue River Foods Co., Ltd."),
    (60, 150, 60, "Anna Miller"),
    (60, 240, 30, "Purchasing Director"),
    (60, 340, 28, "Tel: +49 30 5550 100   Fax: +49 30 5550 199"),
    (60, 385, 28, "Mobile: +49 171 5550123"),
    (60, 430, 28, "anna.miller@blueriver.example"),
    (60, 475, 28, "12 Garden Street, 10115 Berlin"),
]


SEVEN = ("contact", "company", "position", "phone", "email", "street", "city")


def paint(rows, ink="black", paper="white"):
    image = Image.new("RGB", (1000, 600), paper)
    pen = ImageDraw.Draw(image)
    for x, y, size, text in rows:
        pen.text((x, y), text, fill=ink, font=ImageFont.truetype(FONT, size))
    return image


def as_photo(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def held_upright():
    """As a phone saves a photo taken upright: turned, with a note how."""
    note = Image.Exif()
    note[0x0112] = 6
    return note


class TestCardFields(BaseCase):
    """What stands where, from lines as a reader of pictures gives them."""

    def _read(self, *texts):
        found = read_card([t if isinstance(t, Line) else Line(t) for t in texts])
        return {name: value for name, value in found.items() if value}

    def test_chinese(self):
        found = self._read(
            "上海蓝河食品有限公司",
            Line("陈伟", 60),
            "采购经理",
            "电话：021-68881234传真：021-68881235",
            "手机：13812345678",
            "邮箱：chenwei@bluefood.example",
            "地址：上海市浦东新区张江路88号5楼",
        )
        self.assertEqual(
            found,
            {
                "company": "上海蓝河食品有限公司",
                "contact": "陈伟",
                "position": "采购经理",
                "phone": "13812345678",
                "email": "chenwei@bluefood.example",
                "street": "上海市浦东新区张江路88号5楼",
                "city": "上海",
            },
        )

    def test_name_and_title_in_one_line(self):
        for text, name, title in (
            ("陈伟采购经理", "陈伟", "采购经理"),
            ("欧阳明华 副总经理", "欧阳明华", "副总经理"),
            ("王芳  华东大区销售总监", "王芳", "华东大区销售总监"),
            ("刘 洋", "刘洋", None),
            ("Anna Miller, Purchasing Director", "Anna Miller", "Purchasing Director"),
        ):
            found = self._read(text)
            self.assertEqual((found.get("contact"), found.get("position")), (name, title), text)

    def test_english_with_words_run_together(self):
        found = self._read(
            "Blue River Foods Co., Ltd.",
            "Anna Miller",
            "PurchasingDirector",
            "Tel:+49305550100Fax:+49305550199",
            "anna.miller @ blueriver.example",
            "http://www.blueriver.example/en",
            "12 Garden Street,10115 Berlin",
        )
        self.assertEqual(found["position"], "Purchasing Director")
        self.assertEqual(found["phone"], "+49305550100")
        self.assertEqual(found["email"], "anna.miller@blueriver.example")
        self.assertEqual(found["website"], "http://www.blueriver.example/en")
        self.assertEqual(found["contact"], "Anna Miller")
        self.assertEqual(found["street"], "12 Garden Street, 10115 Berlin")

    def test_english_without_any_blank(self):
        found = self._read(
            "SilverLakeTradingGmbH",
            "AnnaMiller",
            "HeadofProcurement",
            "12GardenStreet,10115Berlin",
        )
        self.assertEqual(found["company"], "Silver Lake Trading GmbH")
        self.assertEqual(found["contact"], "Anna Miller")
        self.assertEqual(found["street"], "12 Garden Street, 10115 Berlin")
        self.assertEqual(
            self._read("BlueRiverFoodsCo.,Ltd")["company"], "Blue River Foods Co., Ltd"
        )
        half = self._read("12 GardenStreet,10115Berlin", "Ronald McKay")
        self.assertEqual(half["street"], "12 Garden Street, 10115 Berlin")
        self.assertEqual(half["contact"], "Ronald McKay")

    def test_two_languages_on_one_card(self):
        found = self._read(
            "蓝河食品（上海）有限公司",
            "Blue River Foods Ltd.",
            "陈伟",
            "Chen Wei",
            "Manager",
            "经理",
        )
        self.assertEqual(found["company"], "蓝河食品（上海）有限公司")
        self.assertEqual((found["contact"], found["position"]), ("陈伟", "经理"))

    def test_what_is_not_there_is_not_invented(self):
        self.assertEqual(self._read(), {})
        self.assertEqual(self._read("传真：021-68881235"), {})
        self.assertEqual(self._read("品质第一 客户至上", "Since 1998"), {})


@unittest.skipUnless(card_reader.is_there(), "the optional reader is not installed")
class TestCardReader(BaseCase):
    """Cards drawn here, read by the real reader."""

    def _paint(self, rows, *colours):
        try:
            return paint(rows, *colours)
        except OSError:
            self.skipTest(f"no font {FONT}")

    def _read(self, rows):
        return self._look(self._paint(rows))

    def _look(self, image, **options):
        return read_card(card_reader.read_lines(as_photo(image, **options)))

    def _photos(self, rows):
        """The same card as people really hold it before a camera."""
        card, desk = self._paint(rows), (90, 90, 90)
        table = Image.new("RGB", (1600, 1200), (120, 100, 80))
        table.paste(card, (250, 300))
        turned = card.rotate(90, expand=True)
        return {
            "white on dark": (self._paint(rows, "white", (20, 30, 60)), {}),
            "gold on black": (self._paint(rows, (212, 175, 55), (10, 10, 10)), {}),
            "askew": (card.rotate(-8, expand=True, fillcolor=desk), {}),
            "more askew": (card.rotate(15, expand=True, fillcolor=desk), {}),
            "on its side": (turned, {}),
            "upside down": (card.rotate(180), {}),
            "held upright": (turned, {"exif": held_upright()}),
            "on a table": (table, {}),
            "small": (card.resize((700, 420)), {}),
        }

    def _seven(self, found):
        """Without blanks and full stops: the reader is not asked for those."""
        return {name: found[name].replace(" ", "").rstrip(".") for name in SEVEN}

    def test_as_people_hold_it(self):
        for start, rows in enumerate((CHINESE, ENGLISH)):
            wanted = self._seven(self._read(rows))
            self.assertEqual([name for name in SEVEN[:6] if not wanted[name]], [])
            # each way with one of the cards: a reading takes its second
            for way, (image, options) in list(self._photos(rows).items())[start::2]:
                with self.subTest(way=way, card=wanted["contact"]):
                    self.assertEqual(self._seven(self._look(image, **options)), wanted)

    def test_chinese_card(self):
        found = self._read(CHINESE)
        self.assertEqual(found["contact"], "陈伟")
        self.assertEqual(found["company"], "上海蓝河食品有限公司")
        self.assertEqual(found["position"], "采购经理")
        self.assertEqual(found["phone"].replace(" ", ""), "13812345678")
        self.assertEqual(found["email"], "chenwei@bluefood.example")
        self.assertEqual(found["city"], "上海")

    def test_english_card(self):
        found = self._read(ENGLISH)
        self.assertEqual(found["contact"], "Anna Miller")
        self.assertEqual(found["company"], "Blue River Foods Co., Ltd.")
        self.assertEqual(found["position"], "Purchasing Director")
        self.assertEqual(found["phone"].replace(" ", ""), "+491715550123")
        self.assertEqual(found["email"], "anna.miller@blueriver.example")

    def test_no_picture(self):
        for content in (b"", b"GIF89a", b"\xff\xd8\xff\xe0broken"):
            with self.assertRaises(card_reader.CardUnreadable):
                card_reader.read_lines(content)


@tagged("post_install", "-at_install")
class TestCardApi(HttpCase):
    """The address of the phone: what it answers, and to whom."""

    def setUp(self):
        super().setUp()
        user = self.env["res.users"].create(
            {
                "name": "Card",
                "login": "card_rep",
                "group_ids": [(4, self.env.ref(REP).id)],
            }
        )
        _device, self.token = self.env["field.device"]._enrol(
            user, "0190d2a4-0000-7000-8000-0000000000c1", "Phone"
        )

    def _post(self, content, token=None):
        headers = {"Authorization": f"Bearer {token or self.token}", "Content-Type": "image/jpeg"}
        return self.url_open("/field/api/v1/card", data=content, headers=headers)

    def test_answers_fields_and_keeps_nothing(self):
        files = self.env["ir.attachment"].search_count([])
        lines = [Line("蓝河食品有限公司"), Line("陈伟")]
        with (
            patch.object(card_reader, "is_there", return_value=True),
            patch.object(card_reader, "read_lines", return_value=lines) as read,
        ):
            answer = self._post(b"\xff\xd8picture").json()
        read.assert_called_once_with(b"\xff\xd8picture")
        self.assertEqual(answer["fields"]["contact"], "陈伟")
        self.assertEqual(answer["lines"], ["蓝河食品有限公司", "陈伟"])
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)

    def test_refusals(self):
        self.assertEqual(self._post(b"x", token="wrong").status_code, 401)
        with patch.object(card_reader, "is_there", return_value=False):
            answer = self._post(b"x")
            app = self.env["field.app"].with_user(self.env.ref("base.user_admin"))
            self.assertFalse(app._me_values(app.env.user)["card_reader"])
        self.assertEqual((answer.status_code, answer.json()["error"]["code"]), (422, "no_reader"))
        for error, status in (
            (card_reader.CardUnreadable, 422),
            (card_reader.CardReaderBusy, 503),
        ):
            with (
                patch.object(card_reader, "is_there", return_value=True),
                patch.object(card_reader, "read_lines", side_effect=error),
            ):
                self.assertEqual(self._post(b"x").status_code, status)
