"""The last weeks of the company, lived through the same methods that the phones' requests call.

Events go through the journal's `_sync`, photos through `_store`, positions as the bytes of a
tracker app through its parser and the device's `_receive`; nights run the jobs of the night. Only
the clock of the phones is in the past, as it is for a phone that comes back from a journey.
"""

import hashlib
import time
from datetime import timedelta

from simulator import day, wire
from simulator.files import file_of
from simulator.habits import HABITS
from simulator.outbox import BATCH, Chain, stamp
from simulator.shifts import shift_of

from . import SEED, catalogue, errands, expenses, plans
from .odoo_env import as_user
from .people import REPS
from .places import home_of
from odoo.addons.field_tracking.tools.parse import Parsed, parse

DAYS_AHEAD = 9
LEFT_OUT = 3  # shops of each rep that nobody plans


def live_through(env, users, shops, today, days, timed):
    """Let the reps work until yesterday and plan the days to come.

    :param users: ``{login: res.users}``
    :param shops: list of (places.Shop, res.partner)
    :param today: first day that is not history
    :param int days: number of working days
    :param timed: context manager that reports how long a part took
    """
    past = _working_days(today, days)
    ahead = [today + timedelta(days=i) for i in range(DAYS_AHEAD + 1)]
    with timed("plans"):
        reps = [_Rep(env, person, users[person.login], shops) for person in REPS]
        for rep in reps:
            rep.plan(past, [date for date in ahead if date.weekday() < 5 or date == today])
        env.cr.commit()
    with timed("visits"):
        for date in past:
            for rep in reps:
                rep.send_events(date)
            _night(env)
    with timed("photos"):
        for rep in reps:
            rep.send_photos()
            env.cr.commit()
    with timed("tracks"):
        for rep in reps:
            rep.send_positions()
            env["field.track.day"]._rebuild_user(rep.user)
            env.cr.commit()
    with timed("expenses"):
        expenses.claim_mileage(env, users, past)
    with timed("reports"):
        _finish_reports(env)
    with timed("errands"):
        errands.run(env, users, shops, today)
        env.cr.commit()
    with timed("rules, lines and routes"):
        plans.make_plans(env, users, shops, today)
        env.cr.commit()


def _working_days(today, count):
    """The last ``count`` days before today that are no weekend, oldest first."""
    dates, date = [], today
    while len(dates) < count:
        date -= timedelta(days=1)
        if date.weekday() < 5:
            dates.append(date)
    return dates[::-1]


def _night(env):
    """What the night does with days and visits nobody closed; each job commits."""
    env["field.visit"]._cron_close_forgotten()
    env["field.workday"]._cron_auto_close()
    env["field.visit"]._cron_mark_missed()
    env["res.partner"]._cron_field_life()


def _finish_reports(env):
    """Bring the reports of days up to date, which were made before the tracks, and make those of
    weeks and months."""
    reports = env["field.work.report"]
    for same in reports.search([])._group_for_gathering().values():
        same._refresh()
    reports._cron_make()


class _Rep:
    """A rep's phone and tracker app, speaking to the models as their requests do."""

    def __init__(self, env, person, user, shops):
        self.person, self.user, self.habit = person, user, HABITS[person.habit]
        self.env = as_user(env, user)
        self.plans = {}
        self._steps, self._sops = _procedures(env)
        articles = tuple(env["field.knowledge.article"].search([]).ids)
        reasons = env["field.visit.reason"].search([], order="id")
        reasons = tuple((reason.id, reason.usage) for reason in reasons)
        self.leader = env["res.users"].search([("login", "=", person.leader)]).id
        self.shops = [
            day.Shop(
                partner.id,
                shop.lat,
                shop.lng,
                self._steps[self._sops[shop.kind]],
                articles,
                partner._get_field_code(),
                reasons,
            )
            for shop, partner in self._get_visited(shops)
        ]
        self._kinds = {partner.id: shop.kind for shop, partner in shops}
        uuid = day.make_uuid(SEED, "phone", person.login)
        name = f"{person.zh}的手机 {person.en}"
        device, _token = self.env["field.device"]._enrol(user, uuid, name)
        self.device = device.with_env(self.env).sudo()
        self.chain = Chain(uuid)
        self.tracker = env["field.device"].search(
            [("user_id", "=", user.id), ("kind", "=", "tracker")]
        )

    def _get_visited(self, shops):
        """Some of his shops he never gets to: those are suggested to him."""
        mine = [pair for pair in shops if pair[0].territory.key == self.person.territory]
        graded = [pair for pair in mine if pair[1].field_grade_id]
        left = graded[-LEFT_OUT:]
        return [pair for pair in mine if pair not in left]

    # ------------------------------------------------------------------ plans

    def plan(self, past, ahead):
        """Make the days of the past, and the visits of all days as a rep plans them."""
        leads = iter(self._leads())
        home = home_of(self.person.territory, SEED)
        visits = []
        for number, date in enumerate([*past, *ahead]):
            claims = [next(leads, None)] if number % 6 == 3 else []
            plan = day.plan_day(
                SEED,
                self.person.login,
                self.habit,
                shift_of(date),
                home,
                self.shops,
                [lead for lead in claims if lead],
                self.leader,
            )
            visits += [self._prepare_visit_vals(date, shop, hour) for shop, hour in plan.planned]
            if date in past:
                self.plans[date] = plan
        self.env["field.visit"].create(visits)

    def _prepare_visit_vals(self, date, shop, hour):
        return {
            "partner_id": shop.id,
            "plan_date": date,
            "plan_time": hour,
            "sop_id": self._sops[self._kinds[shop.id]],
        }

    def _leads(self):
        """Leads of his own streets, one for each third of the history."""
        territory = next(shop for shop in self.shops)
        leads = self.env["crm.lead"].search([("field_in_pool", "=", True)], order="id")
        near = leads.sorted(
            lambda lead: (
                (lead.field_lat - territory.lat) ** 2 + (lead.field_lng - territory.lng) ** 2
            )
        )
        return near[:3].ids

    # ------------------------------------------------------------------ phone

    def send_events(self, date):
        """A day's events, as the sync controller hands them over."""
        events = [self.chain.envelope(event) for event in self.plans[date].events]
        for first in range(0, len(events), BATCH):
            batch = events[first : first + BATCH]
            answer = self.env["field.event"]._sync(self.device, batch, stamp(time.time()))
            self._check(answer["results"])

    def _check(self, results):
        refused = [result for result in results if result["state"] != "applied"]
        if refused:
            raise RuntimeError(f"{self.person.login}: {refused[0]}")

    def send_photos(self):
        """The pictures of all days, as the blob controller hands them over."""
        Blob = self.env["field.blob"]
        for plan in self.plans.values():
            for photo in plan.photos:
                content, kind = file_of(photo)
                digest = hashlib.sha256(content).hexdigest()
                Blob._store(self.device, photo.uuid, content, kind, digest)

    # ------------------------------------------------------------------ tracker

    def send_positions(self):
        """All positions, day by day, each as the bytes this tracker app sends."""
        for plan in self.plans.values():
            fixes = []
            for fix in plan.fixes:
                fixes += self._read(fix).fixes
            self.tracker._receive(Parsed(self.habit.wire, fixes=fixes))

    def _read(self, fix):
        query, body, content_type = wire.ENCODERS[self.habit.wire](fix, self.device.uuid[:8])
        parsed = parse(content_type or "", query.lstrip("?"), body, time.time())
        if parsed.rejects or len(parsed.fixes) != 1:
            raise RuntimeError(f"{self.person.login}: {parsed}")
        return parsed


def _procedures(env):
    """``({sop id: steps}, {kind of shop: sop id})``"""
    shelf, talk = (env.ref(f"__demo__.sop_{key}") for key in ("supermarket", "restaurant"))
    usual = env["field.sop"].search([("id", "not in", (shelf | talk).ids)], limit=1)
    items = _items(env)
    steps = {
        sop.id: tuple(
            day.Step(
                step.key,
                step.kind,
                step.required,
                step.min_photos,
                _questions(step.form_id) or items.get(step.kind, ()),
            )
            for step in sop.step_ids
        )
        for sop in usual | shelf | talk
    }
    kinds = {"supermarket": shelf.id, "shop": usual.id, "restaurant": talk.id}
    return steps, kinds


def _questions(form):
    return tuple(
        (question.key, question.kind, tuple(question.option_ids.mapped("key")))
        for question in form.question_ids
    )


def _items(env):
    """What the steps go through: products of the shelf with number, rivals with price."""
    lines = env["field.shelf.line"].search([])
    prices = [price for _brand, goods in catalogue.BRANDS for _name, price in goods]
    rivals = env["field.rival.product"].search([], order="id")
    return {
        "stock": tuple((line.product_id.id, line.target_qty) for line in lines),
        "price": tuple((product.id, product.list_price) for product in lines.product_id),
        "competitor": tuple(zip(rivals.ids, prices, strict=True)),
    }
