"""How many reps one server carries: simulated phones that all have a backlog, as on a Monday morning.

    ./field bench sim [--reps 500] [--seconds 60] [--connections 16] [--workers 2]

Starts a server of its own on a copy of the template database, gives each rep a device token, and
lets the outboxes empty as fast as the server takes it, with answers lost on the way: first the
events (in batches) and photos, then the positions (one a request). Then it counts in the database
what had been acknowledged. Figures are ratios to the same server's `/web/health`, asked by the same
client; the absolute ones hold for this machine only.
"""

import argparse
import asyncio
import contextlib
import json
import math
import os
import random
import sys
import tempfile
import time
from collections import deque
from datetime import date
from pathlib import Path

from demo import SEED, places
from demo.people import REPS
from simulator import day, shifts
from simulator.habits import HABITS
from simulator.http import Connection
from simulator.outbox import Chain, Network, Outbox
from simulator.stats import Stats
from tests.support import databases, odoo_process

KINDS = ("events", "photos", "fixes")
TITLES = {"events": "events, in batches", "photos": "photos", "fixes": "positions"}
DONE = {
    "events": "events_acknowledged",
    "photos": "photos_acknowledged",
    "fixes": "fixes_acknowledged",
}
MODULES = "field_base,field_visit,field_tracking"
STEPS = (day.Step("storefront", "photo"), day.Step("stock", "check"))
DEVICES = """
import json
from demo import SEED, places
company = env.ref("base.main_company")
env["field.policy"].search([("company_id", "=", company.id)]).fence_mode = "none"
reps = env["res.users"].with_context(no_reset_password=True, tracking_disable=True).create([
    {"name": f"Load {n}", "login": f"load{n}", "tz": "Asia/Shanghai",
     "group_ids": [(4, env.ref("field_base.field_base_group_rep").id)]}
    for n in range(%(reps)d)])
shops = env["res.partner"].with_context(tracking_disable=True).create([
    {"name": shop.name, "partner_latitude": shop.lat, "partner_longitude": shop.lng}
    for shop in places.make_shops(SEED)])
devices = env["field.device"].create(
    [{"name": user.login, "user_id": user.id, "company_id": company.id} for user in reps])
found = [{"id": d.id, "uuid": d.uuid, "token": d._issue_token()} for d in devices]
env.cr.commit()
open(%(path)r, "w").write(json.dumps({"devices": found, "shops": shops.ids}))
"""


def main():
    options = _parse()
    database = f"field_bench_{os.getpid()}-sim"
    databases.clone(odoo_process.setting("FIELD_TEMPLATE_DB"), database)
    try:
        made = _prepare(database, options.reps)
        with _serving(database, options) as url:
            health, phases, boxes = asyncio.run(_measure(url, made, options))
        lost, doubled = _audit(database, made, boxes)
    finally:
        databases.drop(database)
    _print(options, health, phases, boxes)
    print(f"lost {lost}  doubled {doubled}")
    return 0 if lost == doubled == 0 else 1


@contextlib.contextmanager
def _serving(database, options):
    """A server with workers. Odoo starts its websocket process from `sys.argv[0]`, so `-m odoo`
    does not do here."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "odoo-bin"
        program.write_text("import odoo.cli\n\nodoo.cli.main()\n")
        os.environ.setdefault("FIELD_ODOO_BIN", str(program))
        arguments = ["--workers", options.workers, "--log-level", "warn"]
        arguments += ["--gevent-port", odoo_process.free_port()]
        # workers die at their time limit, and that of the tests' settings is 0
        arguments += ["--limit-time-real", 120, "--limit-time-cpu", 60]
        with odoo_process.serving(database, *arguments, log=options.log) as url:
            yield url


def _parse():
    parser = argparse.ArgumentParser(prog="bench sim", description=__doc__.partition("\n")[0])
    parser.add_argument("--reps", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=16, help="requests at the same time")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--log", help="file for the server's log")
    return parser.parse_args()


def _prepare(database, reps):
    """Install the modules and make people, devices and shops.

    :return: {"devices": [{id, uuid, token}], "shops": [ids]}
    """
    print(f"installing {MODULES} on a copy of the template …", flush=True)
    arguments = ("-d", database, "--no-http", "--max-cron-threads", 0)
    installed = odoo_process.run(
        "install", *arguments, "-i", MODULES, "--skip-auto-install", "--stop-after-init"
    )
    installed.assert_clean()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.json"
        script = DEVICES % {"reps": reps, "path": str(path)}
        done = odoo_process.run("devices", *arguments, subcommand="shell", script=script)
        done.assert_clean()
        return json.loads(path.read_text())


# ---------------------------------------------------------------------- load


class _Gate(Network):
    """The reverse proxy in front: so many requests at the same time, the others wait there."""

    def __init__(self, gate, *arguments, **options):
        super().__init__(*arguments, **options)
        self._gate = gate

    async def exchange(self, *arguments, **options):
        async with self._gate:
            return await super().exchange(*arguments, **options)


async def _measure(url, made, options):
    """(health rate, {kind: (seconds, Stats)}, the outboxes)"""
    health = await _health_rate(url, options.connections)
    gate = asyncio.Semaphore(options.connections)
    boxes = [_make_box(url, made, number, gate) for number in range(len(made["devices"]))]
    phases = {}
    seconds = options.seconds / len(KINDS)
    for kind in KINDS:
        print(f"{len(boxes)} phones send {TITLES[kind]}, for at most {seconds:.0f} s …", flush=True)
        for box in boxes:
            box.network.stats = box.stats = Stats()
            for item in getattr(box.plan, kind):
                box.add(item)
        phases[kind] = await _send(boxes, seconds), _total(box.stats for box in boxes)
    health = (health + await _health_rate(url, options.connections)) / 2
    return health, phases, boxes


async def _send(boxes, seconds):
    """Let all send until they have nothing left or the time is over.

    :return: the seconds it took
    """
    began = time.monotonic()
    running = [asyncio.create_task(box.run()) for box in boxes]
    while time.monotonic() - began < seconds and not all(box.is_empty for box in boxes):
        await asyncio.sleep(0.1)
    taken = time.monotonic() - began
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for box in boxes:
        box.left |= box.waiting
        box.events, box.photos, box.fixes = [], deque(), deque()
    return taken


def _total(parts):
    total = Stats()
    for part in parts:
        total.add(part)
    return total


async def _health_rate(url, connections, seconds=5.0):
    """Requests a second of the server's cheapest page."""
    count = 0
    end = time.monotonic() + seconds

    async def ask():
        nonlocal count
        connection = Connection(url)
        while time.monotonic() < end:
            answer = await connection.request("GET", "/web/health")
            count += answer.status == 200
        await connection.close()

    await asyncio.gather(*(ask() for _ in range(connections)))
    return count / seconds


def _make_box(url, made, number, gate):
    """The outbox of one rep, full of the day he has behind him."""
    person = REPS[number % len(REPS)]
    habit = HABITS[person.habit]
    shops = [
        day.Shop(partner, shop.lat, shop.lng, STEPS)
        for partner, shop in zip(made["shops"], places.make_shops(SEED), strict=True)
        if shop.territory.key == person.territory
    ]
    home = places.home_of(person.territory, SEED)
    shift = shifts.last_shift(time.time())
    shift = shifts.shift_of(shift.date) if shift.name == "day" else _day_before(shift.date)
    plan = day.plan_day(f"load{number}", person.login, habit, shift, home, shops)
    device, stats, rng = made["devices"][number], Stats(), random.Random(number)
    network = _Gate(gate, url, rng, stats, lost_answers=0.01)
    token = device["token"]
    box = Outbox(network, Chain(device["uuid"]), token, token, habit.wire, rng, stats)
    box.plan, box.left = plan, set()
    return box


def _day_before(on):
    return shifts.shift_of(date.fromordinal(on.toordinal() - 1))


# ---------------------------------------------------------------------- truth


def _audit(database, made, boxes):
    """(lost, doubled): what was acknowledged and is not there, what is there more than once."""
    lost = doubled = 0
    with databases.cursor(database) as cr:
        for table, kind in (("field_event", "events"), ("field_blob", "photos")):
            cr.execute(f"SELECT uuid FROM {table}")
            rows = [row[0] for row in cr.fetchall()]
            sent = {item.uuid for box in boxes for item in getattr(box.plan, kind)} - _left(boxes)
            lost += len(sent - set(rows))
            doubled += len(rows) - len(set(rows))
        cr.execute("SELECT device_id, extract(epoch FROM ts)::bigint FROM field_position")
        rows = cr.fetchall()
        sent = {
            (device["id"], fix.at)
            for device, box in zip(made["devices"], boxes, strict=True)
            for fix in box.plan.fixes
            if fix.at not in box.left
        }
        lost += len(sent - set(rows))
        doubled += len(rows) - len(set(rows))
    return lost, doubled


def _left(boxes):
    return set().union(*(box.left for box in boxes))


def _print(options, health, phases, boxes):
    day_s = 9 * 3600
    need = {kind: sum(len(getattr(box.plan, kind)) for box in boxes) / day_s for kind in KINDS}
    print(f"\n{'':30}{'a second':>10}{'ratio':>8}{'p50 ms':>9}{'p95 ms':>9}{'needed':>9}")
    print(f"{'/web/health, requests':30}{health:10.1f}{1:8.2f}")
    load = 0.0
    for kind in KINDS:
        seconds, stats = phases[kind]
        rate = getattr(stats, DONE[kind]) / seconds
        load += need[kind] / rate if rate else math.inf
        row = f"{TITLES[kind]:30}{rate:10.1f}{rate / health:8.2f}"
        row += f"{stats.percentile(0.5):9.0f}{stats.percentile(0.95):9.0f}{need[kind]:9.2f}"
        print(row)
    total = _total(stats for _seconds, stats in phases.values())
    print(
        f"{sum(total.statuses.values())} answers, {total.answers_lost} lost on the way,"
        f" {total.failures} retries, {total.repetitions} repeated events,"
        f" refused: {sorted({r[:2] for r in total.refusals}) or 'none'}"
    )
    print(f"{options.reps} reps at work take {100 * load:.0f} % of what this server does")


if __name__ == "__main__":
    sys.exit(main())
