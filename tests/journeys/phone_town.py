"""A town with a rep, her customers and a phone: what the tests of the app stand on."""

import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support import databases, odoo_process
from tests.support.live_server import LiveServer
from tests.support.office import RpcDesk

PIN = (31.2304, 121.4737)
METRE = 1 / 111195.0
HERE = (*PIN, 8)
FAR = (PIN[0] + 6000 * METRE, PIN[1], 8)
TIME_ZONE = "Asia/Shanghai"
PASSWORD = "field-phone-1"
SHOPS = ("Golden Dragon", "金龙超市", "Happy Mart", "Sun Store", "Lucky 88")
STEPS = (("look", "Look", "check"), ("shelf", "Shelf", "photo"), ("talk", "Talk", "note"))


def today():
    """The day it is for the people of the town, at whatever hour the tests run."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


class Town:
    """A real server with one company; `close` leaves nothing behind."""

    def __init__(self, modules="field_visit,field_tracking", name="phone"):
        template = odoo_process.setting("FIELD_TEMPLATE_DB")
        self.database = databases.clone(template, databases.PREFIX + name)
        self.folder = tempfile.TemporaryDirectory()
        odoo_process.run(
            "installing the app",
            *("-d", self.database, "-i", modules, "--load-language", "zh_CN"),
            *("--stop-after-init", "--no-http", "--skip-auto-install"),
        ).assert_clean()
        self.server = LiveServer(self.database, Path(self.folder.name) / "server.log")
        self.server.start()
        self.url = self.server.url
        self.admin = RpcDesk(self.url, "admin", "admin", self.database)
        self.sop = self._make_sop()

    def close(self):
        self.server.stop()
        databases.drop(self.database)
        self.folder.cleanup()

    def _make_sop(self):
        steps = [
            (0, 0, {"key": key, "name": name, "kind": kind, "sequence": n})
            for n, (key, name, kind) in enumerate(STEPS)
        ]
        self.admin.write("field.sop", self.admin.search("field.sop", []), active=False)
        return self.admin.create("field.sop", name="Town", sequence=1, step_ids=steps)

    def hire(self, login, lang="en_US", name=None):
        """A rep who may use the app."""
        name = name or login.title()
        rep = self.admin.ref("field_base.field_base_group_rep")
        user = self.admin.create(
            "res.users",
            name=name,
            login=login,
            password=PASSWORD,
            lang=lang,
            tz=TIME_ZONE,
            group_ids=[(4, rep)],
        )
        self.admin.create("hr.employee", name=name, user_id=user)
        return user

    def open_shops(self, user, names=SHOPS):
        """Customers of a rep, 900 m apart, and a visit to each planned for today.

        :return: ids of the customers
        """
        shops = self.admin.create_all(
            "res.partner",
            [
                {
                    "name": name,
                    "street": f"{n + 1} Nanjing Road",
                    "city": "Shanghai",
                    "phone": f"021 5555 {n:04}",
                    "user_id": user,
                    "partner_latitude": PIN[0] + n * 900 * METRE,
                    "partner_longitude": PIN[1],
                }
                for n, name in enumerate(names)
            ],
        )
        visits = [self._plan(user, shop, plan_time=9 + n) for n, shop in enumerate(shops)]
        self.admin.create_all("field.visit", visits)
        return shops

    def plan(self, user, shop, **values):
        return self.admin.create("field.visit", **self._plan(user, shop, **values))

    def _plan(self, user, shop, **values):
        day = today().isoformat()
        place = {"partner_id": shop, "user_id": user, "plan_date": day, "sop_id": self.sop}
        return place | values

    def events(self, user):
        """The journal of a rep, in the order of the phone."""
        names = ("uuid", "seq", "kind", "state", "code", "hash", "prev_hash")
        return self.admin.rows("field.event", [("user_id", "=", user)], names, order="seq")

    def sql(self, query, *values):
        with databases.cursor(self.database) as cr:
            cr.execute(query, values)
            return cr.fetchall() if cr.description else None


SETTLED = """odoo.loader.modules.get("@field_base/app/core/app").countOf(fieldApp.account.db)
    .then(({ events, blobs }) => !events && !blobs && !fieldApp.state.sending)"""


# --- what a person does on the phone -------------------------------------------------------------
def connect(tab, login):
    """Open the app and connect the phone."""
    tab.go()
    tab.type("input[name=login]", login)
    tab.type("input[name=password]", PASSWORD)
    tab.tap("button[type=submit]")
    tab.see(".o_fa_tabs")
    tab.see("button[name=check_in]")


def whole(tab):
    """Wait until the app would start without a server."""
    tab.wait("document.body.dataset.worker === 'ready'", "the service worker")
    tab.wait(
        "caches.keys().then((names) => names.length)",
        "the caches",
    )


def check_in(tab):
    tab.tap("button[name=check_in]")
    tab.tap("button[name=confirm_check_in]")
    tab.see(".o_fv_step")


def do_steps(tab):
    """Answer the three steps; each opens by itself after the one before."""
    tab.tap("[data-step=look]")
    tab.tap("button[name=save_step]")
    tab.see(".o_fa_camera")
    tab.wait("document.querySelector('video').videoWidth", "the camera")
    tab.tap(".o_fa_shutter")
    tab.tap("button[name=camera_done]")
    tab.type("textarea[name=note]", "The owner wants more coolers")
    tab.tap("button[name=save_step]")
    tab.wait("document.querySelectorAll('[data-state=done]').length === 3", "all steps")


def check_out(tab):
    tab.tap("button[name=check_out]")
    tab.tap("button[name=confirm_check_out]")
    tab.see(".o_fa_tabs")


def long_day(tab, shop, visits, photos):
    """A day of visits with photos, as fast as the phone can save them."""
    names = ("visits", "events", "evidence", "sha256")
    paths = ("@field_visit/app/visits", "@field_visit/app/visit_events")
    paths += ("@field_base/app/core/evidence", "@field_base/app/core/sha256")
    imports = "".join(
        f"const {name} = odoo.loader.modules.get('{path}');"
        for name, path in zip(names, paths, strict=True)
    )
    tab.js(
        f"""(async () => {{
        {imports}
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d");
        const photo = async (text) => {{
            context.fillStyle = "#" + Math.random().toString(16).slice(2, 8);
            context.fillRect(0, 0, 300, 150);
            context.strokeText(text, 9, 9);
            const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
            const bytes = await blob.arrayBuffer();
            return {{ bytes, sha256: await sha256.sha256OfBytes(bytes), mime: "image/jpeg" }};
        }};
        const customer = {{ id: {shop}, name: "Golden Dragon" }};
        for (let n = 0; n < {visits}; n++) {{
            const uuid = await events.checkIn(fieldApp, {{ customer }}, {{}});
            const visit = await visits.visitOf(fieldApp.account.db, uuid);
            const about = {{ entity: uuid, label: "Shelf" }};
            const blobs = [];
            for (let i = 0; i < {photos}; i++) {{
                blobs.push(await evidence.keepFile(fieldApp, await photo(`${{n}} ${{i}}`), about));
            }}
            await events.stepDone(fieldApp, visit, visit.steps[1], {{ blobs }});
            await events.checkOut(fieldApp, visit, {{}});
        }}
        }})()"""
    )


def settled(tab, seconds=60):
    """Wait until nothing waits on the phone: asked of its disk, for the screen knows a moment later."""
    tab.js("void fieldApp.sync.soon()")
    tab.wait(SETTLED, "everything to be sent", seconds=seconds)


def outbox(tab):
    """What the phone holds, as the database has it."""
    return tab.js("fieldApp.account.db.outbox.orderBy('seq').toArray()")
