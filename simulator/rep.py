"""One simulated rep: logs in, plans his shift, and lives it through his phone."""

import asyncio
import json
import logging
import random
import time
from dataclasses import replace

from demo import catalogue, places

from . import day
from .account import Account, Refused
from .habits import HABITS
from .http import NetworkError
from .outbox import Chain, Network, NotConnected, Outbox
from .stats import Stats
from .tasks import until_first

DRAIN_STEP_S = 0.05
ENROL = "/field/api/v1/enrol"
_logger = logging.getLogger(__name__)


class Rep:
    """A person of the demo company at work.

    :param demo.people.Person person: who
    :param str url: of the server
    :param seed: what his days follow from
    """

    def __init__(self, person, url, seed, lost_answers=0.02):
        self.person, self.url, self.seed = person, url, seed
        self.habit = HABITS[person.habit]
        self.stats = Stats()
        self.rng = random.Random(f"{seed}/network/{person.login}")
        self.network = Network(url, self.rng, self.stats, lost_answers)
        self.device = day.make_uuid(seed, "phone", person.login)
        self.tracker_id = None
        self.account = self.outbox = self.plan = self.leader = None

    # ------------------------------------------------------------------ connecting

    async def connect(self):
        """Log in, connect the phone and the tracker app, and pick up where the phone stopped.

        :raises Refused: a login or a right is missing
        """
        login, password = self.person.login, self.person.password
        self.account = await Account.open(self.url, login, password)
        token = await self._enrol(password)
        tracker_token = await self._connect_tracker()
        self.outbox = Outbox(
            self.network,
            await self._restore_chain(),
            token,
            tracker_token or token,
            self.habit.wire,
            self.rng,
            self.stats,
        )

    async def _enrol(self, password):
        body = {
            "login": self.person.login,
            "password": password,
            "device_uuid": self.device,
            "name": f"{self.person.zh}的手机 {self.person.en}",
        }
        connection = self.network.connection()
        try:
            answer = await connection.request(
                "POST", ENROL, json.dumps(body).encode(), {"Content-Type": "application/json"}
            )
        finally:
            await connection.close()
        if answer.status != 200:
            raise Refused(f"{self.person.login}: enrol answered {answer.status} {answer.body!r}")
        return json.loads(answer.body)["token"]

    async def _connect_tracker(self):
        """The token of the tracker app an administrator has prepared for this person, if any."""
        trackers = await self.account.search_read(
            "field.device", [("kind", "=", "tracker"), ("state", "=", "active")], ["name"], limit=1
        )
        if not trackers:
            return None
        self.tracker_id = trackers[0]["id"]
        action = await self.account.call("field.device", "action_new_token", [self.tracker_id])
        return action["context"]["default_token"]

    async def _restore_chain(self):
        """Where the phone's numbering stands: the journal is its memory."""
        domain = [("device_id.uuid", "=", self.device)]
        [device] = await self.account.search_read(
            "field.device", [("uuid", "=", self.device)], ["id"]
        )
        if self.tracker_id is None:
            self.tracker_id = device["id"]
        last = await self.account.search_read(
            "field.event", domain, ["seq", "hash"], order="seq desc, id desc", limit=1
        )
        return Chain(self.device, *((last[0]["seq"], last[0]["hash"]) if last else ()))

    # ------------------------------------------------------------------ planning

    async def prepare(self, shift):
        """Make the plan of a shift and put its visits into the calendar."""
        await self._begin_at_the_desk()
        shops = await self._read_shops()
        leads = await self._read_leads(shift)
        draft = self._make_plan(shift, shops, leads)
        await self._plan_visits(shift, draft.planned)
        self.plan = self._make_plan(shift, await self._with_steps(shift, shops), leads)
        return self.plan

    async def _begin_at_the_desk(self):
        """He takes on the work he was given, and says no to one of the suggestions."""
        leaders = await self.account.search_read(
            "res.users", [("login", "=", self.person.leader)], ["id"]
        )
        self.leader = leaders[0]["id"] if leaders else None
        mine = ("user_id.login", "=", self.person.login)
        works = await self.account.search_read(
            "field.task.work", [mine, ("state", "=", "new")], ["id"]
        )
        if works:
            await self.account.call("field.task.work", "action_accept", [w["id"] for w in works])
        await self.account.call("field.suggestion", "action_open_today")
        offered = await self.account.search_read(
            "field.suggestion", [mine, ("state", "=", "open")], ["id"], limit=3, order="id desc"
        )
        if offered:
            chosen = [offered[-1]["id"]]
            await self.account.call("field.suggestion", "action_dismiss", chosen, "phone")

    def _make_plan(self, shift, shops, leads):
        home = places.home_of(self.person.territory, self.seed)
        return day.plan_day(
            self.seed, self.person.login, self.habit, shift, home, shops, leads, self.leader
        )

    async def _read_shops(self):
        partners = await self.account.search_read(
            "res.partner",
            [("user_id.login", "=", self.person.login), ("partner_latitude", "!=", 0)],
            ["partner_latitude", "partner_longitude"],
            order="id",
        )
        return [day.Shop(p["id"], p["partner_latitude"], p["partner_longitude"]) for p in partners]

    async def _with_steps(self, shift, shops):
        """The shops with the steps of the procedure that today's visit to them follows."""
        visits = await self._read_visits(shift)
        sop_of = {v["partner_id"][0]: v["sop_id"][0] for v in visits if v["sop_id"]}
        rows = await self.account.search_read(
            "field.sop.step",
            [("sop_id", "in", sorted(set(sop_of.values())))],
            ["sop_id", "key", "kind", "required", "min_photos", "form_id"],
            order="sequence, id",
        )
        items = await self._read_items()
        questions = await self._read_questions(
            [row["form_id"][0] for row in rows if row["form_id"]]
        )
        steps = {}
        for row in rows:
            step = day.Step(
                *(row[name] for name in ("key", "kind", "required", "min_photos")),
                questions[row["form_id"][0]] if row["form_id"] else items.get(row["kind"], ()),
            )
            steps.setdefault(row["sop_id"][0], []).append(step)
        articles = await self.account.search_read("field.knowledge.article", [], ["id"], order="id")
        shown = tuple(article["id"] for article in articles)
        reasons = await self._read_reasons()
        return [
            replace(
                shop,
                steps=tuple(steps.get(sop_of.get(shop.id), ())),
                articles=shown,
                reasons=reasons,
            )
            for shop in shops
        ]

    async def _read_reasons(self):
        rows = await self.account.search_read("field.visit.reason", [], ["usage"], order="id")
        return tuple((row["id"], row["usage"]) for row in rows)

    async def _read_items(self):
        """What the steps go through: see `day.Step.items`."""
        lines = await self.account.search_read(
            "field.shelf.line", [], ["product_id", "target_qty"], order="id"
        )
        rivals = await self.account.search_read("field.rival.product", [], ["name"], order="id")
        products = await self.account.search_read(
            "product.product",
            [("id", "in", [line["product_id"][0] for line in lines])],
            ["list_price"],
            order="id",
        )
        prices = [price for _brand, goods in catalogue.BRANDS for _name, price in goods]
        return {
            "stock": tuple((line["product_id"][0], line["target_qty"]) for line in lines),
            "price": tuple((one["id"], one["list_price"]) for one in products),
            "competitor": tuple(zip((one["id"] for one in rivals), prices, strict=False)),
        }

    async def _read_questions(self, forms):
        """``{form id: what its step goes through}``, see `day.Step.items`."""
        rows = await self.account.search_read(
            "field.form.question",
            [("form_id", "in", forms)],
            ["form_id", "key", "kind", "option_ids"],
            order="sequence, id",
        )
        options = await self.account.search_read(
            "field.form.option", [("question_id.form_id", "in", forms)], ["key"]
        )
        keys = {option["id"]: option["key"] for option in options}
        found = {}
        for row in rows:
            choices = tuple(keys[one] for one in row["option_ids"])
            found.setdefault(row["form_id"][0], []).append((row["key"], row["kind"], choices))
        return {form: tuple(items) for form, items in found.items()}

    async def _read_leads(self, shift):
        """At most one lead a shift, taken from the pool."""
        if random.Random(f"{self.seed}/lead/{self.person.login}/{shift}").random() < 0.4:
            return []
        leads = await self.account.search_read(
            "crm.lead", [("field_in_pool", "=", True)], ["id"], limit=30, order="id"
        )
        return [self.rng.choice(leads)["id"]] if leads else []

    async def _plan_visits(self, shift, planned):
        have = {visit["partner_id"][0] for visit in await self._read_visits(shift)}
        missing = [
            {"partner_id": shop.id, "plan_date": shift.date.isoformat(), "plan_time": hour}
            for shop, hour in planned
            if shop.id not in have
        ]
        if missing:
            await self.account.call("field.visit", "create", missing)

    async def _read_visits(self, shift):
        return await self.account.search_read(
            "field.visit",
            [
                ("user_id.login", "=", self.person.login),
                ("plan_date", "=", shift.date.isoformat()),
            ],
            ["partner_id", "sop_id"],
        )

    async def _read_known(self):
        """Started again in the middle of a shift: what the server holds is not sent anew.

        Positions are: their repetitions cost the server next to nothing.
        """
        known = set()
        for model, items in (("field.event", self.plan.events), ("field.blob", self.plan.photos)):
            domain = [("uuid", "in", [item.uuid for item in items])]
            rows = await self.account.search_read(model, domain, ["uuid"])
            known |= {row["uuid"] for row in rows}
        return known

    # ------------------------------------------------------------------ living

    async def live(self, shift, clock):
        """Play a shift; returns when its last item has been put into the outbox.

        :raises NotConnected: the server does not take the phone any more
        """
        await self.prepare(shift)
        known = await self._read_known()
        for at, item in self._timeline(known):
            pause = clock.real(at) - time.time()
            if pause > 0:
                await asyncio.sleep(pause)
            if item == "gone":  # what was there before has left before
                await self.drain()
            self._happen(item)

    def _timeline(self, known=()):
        """(moment, item or change of the network) of the plan, in order, without what is known."""
        reports = (*self.plan.events, *self.plan.photos)
        items = [(fix.at, fix) for fix in self.plan.fixes]
        items += [(report.at, report) for report in reports if report.uuid not in known]
        for start, end in self.plan.holes:
            items += [(start, "gone"), (end, "back")]
        return sorted(items, key=lambda pair: pair[0])

    def _happen(self, item):
        if item == "gone":
            self.network.go()
        elif item == "back":
            self.network.come_back()
            self.outbox.expect_backlog()
        else:
            self.outbox.add(item)

    async def drain(self, patience=120):
        """Wait until the server has everything.

        :param patience: seconds without any progress after which it is given up
        :return: whether it has
        """
        self.network.come_back()
        left, quiet = self.outbox.size, 0.0
        while left and quiet < patience:
            await asyncio.sleep(DRAIN_STEP_S)
            quiet = quiet + DRAIN_STEP_S if self.outbox.size >= left else 0.0
            left = self.outbox.size
        return not left

    # ------------------------------------------------------------------ counting

    async def audit(self):
        """Compare what was acknowledged to this phone with what the server holds.

        :return: dict of name: (expected, found)
        """
        waiting = self.outbox.waiting
        events = [event.uuid for event in self.plan.events if event.uuid not in waiting]
        photos = [photo.uuid for photo in self.plan.photos if photo.uuid not in waiting]
        seconds = {fix.at for fix in self.plan.fixes if fix.at not in waiting}
        count = self.account.count
        return {
            "events": (len(events), await count("field.event", [("uuid", "in", events)])),
            "photos": (len(photos), await count("field.blob", [("uuid", "in", photos)])),
            "positions": (
                len(seconds),
                await count(
                    "field.position",
                    [
                        ("device_id", "=", self.tracker_id),
                        ("ts", ">=", _text(min(seconds))),
                        ("ts", "<=", _text(max(seconds))),
                        ("ts", "not in", [_text(at) for at in waiting if isinstance(at, int)]),
                    ],
                ),
            ),
        }

    async def close(self):
        if self.account:
            await self.account.close()


def _text(at):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))


async def run_forever(rep, choose, pause):
    """Live one shift after the other, and come back after every trouble.

    :param choose: callable (now) → (shift, clock)
    :param pause: seconds to wait after a failure
    """
    while True:
        try:
            await rep.connect()
            await until_first(rep.outbox.run(), _live_on(rep, choose))
        except (NetworkError, NotConnected, Refused) as problem:
            _logger.warning("%s: %s", rep.person.login, problem)
        await asyncio.sleep(pause)


async def _live_on(rep, choose):
    while True:
        shift, clock = choose(time.time())
        await rep.live(shift, clock)
        await asyncio.sleep(max(0, shift.end + 1 - time.time()))
