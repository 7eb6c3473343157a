"""Leads on the phone, in both languages: claimed near by, more time asked for and granted, a contact
noted offline, a claim that came too late, a business card read by the camera.

With FIELD_PICTURES it makes the pictures of the guides.
"""

import base64
import importlib.util
import io

import pytest
import qrcode
from PIL import Image, ImageDraw, ImageFont

from tests.support import phone as phones
from tests.support.office import RpcDesk

from . import phone_town
from .phone_case import PhoneCase
from .phone_town import HERE, METRE, PASSWORD, PIN, connect, settled, today

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"GPS", "m", "km", "example", "chenwei", "bluefood", "Rep", "Administrator"}
WORDS = {
    "en_US": {
        "pool": "Shanghai East",
        "leads": ["Noodle bar at the park", "Tea house", "Hotel by the river"],
        "contact": "Li Na",
        "note": "Wants an offer for 30 cases",
        "result": "Interested",
        "reason": "The buyer is at a fair",
        "work": "Find out who decides there",
        "granted": "more time as often as",
        "card": ("Blue River Foods Ltd.", "Anna Miller", "Purchasing Manager"),
        "code": ("Red Lake Drinks Ltd.", "Emma Fischer", "Buyer"),
        "help": {
            "asked": [
                ("Coolers for the hospital", "Explain the cooling to the technicians"),
                ("Machines for the school", "Show the coffee machine"),
            ],
            "reason": "He is at the fair that day",
        },
    },
    "zh_CN": {
        "pool": "上海东区",
        "leads": ["公园边的面馆", "茶楼", "江边酒店"],
        "contact": "李娜",
        "note": "想要 30 箱的报价",
        "result": "有意向",
        "reason": "采购在展会上",
        "work": "了解谁有决定权",
        "granted": "延长次数已用完",
        "card": ("上海蓝河食品有限公司", "陈伟", "采购经理"),
        "code": ("苏州红湖饮料有限公司", "李明", "采购员"),
        "help": {
            "asked": [
                ("医院冰柜项目", "给技术人员讲解制冷方案"),
                ("学校咖啡机项目", "演示咖啡机"),
            ],
            "reason": "他当天在展会上",
        },
    },
}
HOLD_CARD = """
    navigator.mediaDevices.getUserMedia = async () => {
        const image = new Image();
        image.src = "data:image/png;base64,%s";
        await image.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        const paint = () => canvas.getContext("2d").drawImage(image, 0, 0);
        setInterval(paint, 100);
        paint();
        return canvas.captureStream(10);
    };
"""


# Readers of the browser: none (Safari, Firefox), one without the service behind it (Chromium on a
# computer), one that knows other codes only.
READERS = {
    "none": "delete window.BarcodeDetector",
    "broken": """window.BarcodeDetector = class {
        static async getSupportedFormats() { return ["qr_code"]; }
        async detect() { throw new DOMException("no service", "NotSupportedError"); }
    }""",
    "others": """window.BarcodeDetector = class {
        static async getSupportedFormats() { return ["ean_13"]; }
        async detect() { return []; }
    }""",
}
ZXING_KEPT = "caches.match('/web/static/lib/zxing-library/zxing-library.js').then(Boolean)"


@pytest.fixture(scope="module")
def town():
    if not phones.chromium():
        pytest.skip("no Chromium")
    town = phone_town.Town(modules="field_visit,field_crm", name="leads")
    yield town
    town.close()


def draw_card(company, name, title):
    image = Image.new("RGB", (1000, 600), "white")
    pen = ImageDraw.Draw(image)
    rows = ((50, 44, company), (180, 64, name), (290, 34, title), (400, 30, "138 1234 5678"))
    for top, size, text in (*rows, (450, 30, "chenwei@bluefood.example")):
        font = ImageFont.truetype("NotoSansCJK-Regular.ttc", size)
        pen.text((60, top), text, fill="black", font=font)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def draw_code(company, name, title):
    """A business card's code as a phone prints it: long, in its language, seen at an angle."""
    lines = (
        *("BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"ORG:{company}", f"TITLE:{title}"),
        *("TEL;TYPE=WORK:021 5555 0001", "TEL;TYPE=CELL:138 1234 5678"),
        *("EMAIL:chenwei@bluefood.example", "ADR;TYPE=WORK:;;8 Nanjing Road;Shanghai;;;"),
        "END:VCARD",
    )
    code = qrcode.make("\r\n".join(lines), box_size=6).convert("L")
    image = Image.new("L", (1280, 960), 200)
    image.paste(code.rotate(8, expand=True, fillcolor=255), (180, 90))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


class Leads:
    lang = "en_US"

    def setUp(self):
        admin = self.town.admin
        self.words = WORDS[self.lang]
        admin.write("res.users", self.user, lang=self.lang)
        self.rival = self.town.hire(f"{self.login}rival", name="Rival")
        self.boss = self.hire_leader()
        pool = admin.create(
            "field.lead.pool",
            name=self.words["pool"],
            recycle_on=True,
            member_ids=[(6, 0, [self.user, self.rival])],
        )
        self.leads = [
            admin.create(
                "crm.lead",
                name=name,
                type="lead",
                field_pool_id=pool,
                user_id=False,
                team_id=False,
                contact_name=self.words["contact"],
                phone="+86 138 0016 8842",
                field_lat=PIN[0] + n * 400 * METRE,
                field_lng=PIN[1],
            )
            for n, name in enumerate(self.words["leads"])
        ]

    def look(self, tab, name):
        tab.wait("!document.querySelector('.o_fa_toast')", "no message above it")
        tab.picture(f"app-{name}-{self.lang[:2]}")
        self.assertFalse(tab.is_wider_than_the_screen(), name)
        self.assertEqual(tab.small_targets(), [], name)
        if self.lang == "zh_CN":
            people = {self.login.title(), f"{self.login}boss".title()}
            self.assertEqual(tab.foreign_words(NAMES | people), [], name)

    def hire_leader(self):
        admin = self.town.admin
        boss = self.town.hire(f"{self.login}boss", lang=self.lang)
        leader = admin.ref("field_base.field_base_group_leader")
        admin.write("res.users", boss, group_ids=[(4, leader)])
        self.town.open_shops(boss)
        above = admin.row("hr.employee", [("user_id", "=", boss)], ["id"])["id"]
        below = admin.row("hr.employee", [("user_id", "=", self.user)], ["id"])["id"]
        admin.write("hr.employee", below, parent_id=above)
        return boss

    def start(self, login=None):
        tab = self.phone(HERE).tab
        connect(tab, login or self.login)
        settled(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        return tab

    def test_leads(self):
        tab = self.start()
        self.claim_near_by(tab)
        self.work_on_it(tab)
        self.ask_for_time(tab)
        tab.offline()
        self.note_contact(tab)
        self.claim_too_late(tab)
        self.assert_office()
        self.scan_code(tab)
        self.read_card(tab)

    def claim_near_by(self, tab):
        near, _second, far = self.words["leads"]
        tab.js("fieldApp.router.go('leads')")
        tab.see(".o_fa_row", far)
        rows = "[...document.querySelectorAll('.o_fa_row .o_fa_name')].map((row) => row.innerText)"
        self.assertEqual(tab.js(rows), self.words["leads"], "near ones first")
        self.assertNotIn("1380016", tab.text().replace(" ", ""))
        self.look(tab, "leads")
        tab.tap("button[name=claim]")
        settled(tab)
        tab.tap("button[name=mine]")
        tab.see(".o_fa_row .o_fc_left", "23")
        self.look(tab, "leads-mine")
        tab.tap(".o_fa_row", near)
        tab.see(".o_fa_line", self.words["contact"])
        self.look(tab, "lead")

    def work_on_it(self, tab):
        """A work package about the lead leads to it, also without a network."""
        admin, near = self.town.admin, self.words["leads"][0]
        about = {"about_ref": f"crm.lead,{self.leads[0]}", "assignee_id": self.user}
        days = {"date_from": today().isoformat(), "deadline": today().isoformat()}
        task = admin.create("field.task", name=self.words["work"], **about, **days)
        admin.call("field.task", "action_give_out", [task])
        settled(tab)
        tab.offline()
        tab.js("fieldApp.router.go('works')")
        tab.tap(f".o_fa_row[data-work='{task}']")
        tab.see("button[name=about]", near)
        self.look(tab, "work-about")
        tab.tap("button[name=about]")
        tab.see(".o_fa_line", self.words["contact"])
        tab.offline(False)

    def ask_for_time(self, tab):
        """Asked for without a network, decided by the leader on his own phone."""
        tab.tap("button[name=extend]")
        tab.see("button[name=ask][disabled]")
        tab.offline()
        tab.type("textarea[name=reason]", self.words["reason"])
        self.look(tab, "lead-extend")
        tab.tap("button[name=ask]")
        tab.see(".o_fa_note[role=status]")
        tab.gone("button[name=extend]")
        tab.offline(False)
        settled(tab)
        self.decide_on_time()
        settled(tab)
        tab.see(".o_fa_soft", self.words["granted"])
        tab.see(".o_fa_card b", "7")
        self.look(tab, "lead-extended")

    def decide_on_time(self):
        tab = self.start(f"{self.login}boss")
        tab.js("fieldApp.router.go('today')")
        tab.tap("button[name=time_asked]")
        tab.see(".o_fa_card p", self.words["reason"])
        self.look(tab, "time-asked")
        tab.tap("button[name=grant]")
        tab.gone("button[name=grant]")
        settled(tab)
        request = self.town.admin.row(
            "field.lead.extension", [("lead_id", "=", self.leads[0])], ["state", "decided_by_id"]
        )
        self.assertEqual((request["state"], request["decided_by_id"]), ("granted", self.boss))

    def note_contact(self, tab):
        tab.tap("button[name=contact]")
        tab.see("button[name=save][disabled]")
        tab.tap("button[name=result_no_answer]")
        tab.see("button[name=save]:not([disabled])")
        tab.tap("button[name=result_interested]")
        tab.see("button[name=save][disabled]")
        tab.type("textarea[name=note]", self.words["note"])
        tab.tap("button[name=next_1]")
        self.look(tab, "lead-contact")
        tab.tap("button[name=save]")
        tab.see(".o_fa_line", f"{self.words['result']}: {self.words['note']}")
        self.look(tab, "lead-noted")

    def claim_too_late(self, tab):
        wanted = self.words["leads"][1]
        tab.js("fieldApp.router.go('leads')")
        tab.see(".o_fa_note.o_fa_warn")
        tab.tap("button[name=claim]")
        tab.gone(".o_fa_row:has(button[name=claim]) .o_fa_name", wanted)
        self.look(tab, "leads-offline")
        rival = RpcDesk(self.town.url, f"{self.login}rival", PASSWORD, self.town.database)
        rival.call("crm.lead", "action_claim", [self.leads[1]])
        tab.offline(False)
        settled(tab)
        tab.gone(".o_fa_row .o_fa_name", wanted)
        refused = [event["code"] for event in self.town.events(self.user) if event["code"]]
        self.assertEqual(refused, ["already_claimed"])

    def assert_office(self):
        names = ["user_id", "field_contact_at", "field_contact_deadline", "activity_ids"]
        lead = self.town.admin.row("crm.lead", [("id", "=", self.leads[0])], names)
        self.assertEqual(lead["user_id"], self.user)
        self.assertTrue(lead["field_contact_at"])
        self.assertFalse(lead["field_contact_deadline"])
        self.assertEqual(len(lead["activity_ids"]), 1, "the next step")
        other = self.town.admin.row("crm.lead", [("id", "=", self.leads[1])], ["user_id"])
        self.assertEqual(other["user_id"], self.rival)

    def scan_code(self, tab):
        """Without a network, whatever reader the browser has or has not."""
        company, name, title = self.words["code"]
        value = "document.querySelector('input[name={}]')?.value"
        tab.wait(ZXING_KEPT, "Odoo's reader to lie on the phone")
        tab.offline()
        for reader in READERS.values():
            tab.js("fieldApp.router.go('leads')")
            tab.tap("button[name=new]")
            tab.js(reader)
            tab.js(HOLD_CARD % draw_code(company, name, title))
            tab.tap("button[name=scan]")
            tab.wait(f"{value.format('company')} === {company!r}", "the code to be read")
            card = {one: tab.js(value.format(one)) for one in ("contact", "position", "phone")}
            wanted = {"contact": name, "position": title, "phone": "138 1234 5678"}
            self.assertEqual(card, wanted)
            self.assertIn("021 5555 0001", tab.js(value.format("note")))
        self.look(tab, "card-scanned")
        tab.tap("button[name=save]")
        tab.offline(False)
        settled(tab)
        made = self.town.admin.row(
            "crm.lead", [("partner_name", "=", company)], ["user_id", "contact_name", "city"]
        )
        self.assertEqual((made["contact_name"], made["city"]), (name, "Shanghai"))
        self.assertEqual(made["user_id"], self.user)

    def read_card(self, tab):
        company, name, title = self.words["card"]
        tab.js("fieldApp.router.go('lead_new')")
        if not importlib.util.find_spec("rapidocr_onnxruntime"):
            tab.see("button[name=scan]")
            tab.gone("button[name=photograph]")
            return
        tab.js(HOLD_CARD % draw_card(company, name, title))
        tab.tap("button[name=photograph]")
        tab.wait("document.querySelector('video').videoWidth > 900", "the camera")
        self.look(tab, "card-camera")
        tab.tap(".o_fa_shutter")
        value = "document.querySelector('input[name={}]')?.value"
        tab.wait(f"{value.format('company')} === {company!r}", "the card to be read")
        self.assertEqual(tab.js(value.format("contact")), name)
        self.assertEqual(tab.js(value.format("position")), title)
        self.assertEqual(tab.js(value.format("email")), "chenwei@bluefood.example")
        self.look(tab, "card-read")
        tab.tap("button[name=save]")
        settled(tab)
        made = self.town.admin.row(
            "crm.lead", [("partner_name", "=", company)], ["user_id", "contact_name", "function"]
        )
        self.assertEqual((made["contact_name"], made["function"]), (name, title))
        self.assertEqual(made["user_id"], self.user)

    # --- help with deals ------------------------------------------------------------------------

    def test_help_with_deals(self):
        """A leader answers without a network; who helps says what it took."""
        wanted, unwanted = self.ask_for_help()
        self.decide_on_help(wanted, unwanted)
        self.say_what_it_took(wanted)
        self.read_the_no(unwanted)

    def ask_for_help(self):
        admin, words = self.town.admin, self.words["help"]
        asker = self.town.hire(f"{self.login}asker", lang=self.lang, name="Rep A")
        self.town.open_shops(asker)
        desk = RpcDesk(self.town.url, f"{self.login}asker", PASSWORD, self.town.database)
        role = admin.ref("field_crm.field_deal_role_expert")
        return [
            desk.create(
                "field.deal.request",
                lead_id=admin.create("crm.lead", name=deal, type="opportunity", user_id=asker),
                user_id=self.user,
                role_id=role,
                purpose=purpose,
                hours=6,
                needed_on="2027-03-01",
            )
            for deal, purpose in words["asked"]
        ]

    def decide_on_help(self, wanted, unwanted):
        tab = self.start(f"{self.login}boss")
        tab.js("fieldApp.router.go('today')")
        tab.tap("button[name=deal_help]")
        card = "[data-request='{}'] ".format
        tab.see(card(wanted) + "p", self.words["help"]["asked"][0][1])
        self.look(tab, "deal-help-decide")
        tab.offline()
        tab.tap(card(unwanted) + "button[name=refuse]")
        tab.see(card(unwanted) + "button[name=refuse_now][disabled]")
        tab.type("textarea[name=reason]", self.words["help"]["reason"])
        self.look(tab, "deal-help-refuse")
        tab.tap(card(unwanted) + "button[name=refuse_now]")
        tab.gone(card(unwanted))
        tab.tap(card(wanted) + "button[name=agree]")
        tab.gone(card(wanted))
        tab.offline(False)
        settled(tab)
        self.assertEqual(self.help(wanted)["state"], "approved")
        refused = self.help(unwanted)
        self.assertEqual(
            (refused["state"], refused["answer"]), ("refused", self.words["help"]["reason"])
        )

    def say_what_it_took(self, request):
        tab = self.start()
        tab.js("fieldApp.router.go('today')")
        tab.tap("button[name=deal_help]")
        tab.offline()
        tab.type("input[name=hours]", "-3")
        tab.see("[role=alert]")
        tab.see("button[name=save_hours][disabled]")
        tab.js("document.querySelector('input[name=hours]').value = ''")
        tab.type("input[name=hours]", "3,5")
        tab.type("input[name=cost]", "80")
        self.leave_half_typed(tab)
        tab.tap("button[name=save_hours]")
        tab.see("[data-request] p[role=status]")
        tab.gone("[data-draft]")
        self.look(tab, "deal-help-hours")
        tab.tap("button[name=done]")
        tab.gone(f"[data-request='{request}']")
        tab.offline(False)
        settled(tab)
        done = self.help(request)
        self.assertEqual((done["state"], done["hours_used"], done["cost_used"]), ("done", 3.5, 80))

    def leave_half_typed(self, tab):
        """What was typed stands there again, also when the app had gone."""
        typed = "document.querySelector('input[name={}]').value"
        drafts = "fieldApp.account.db.docs.where('kind').equals('draft').toArray()"
        tab.wait(f"{drafts}.then(([doc]) => doc?.values.cost === '80')", "the draft")
        tab.reload()
        tab.see("[data-draft]")
        self.assertEqual([tab.js(typed.format(name)) for name in ("hours", "cost")], ["3,5", "80"])

    def read_the_no(self, request):
        """Who has asked reads the reason."""
        tab = self.start(f"{self.login}asker")
        tab.js("fieldApp.router.go('deal_help')")
        tab.see(f"[data-request='{request}'] .o_fa_note", self.words["help"]["reason"])
        self.look(tab, "deal-help-refused")

    def help(self, request):
        names = ["state", "answer", "hours_used", "cost_used"]
        return self.town.admin.row("field.deal.request", [("id", "=", request)], names)


class TestLeadsEnglish(Leads, PhoneCase):
    lang = "en_US"


class TestLeadsChinese(Leads, PhoneCase):
    lang = "zh_CN"
