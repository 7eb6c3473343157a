"""Whose rules hold: the policy, the working time and the leaders of very many people at once.

    ./field bench policy [--users 1000]

Installs field_base on a copy of the template database, makes people in departments under policies of
every kind, and asks for ten of them and for all. The number of queries must not grow with them; the
time is given as a ratio to ten people, and per person.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.support import databases, odoo_process

FEW = 10
PEOPLE = """
import json, time
from datetime import date, datetime, timedelta
env = env(context=dict(env.context, no_reset_password=True, tracking_disable=True))
env.company.resource_calendar_id.tz = "Asia/Shanghai"
departments = env["hr.department"].create([{"name": f"Department {n}"} for n in range(20)])
jobs = env["hr.job"].create([{"name": f"Job {n}"} for n in range(10)])
users = env["res.users"].create([
    {"name": f"Rep {n}", "login": f"policy{n}", "tz": "Asia/Shanghai",
     "group_ids": [(4, env.ref("field_base.field_base_group_rep").id)]}
    for n in range(%(users)d)])
env["hr.employee"].create([
    {"name": user.name, "user_id": user.id, "department_id": departments[n %% 20].id,
     "job_id": jobs[n %% 10].id if n %% 3 == 0 else False}
    for n, user in enumerate(users)])
rule = {"effective_from": "2026-01-01", "working_time_lock": "both"}
env["field.policy"].create(
    [{"name": "d", "department_id": d.id, **rule} for d in departments]
    + [{"name": "j", "job_id": j.id, **rule} for j in jobs]
    + [{"name": "u", "user_id": user.id, **rule} for user in users[::10]])
Policy = env["field.policy"]
noon = datetime(2026, 11, 20, 4)

def asked(people):
    return {user.id: [(noon, noon)] for user in people}

questions = {
    "policy of a day": lambda people: Policy._get_for_users(people, date(2026, 11, 20)),
    "policies of 30 days": lambda people: Policy._get_for_days(
        people, [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]),
    "is it working time": lambda people: Policy._is_working_time(people, asked(people)),
    "who sees the tracks": lambda people: people.mapped("field_track_viewer_ids"),
}
found = {}
for name, question in questions.items():
    for people in (users[:%(few)d], users):
        question(people)
        env.flush_all()
        env.invalidate_all()
        queries, began = env.cr.sql_log_count, time.perf_counter()
        question(people)
        taken = time.perf_counter() - began
        found.setdefault(name, []).append([env.cr.sql_log_count - queries, taken])
open(%(path)r, "w").write(json.dumps(found))
"""


def main():
    parser = argparse.ArgumentParser(prog="bench policy", description=__doc__.partition("\n")[0])
    parser.add_argument("--users", type=int, default=1000)
    options = parser.parse_args()
    database = f"field_bench_{os.getpid()}-policy"
    databases.clone(odoo_process.setting("FIELD_TEMPLATE_DB"), database)
    try:
        found = _measure(database, options.users)
    finally:
        databases.drop(database)
    return _print(found, options.users)


def _measure(database, users):
    arguments = ("-d", database, "--no-http", "--max-cron-threads", 0)
    installed = odoo_process.run(
        "install", *arguments, "-i", "field_base", "--skip-auto-install", "--stop-after-init"
    )
    installed.assert_clean()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "found.json"
        script = PEOPLE % {"users": users, "few": FEW, "path": str(path)}
        odoo_process.run("people", *arguments, subcommand="shell", script=script).assert_clean()
        return json.loads(path.read_text())


def _print(found, users):
    """The table; 1 when a number of queries grew with the people."""
    print(
        f"{'question':24} {f'{FEW} people':>10} {f'{users} people':>12} {'time':>8} {'a person':>10}"
    )
    grown = False
    for name, ((few, short), (many, long)) in found.items():
        grown |= many > few
        ratio, each = long / short, long / users * 1e6
        print(f"{name:24} {few:>8} q. {many:>10} q. {ratio:>7.1f}x {each:>7.0f} µs")
    return int(grown)


if __name__ == "__main__":
    sys.exit(main())
