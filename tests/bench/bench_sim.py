"""How many reps one server carries: simulated phones that all have a backlog, as on a Monday morning.

    ./field bench sim [--reps 500] [--seconds 60] [--connections 16] [--workers 2]

Starts a server of its own on a copy of the template database, gives each rep a device token, and
lets their outboxes (events in batches, photos, positions one by one) empty as fast as the server
takes it, with answers lost on the way. Then it counts in the database what had been acknowledged.
Figures are ratios to the same server's `/web/health`, asked by the same client; the absolute ones
hold for this machine only.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from demo import SEED, places
from demo.people import REPS
from simulator import day, shifts
from simulator.habits import HABITS
from simulator.http import Connection
from simulator.outbox import BATCH, Chain, Network, Outbox
from simulator.stats import Stats
from tests.support import databases, odoo_process

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
        serving = odoo_process.serving(
            database, "--workers", options.workers, "--log-level", "warn", log=options.log
        )
        with serving as url:
            health, boxes, seconds = asyncio.run(_measure(url, made, options))
        lost, doubled = _audit(database, made, boxes)
    finally:
        databases.drop(database)
    _print(options, health, boxes, seconds, lost, doubled)
    return 0 if lost == doubled == 0 else 1


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
    health = await _health_rate(url, options.connections)
    gate = asyncio.Semaphore(options.connections)
    boxes = [_make_box(url, made, number, gate) for number in range(len(made["devices"]))]
    print(f"{len(boxes)} phones send for at most {options.seconds:.0f} s …", flush=True)
    began = time.monotonic()
    running = [asyncio.create_task(box.run()) for box in boxes]
    while time.monotonic() - began < options.seconds and not all(box.is_empty for box in boxes):
        await asyncio.sleep(0.2)
    seconds = time.monotonic() - began
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return health, boxes, seconds


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
    box.plan = plan
    for item in (*plan.events, *plan.photos, *plan.fixes):
        box.add(item)
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
            lost += len(_acknowledged(boxes, kind) - set(rows))
            doubled += len(rows) - len(set(rows))
        cr.execute("SELECT device_id, extract(epoch FROM ts)::bigint FROM field_position")
        rows = cr.fetchall()
        sent = set()
        for device, box in zip(made["devices"], boxes, strict=True):
            waiting = {fix.at for fix in box.fixes}
            sent |= {(device["id"], f.at) for f in box.plan.fixes if f.at not in waiting}
        lost += len(sent - set(rows))
        doubled += len(rows) - len(set(rows))
    return lost, doubled


def _acknowledged(boxes, kind):
    found = set()
    for box in boxes:
        left = getattr(box, kind)
        waiting = {item["uuid"] if isinstance(item, dict) else item.uuid for item in left}
        found |= {item.uuid for item in getattr(box.plan, kind)} - waiting
    return found


def _print(options, health, boxes, seconds, lost, doubled):
    total = Stats()
    for box in boxes:
        total.add(box.stats)
    requests = sum(total.statuses.values())
    rate = requests / seconds
    need = sum(_requests(box.plan) for box in boxes) / (9 * 3600)
    for line in total.lines():
        print(line)
    print(f"refused   {len(total.refusals)}  {sorted({r[:2] for r in total.refusals})[:5]}")
    print(f"lost {lost}  doubled {doubled}")
    print(f"{'':30}{'requests/s':>12}{'ratio':>10}")
    print(f"{'/web/health':30}{health:12.1f}{1:10.2f}")
    print(f"{'field protocols, backlog':30}{rate:12.1f}{rate / health:10.2f}")
    print(f"{f'{options.reps} reps at work need':30}{need:12.1f}{need / health:10.2f}")
    print(f"headroom: {rate / need:.1f} times the need of {options.reps} reps")


def _requests(plan):
    """Requests that a day causes when the phone is online: one for each position and photo, one
    sync for each event."""
    return len(plan.fixes) + len(plan.photos) + len(plan.events)


if __name__ == "__main__":
    assert BATCH <= 100
    sys.exit(main())
