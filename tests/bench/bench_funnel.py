"""The funnel of a company with a million leads and five million steps of history.

    ./field bench funnel [--leads 1000000]

Installs field_crm on a copy of the template database, fills in deals and history by SQL, and asks for
the funnel screen as its users do: a manager for all of them, over twelve months and over three years,
a leader for his people, a representative for himself. Times are server times of one request on a
fresh cache, and ratios to one bare SQL count of the same deals in the same run. "Not counted" is without
the counts per month that companies with very many deals keep; "in the day" is after deals of the last
four months were changed, which the counts do not cover then.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.support import databases, odoo_process

LIMIT = 0.5  # seconds of one screen, for everybody
FILL = """
import json, time
from datetime import date, timedelta
cr = env.cr
quiet = env(context=dict(env.context, no_reset_password=True, tracking_disable=True))
manager, leader, rep = quiet["res.users"].create([
    {"name": n, "login": "bench_" + n, "group_ids": [(4, env.ref(g).id)]}
    for n, g in (("manager", "sales_team.group_sale_manager"),
                 ("leader", "field_base.field_base_group_leader"),
                 ("rep", "field_base.field_base_group_rep"))])
few = quiet["res.users"].create([
    {"name": f"Rep {n}", "login": f"bench{n}",
     "group_ids": [(4, env.ref("field_base.field_base_group_rep").id)]} for n in range(19)]) | rep
boss = quiet["hr.employee"].create({"name": "Boss", "user_id": leader.id})
quiet["hr.employee"].create([
    {"name": u.name, "user_id": u.id, "parent_id": boss.id} for u in few])
env.flush_all()
cr.execute('''
    INSERT INTO res_users (login, partner_id, company_id, active, share, notification_type)
    SELECT 'crowd' || n, partner_id, company_id, true, false, notification_type
      FROM res_users, generate_series(1, %(users)d - 20) n WHERE id = %%(rep)s
    RETURNING id''', {"rep": rep.id})
owners = few.ids + [row[0] for row in cr.fetchall()]
env["crm.stage"].action_field_standard_stages()
stages = env["crm.stage"].search([])
reasons = env["crm.lost.reason"].search([])
team = env["crm.team"].search([], limit=1)
env.flush_all()
# Filled without foreign keys and without the indexes that the funnel does not use.
cr.execute("SET session_replication_role = replica")
cr.execute('''SELECT indexname FROM pg_indexes WHERE tablename = 'crm_lead' AND indexname NOT IN
    ('crm_lead_pkey', 'crm_lead_field_funnel_idx', 'crm_lead__user_id_index')''')
for (index,) in cr.fetchall():
    cr.execute(f'DROP INDEX "{index}"')
cr.execute('''
    INSERT INTO crm_lead (name, type, active, company_id, team_id, user_id, stage_id,
        field_top_stage_id, field_entered_on, won_status, lost_reason_id, expected_revenue,
        create_date, date_last_stage_update, probability)
    SELECT 'Deal ' || n, 'opportunity', status != 'lost', %%(company)s, %%(team)s,
           (%%(users)s)[1 + n %%%% %(users)d], (%%(stages)s)[top], (%%(stages)s)[top],
           day, status, CASE WHEN status = 'lost' THEN (%%(reasons)s)[1 + n %%%% %%(reason_count)s] END,
           1000 + n %%%% 977, day, day, 50
      FROM (SELECT n, DATE '2026-11-20' - (n %%%% 1095) AS day, 1 + (n::bigint * 7919) %%%% 5 AS top,
                   CASE WHEN (n::bigint * 7919) %%%% 5 = 4 THEN 'won'
                        WHEN n %%%% 7 < 4 THEN 'lost' ELSE 'pending' END AS status
              FROM generate_series(1, %(leads)d) n) made
''', {"company": env.company.id, "team": team.id, "users": owners, "stages": stages.ids[:5],
      "reasons": reasons.ids, "reason_count": len(reasons)})
cr.execute('''
    INSERT INTO field_stage_history (lead_id, event, from_stage_id, stage_id, at, user_id, team_id,
        company_id, days, amount, entered_on)
    SELECT lead.id, 'forward', (%%(stages)s)[step], (%%(stages)s)[step %%%% 5 + 1],
           lead.create_date + step * interval '5 days', lead.user_id, lead.team_id, lead.company_id,
           (lead.id * step) %%%% 60 + 0.5, lead.expected_revenue, lead.field_entered_on
      FROM crm_lead lead, generate_series(1, 5) step
     WHERE lead.name LIKE 'Deal %%%%'
''', {"stages": stages.ids[:5]})
cr.commit()
import psycopg2
from odoo.sql_db import connection_info_for
name, where = connection_info_for(cr.dbname)
aside = psycopg2.connect(**where)
aside.autocommit = True  # as autovacuum does it
aside.cursor().execute("VACUUM ANALYZE crm_lead")
aside.cursor().execute("VACUUM ANALYZE field_stage_history")
aside.close()

ALL = {"date_from": "2023-11-01", "date_to": "2026-11-20"}
YEAR = {"date_from": "2025-12-01", "date_to": "2026-11-20"}
found = {}

def took(title, call):
    times = []
    for _again in range(3):
        env.invalidate_all()
        began = time.perf_counter()
        answer = call()
        times.append(time.perf_counter() - began)
    found[title] = [min(times), max(times), answer]

def screen(user, filters):
    return lambda: env["field.funnel"].with_user(user).get_funnel(filters)["total"]

def bare():
    cr.execute("SELECT count(*) FROM crm_lead WHERE type = 'opportunity' AND expected_revenue > 0")
    return cr.fetchone()[0]

took("bare SQL count", bare)
took("3 years, not counted", screen(manager, ALL))
env["ir.config_parameter"].set_param("field_crm.funnel_counts", "armed")
began = time.perf_counter()
env["field.funnel.month"]._cron_count()
cr.commit()
found["seconds to count"] = time.perf_counter() - began
took("manager, 3 years", screen(manager, ALL))
took("manager, 12 months", screen(manager, YEAR))
took("manager, one rep", screen(manager, {**ALL, "user_id": rep.id}))
took("leader of 20", screen(leader, ALL))
took("representative", screen(rep, ALL))
work = env["crm.lead"].search(
    [("won_status", "=", "pending"), ("field_entered_on", ">=", "2026-08-01")], limit=300)
for deal in work[:300:3]:
    deal.expected_revenue += 1
env.flush_all()
cr.commit()
took("3 years, in the day", screen(manager, ALL))
cr.execute("SELECT count(*) FROM field_stage_history")
found["history rows"] = cr.fetchone()[0]
open(%(path)r, "w").write(json.dumps(found))
"""


def main():
    parser = argparse.ArgumentParser(prog="bench funnel", description=__doc__.partition("\n")[0])
    parser.add_argument("--leads", type=int, default=1_000_000)
    options = parser.parse_args()
    database = f"field_bench_{os.getpid()}-funnel"
    databases.clone(odoo_process.setting("FIELD_TEMPLATE_DB"), database)
    try:
        found = _measure(database, options.leads)
    finally:
        databases.drop(database)
    return _print(found)


def _measure(database, leads):
    odoo_process.run(
        "Installing field_crm",
        *("-d", database, "-i", "field_crm", "--skip-auto-install"),
        *("--stop-after-init", "--no-http"),
    ).assert_clean()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "found.json"
        odoo_process.run(
            "Measuring the funnel",
            *("-d", database, "--no-http"),
            subcommand="shell",
            script=FILL % {"leads": leads, "users": 500, "path": str(path)},
        ).assert_clean()
        return json.loads(path.read_text())


def _print(found):
    rows, counting = found.pop("history rows"), found.pop("seconds to count")
    base = found["bare SQL count"][0]
    print(f"{rows} history rows, all deals counted in {counting:.1f} s")
    late = []
    for title, (best, _worst, answer) in found.items():
        print(f"{title:20} {best * 1000:7.0f} ms ({best / base:4.1f} ×)  {answer} deals")
        if title not in ("bare SQL count", "3 years, not counted") and best > LIMIT:
            late.append(title)
    if late:
        print(f"over {LIMIT * 1000:.0f} ms: {', '.join(late)}")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
