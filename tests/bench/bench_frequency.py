"""Visit frequencies over very many customers.

    ./field bench frequency [--customers 100000]

Customers of twenty people with two rules; the first run plans what there is room for. The second run
must find nothing to do within 20 s, without a write, and with no more queries than for ten thousand
customers.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.support import databases, odoo_process

FEW = 10_000
PEOPLE = 20
BAR = 20.0
ODOO = """
import json, time
env = env(context=dict(env.context, tracking_disable=True, no_reset_password=True))
users = env["res.users"].create([{"name": f"Rep {n}", "login": f"frequency{n}", "tz": "Asia/Shanghai",
    "group_ids": [(4, env.ref("field_base.field_base_group_rep").id)]} for n in range(%(people)d)])
env["hr.employee"].create([{"name": user.name, "user_id": user.id} for user in users])
env["field.frequency.rule"].search([]).active = False
found = {}
for count in (%(few)d, %(many)d):
    one = env["res.partner"].create({"name": "Customer", "is_company": True, "ref": f"freq{count}"})
    one.flush_recordset()
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'res_partner'"
                   " AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'user_id')")
    columns = ", ".join(f'"{row[0]}"' for row in env.cr.fetchall())
    env.cr.execute(f"INSERT INTO res_partner ({columns}, user_id) SELECT {columns},"
                   f" {min(users.ids)} + mod(n, %(people)d) FROM res_partner,"
                   f" generate_series(1, {count}) n WHERE id = {one.id}")
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()
    rules = env["field.frequency.rule"].create([
        {"name": f"{count} {times}", "domain": repr([("ref", "=", f"freq{count}")]), "times": times,
         "period": period, "days_ahead": 14, "plan_minutes": 20}
        for times, period in ((2, "month"), (1, "quarter"))])
    began = time.perf_counter()
    made, dropped = rules._do_generate()
    env.flush_all()
    first = time.perf_counter() - began
    env.cr.execute("ANALYZE field_visit")
    env.invalidate_all()
    env.cr.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
    before = env.cr.fetchone()[0]
    queries, began = env.cr.sql_log_count, time.perf_counter()
    again = rules._do_generate()
    env.flush_all()
    second = time.perf_counter() - began
    queries = env.cr.sql_log_count - queries
    env.cr.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
    written = int(env.cr.fetchone()[0] - before)
    gaps = sum(rules.mapped("missing_count"))
    found[count] = [made, first, second, queries, written, list(again), gaps]
    rules.active = False
    rules._do_generate()
open(%(path)r, "w").write(json.dumps(found))
"""


def main():
    parser = argparse.ArgumentParser(prog="bench frequency", description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=100_000)
    options = parser.parse_args()
    database = f"field_bench_{os.getpid()}-frequency"
    databases.clone(odoo_process.setting("FIELD_TEMPLATE_DB"), database)
    try:
        found = _measure(database, options.customers)
    finally:
        databases.drop(database)
    return _print(found, options.customers)


def _measure(database, customers):
    arguments = ("-d", database, "--no-http", "--max-cron-threads", 0)
    install = ("-i", "field_visit", "--skip-auto-install", "--stop-after-init")
    odoo_process.run("install", *arguments, *install).assert_clean()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "found.json"
        script = ODOO % {"people": PEOPLE, "few": FEW, "many": customers, "path": str(path)}
        odoo_process.run("plan", *arguments, subcommand="shell", script=script).assert_clean()
        return json.loads(path.read_text())


def _print(found, customers):
    print(
        f"{'customers':>10} {'made':>8} {'first':>8} {'second':>8} {'queries':>8} {'written':>8} {'no room':>8}"
    )
    for count, (made, first, second, queries, written, _again, gaps) in found.items():
        print(
            f"{count:>10} {made:>8} {first:>7.1f}s {second:>7.1f}s {queries:>8} {written:>8} {gaps:>8}"
        )
    few, many = found[str(FEW)], found[str(customers)]
    good = many[2] <= BAR and not many[4] and many[5] == [0, 0] and many[3] <= few[3] + 2
    print("all bars met" if good else "A BAR IS MISSED")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
