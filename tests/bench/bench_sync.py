"""What the journal costs: 100 mixed events by sync against the same model calls in one transaction.

    ./field bench sync

Both do the same work for the same person in the same process, and are rolled back; the figures are
medians of ratios. A duplicate batch is the first one delivered again.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from tests.support import databases, odoo_process

MODULES = "field_base,field_visit"
SYNC_BAR, DUPLICATE_BAR = 2.5, 0.15
SCRIPT = """
import json, time, uuid, logging
from datetime import datetime, timedelta
logging.disable(logging.WARNING)
company = env.ref("base.main_company")
env["field.policy"].search([("company_id", "=", company.id)]).fence_mode = "none"
user = env["res.users"].with_context(no_reset_password=True).create({
    "name": "Bench", "login": "bench", "tz": "Asia/Shanghai",
    "group_ids": [(4, env.ref("field_base.field_base_group_rep").id)]})
shops = env["res.partner"].create([
    {"name": f"Shop {n}", "partner_latitude": 31 + n / 1000, "partner_longitude": 121}
    for n in range(33)])
device = env["field.device"].create(
    {"name": "b", "user_id": user.id, "company_id": company.id})
env.cr.commit()
MORNING = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=20)

def plan():
    yield "workday.open", None, 0
    for n, shop in enumerate(shops):
        yield "visit.check_in", shop, 10 * n + 1
        yield "visit.check_out", shop, 10 * n + 9
        if n < 32:
            yield "contact.ping", None, 10 * n + 10
    yield "workday.close", None, 400

def position(shop):
    return {"lat": shop.partner_latitude, "lng": 121.0, "accuracy": 10}

def events():
    names = {shop.id: str(uuid.uuid4()) for shop in shops}
    for seq, (kind, shop, minute) in enumerate(plan(), 1):
        payload = {}
        if shop:
            payload = {"visit_uuid": names[shop.id], "position": position(shop)}
        if kind == "visit.check_in":
            payload["partner_id"] = shop.id
        at = MORNING + timedelta(minutes=minute)
        yield {"uuid": str(uuid.uuid4()), "seq": seq, "kind": kind, "payload": payload,
               "captured_at": at.isoformat(timespec="milliseconds") + "Z", "prev_hash": ""}

def sync(batch):
    mine = env(user=user.id, su=False)
    began = time.process_time(), time.monotonic()
    answer = mine["field.event"]._sync(device.with_env(mine), batch)
    env.flush_all()
    took = time.monotonic() - began[1]
    states = {result["state"] for result in answer["results"]}
    assert states == {"applied"}, [r for r in answer["results"] if r["state"] != "applied"][:3]
    return took

def direct():
    mine = env(user=user.id, su=False)
    began = time.monotonic()
    visit = {}
    for kind, shop, minute in plan():
        at = MORNING + timedelta(minutes=minute)
        if kind == "workday.open":
            day = mine["field.workday"]._do_open(mine.user, at, None, device=device)
        elif kind == "workday.close":
            day._do_close(at, None)
        elif kind == "visit.check_in":
            visit[shop] = mine["field.visit"]._find_or_create_today(shop.with_env(mine), at)
            visit[shop]._do_check_in(position(shop), at=at, source="app")
        elif kind == "visit.check_out":
            visit[shop]._do_check_out(position(shop), at=at, source="app")
        else:
            device.sudo()._note_contact(at, None, 0)
    env.flush_all()
    return time.monotonic() - began

def fresh():
    env.cr.rollback()
    env.invalidate_all()

found = []
for run in range(%(runs)d + 1):
    fresh(); plain = direct()
    fresh(); batch = list(events()); first = sync(batch)
    env.invalidate_all(); again = sync(batch)
    fresh()
    if run:  # the first one warms caches up
        found.append([plain, first, again])
open(%(path)r, "w").write(json.dumps(found))
"""


def main():
    """Measure, print, and say by the exit code whether both bars are kept."""
    name = databases.clone(
        odoo_process.setting("FIELD_TEMPLATE_DB"), databases.PREFIX + "bench-sync"
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            rows = measure(name, Path(folder) / "found.json")
    finally:
        databases.drop(name)
    sync = statistics.median(first / plain for plain, first, _again in rows)
    again = statistics.median(again / first for _plain, first, again in rows)
    print(f"100 mixed events by sync / the same calls directly: {sync:.2f} (bar {SYNC_BAR})")
    print(f"the same batch again / its first delivery: {again:.3f} (bar {DUPLICATE_BAR})")
    kept = sync <= SYNC_BAR and again <= DUPLICATE_BAR
    print("kept" if kept else "NOT kept")
    return 0 if kept else 1


def measure(database, path, runs=5):
    """``[[direct, first delivery, delivery again], …]`` in seconds."""
    odoo_process.run(
        "installing our modules",
        *("-d", database, "-i", MODULES, "--stop-after-init", "--no-http", "--skip-auto-install"),
    ).assert_clean()
    run = odoo_process.run(
        "measuring",
        *("-d", database, "--no-http"),
        subcommand="shell",
        script=SCRIPT % {"runs": runs, "path": str(path)},
    )
    if not path.exists():
        raise SystemExit(run.log[-3000:])
    return json.loads(path.read_text())


if __name__ == "__main__":
    sys.exit(main())
