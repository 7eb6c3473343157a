"""A million leads: taking back what is due, looking for duplicates, claiming at once.

    ./field bench leads [--leads 1000000] [--due 50000] [--claims 5000] [--only check]

Installs field_crm on a copy of the template database and fills it in SQL.

sweep: the job that takes leads back, against one bare UPDATE of as many rows with as many rows of
history (ratio, goal 3), and how much memory it takes more than at its start. check: one new lead
against all (goal 50 ms, 95 % within 120 ms). claims: two processes claim the same thousand leads in
another order (goal 500 a second, no error, none twice); beside it what Odoo's own change of a
salesperson costs, which a claim that wins contains, how often the server answers its own health route,
and what the processors had to do for a claim: on a busy machine the clock says less than that.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support import databases, odoo_process
from tests.support.live_server import LiveServer

PARTS = ("sweep", "check", "claims")
FILL = """
env = env(context=dict(env.context, no_reset_password=True, tracking_disable=True))
from odoo.addons.field_base.tools.company_name import simplify
reps = env["res.users"].create([
    {"name": f"Rep {n}", "login": f"lead{n}",
     "group_ids": [(4, env.ref("field_base.field_base_group_rep").id)]} for n in range(50)])
pool = env["field.lead.pool"].create({
    "name": "Bench", "recycle_on": True, "member_ids": [(6, 0, reps.ids)]})
stage = env["crm.stage"].search([], limit=1)
env.cr.commit()
# Signs that stay what they are when names are cleaned.
signs = "".join(c for c in map(chr, range(19968, 24000)) if simplify(c) == c)[:2000]
env.cr.execute('''
    CREATE FUNCTION pg_temp.word(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT substr(%%s, 1 + mod(hashint8(n)::bigint + 2147483648, 2000)::int, 1)
               || substr(%%s, 1 + mod(hashint8(-n)::bigint + 2147483648, 2000)::int, 1) $$''',
    (signs, signs))
env.cr.execute('''
    INSERT INTO crm_lead (name, partner_name, field_name_key, field_name_variants, phone, phone_sanitized, email_from,
        email_normalized, email_domain_criterion, city, street, type, active, won_status, priority,
        stage_id, company_id, field_pool_id, user_id, field_clock_start, field_contact_deadline,
        field_recycle_at, field_warned, field_extensions, probability, automated_probability,
        create_uid, write_uid, create_date, write_date, date_open)
    SELECT 'Lead ' || n, key || '有限公司', key,
           key || ' ' || left(key, 4) || (SELECT string_agg(' ' || overlay(key PLACING '' FROM place
                FOR 1), '') FROM generate_series(1, length(key)) AS place), phone, phone, 'a' || n || '@firm' || n || '.example',
           'a' || n || '@firm' || n || '.example', '@firm' || n || '.example', 'City ' || mod(n, 300),
           'Street ' || mod(n, 900) || ' ' || mod(n, 200), 'lead', TRUE, 'pending', '0', %%(stage)s,
           %%(company)s, %%(pool)s, %%(first)s + mod(n, 50), now() - interval '3 days',
           CASE WHEN n <= 2 * %%(due)s THEN now() - interval '1 day'
                ELSE now() + interval '1 day' * (1 + mod(n, 30)) END,
           CASE WHEN n <= %%(due)s THEN now() - interval '1 day'
                WHEN n <= 2 * %%(due)s THEN NULL
                ELSE now() + interval '1 day' * (1 + mod(n, 30)) END, 0, 0, 10, 10,
           1, 1, now(), now(), now() - interval '3 days'
      FROM (SELECT n, pg_temp.word(n) || pg_temp.word(n + 10000000)
                      || (ARRAY['商贸','食品','餐饮','物流','建材'])[(1 + mod(n, 5))::int] AS key,
                   '+86' || (13000000000 + n * 37)::text AS phone
              FROM generate_series(1, %%(leads)s) AS n) AS made''',
    {"stage": stage.id, "company": env.company.id, "pool": pool.id, "first": reps[0].id,
     "due": %(due)d, "leads": %(leads)d})
env.cr.commit()
env.cr.execute("SET statement_timeout = 0")
for table in ("crm_lead", "field_lead_claim"):
    env.cr.execute("ANALYZE " + table)
env.cr.commit()
"""

SWEEP = """
import json, resource, time
from odoo import fields
from odoo.tools import SQL
due = %(due)d

def settle():
    env.cr.commit()
    env.cr.execute("CHECKPOINT")
    env.cr.commit()

def bare():
    began = time.perf_counter()
    env.cr.execute('''INSERT INTO field_lead_claim (lead_id, lead_name, pool_id, user_id, company_id,
            claimed_at, event, clock, reason, create_uid, create_date, write_uid, write_date)
        SELECT l.id, l.name, l.field_pool_id, l.user_id, l.company_id, now(), 'recycle', 'contact',
               'No contact within 24 hours', 1, now(), 1, now()
          FROM crm_lead l WHERE l.id IN (SELECT id FROM crm_lead WHERE field_recycle_at IS NULL
            AND user_id IS NOT NULL ORDER BY id LIMIT %%s)''', (due,))
    env.cr.execute('''UPDATE crm_lead SET user_id = NULL, date_open = NULL, day_open = 0,
            field_clock_start = NULL, field_contact_deadline = NULL, field_recycle_at = NULL,
            write_date = now() WHERE id IN (SELECT id FROM crm_lead WHERE field_recycle_at IS NULL
            AND user_id IS NOT NULL ORDER BY id LIMIT %%s)''', (due,))
    env.cr.commit()
    return time.perf_counter() - began

settle()
plain = bare()
settle()
Lead = env["crm.lead"]
Lead._recycle_batch(fields.Datetime.now(), size=1000)
env.cr.commit()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
Lead._cron_recycle()
env.cr.commit()
taken = time.perf_counter() - began
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
env.cr.execute("SELECT count(*) FROM field_lead_claim WHERE event = 'recycle'")
history = env.cr.fetchone()[0]
left = Lead._count_due(fields.Datetime.now())
answer = {"plain": plain, "sweep": taken * due / (due - 1000), "grown": grown,
          "history": history, "left": left}
open(%(path)r, "w").write(json.dumps(answer))
"""

CHECK = """
import json, random, time
random.seed(7)
Lead = env["crm.lead"].sudo()
ids = [row[0] for row in env.execute_query(__import__("odoo").tools.SQL(
    "SELECT id FROM crm_lead WHERE mod(id, 2501) = 7 ORDER BY id LIMIT 300"))]
times, found, known = [], 0, 0
for n, old in enumerate(Lead.browse(ids)):
    name = old.partner_name
    kind = n %% 3
    if kind == 0:    # the same name and number
        values = {"partner_name": name, "phone": old.phone}
    elif kind == 1:  # one character wrong, another number, the same street
        values = {"partner_name": name[:1] + "啊" + name[2:], "city": old.city, "street": old.street}
    else:            # nobody knows it
        values = {"partner_name": "".join(chr(19968 + random.randrange(6000)) for _ in range(5))}
    draft = Lead.new({"name": "?", "country_id": env.ref("base.cn").id, **values})
    draft._get_duplicate_record()
    began = time.perf_counter()
    rows = draft._get_duplicates()
    times.append(time.perf_counter() - began)
    known += kind < 2
    found += kind < 2 and old in [lead for lead, _score, _why in rows]
    env.invalidate_all()
times.sort()
open(%(path)r, "w").write(json.dumps({
    "p50": times[len(times) // 2], "p95": times[int(len(times) * .95)], "found": found / known}))
"""

CLAIM = """
import json, os, random, time
import odoo
from odoo.service.model import retrying
from odoo.addons.field_base.tools.errors import FieldRejected
random.seed(%(number)d)
registry = env.registry
reps = env["res.users"].search([("login", "like", "lead%%")]).ids
leads = env["crm.lead"].sudo().search(
    [("field_in_pool", "=", True)], limit=1000, order="id").ids
others = env["crm.lead"].sudo().search(
    [("user_id", "=", False)], limit=2000, order="id desc").ids[%(number)d::2]
from odoo.addons.crm.models.crm_lead import CrmLead as core
env.cr.rollback()
counts, spent, wrong = {"won": 0, "told": 0}, {"won": 0.0, "told": 0.0}, 0
tries = [random.choice(leads) for _n in range(%(claims)d)]
def attempt(lead_id):
    uid = random.choice(reps)
    with registry.cursor() as cr:
        other = odoo.api.Environment(cr, uid, {"tracking_disable": False})
        try:
            retrying(lambda: other["crm.lead"].browse(lead_id).action_claim(), other)
            return "won"
        except FieldRejected:
            cr.rollback()
            return "told"
def assign(lead_id):
    # What Odoo's own change of a salesperson costs, with nothing of ours around it.
    uid = random.choice(reps)
    with registry.cursor() as cr:
        other = odoo.api.Environment(cr, uid, {}, su=True)
        core.write(other["crm.lead"].browse(lead_id), {"user_id": uid})
        other.flush_all()
def database_seconds():
    # Processor time of the database's process behind the connection the claims use.
    with registry.cursor() as cr:
        cr.execute("SELECT pg_backend_pid()")
        try:
            stat = open(f"/proc/{cr.fetchone()[0]}/stat").read()
        except OSError:  # the database runs elsewhere
            return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
attempt(leads[0])
while time.time() < %(start)f:
    time.sleep(.01)
before, began = database_seconds(), time.perf_counter()
for lead_id in tries:
    cpu = time.process_time()
    try:
        answer = attempt(lead_id)
    except Exception as exc:
        wrong += 1
        print("WRONG", repr(exc)[:200])
        continue
    counts[answer] += 1
    spent[answer] += time.process_time() - cpu
taken = time.perf_counter() - began
database = database_seconds() - before
cpu = time.process_time()
for lead_id in random.sample(others, 200):
    assign(lead_id)
open(%(path)r, "w").write(json.dumps({
    **counts, "wrong": wrong, "taken": taken, "database": database, "core": (time.process_time() - cpu) / 200,
    "spent": {answer: spent[answer] / max(1, counts[answer]) for answer in counts}}))
"""


def main():
    parser = argparse.ArgumentParser(prog="bench leads", description=__doc__.partition("\n")[0])
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=50_000)
    parser.add_argument("--claims", type=int, default=5_000)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    if "claims" in options.only and "sweep" not in options.only:
        options.only = ["sweep", *options.only]  # what is claimed was taken back before
    database = f"field_bench_{os.getpid()}-leads"
    databases.clone(odoo_process.setting("FIELD_TEMPLATE_DB"), database)
    try:
        arguments = ("-d", database, "--no-http", "--max-cron-threads", 0)
        installed = odoo_process.run(
            "install", *arguments, "-i", "field_crm", "--skip-auto-install", "--stop-after-init"
        )
        installed.assert_clean()
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(arguments, Path(folder), options)
            return int(not all([getattr(bench, part)() for part in options.only]))
    finally:
        databases.drop(database)


class Bench:
    def __init__(self, arguments, folder, options):
        self.arguments, self.folder, self.options = arguments, folder, options
        self._shell("fill", FILL, due=options.due, leads=options.leads)

    def _shell(self, name, script, **values):
        path = self.folder / f"{name}.json"
        script = script % {"path": str(path), **values}
        odoo_process.run(
            name, *self.arguments, subcommand="shell", script=script, timeout=3600
        ).assert_clean()
        return json.loads(path.read_text()) if path.exists() else None

    def sweep(self):
        found = self._shell("sweep", SWEEP, due=self.options.due)
        ratio = found["sweep"] / found["plain"]
        each = found["sweep"] / self.options.due * 1e6
        print(
            f"sweep   {self.options.due} of {self.options.leads}: {found['sweep']:.1f} s, bare SQL "
            f"{found['plain']:.1f} s, ratio {ratio:.2f} (goal 3), {each:.0f} µs each, "
            f"memory +{found['grown']:.0f} MiB, {found['left']} left"
        )
        whole = found["history"] == 2 * self.options.due and not found["left"]
        return ratio <= 3 and whole and found["grown"] < 100

    def check(self):
        found = self._shell("check", CHECK)
        print(
            f"check   p50 {found['p50'] * 1e3:.1f} ms (goal 50), p95 {found['p95'] * 1e3:.1f} ms "
            f"(goal 120), {found['found']:.0%} of the known ones found"
        )
        return found["p50"] <= 0.05 and found["p95"] <= 0.12

    def claims(self):
        start = time.time() + 25
        shares, running = self.options.claims // 2, []
        for number in range(2):
            path = self.folder / f"claim{number}.json"
            values = {"path": str(path), "number": number, "claims": shares, "start": start}
            command = odoo_process.command(
                *self.arguments, "--log-level=critical", subcommand="shell"
            )
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, text=True, env=odoo_process.environment()
            )
            process.stdin.write(CLAIM % values)
            process.stdin.close()
            running.append((process, path))
        found = []
        for process, path in running:
            process.wait(timeout=900)
            found.append(json.loads(path.read_text()))
        rate = 2 * shares / max(part["taken"] for part in found)
        won, wrong = (sum(part[name] for part in found) for name in ("won", "wrong"))
        doubles = self._doubles()
        print(f"claims  {rate:.0f} a second (goal 500), {won} won, {wrong} errors, {doubles} twice")
        part = found[0]
        health = self._health()
        busy = sum(
            part["database"] + sum(part["spent"][name] * part[name] for name in ("won", "told"))
            for part in found
        )
        print(
            f"        {rate / health:.1f} × the server's own health route ({health:.0f} a second); "
            f"processors busy {busy / 2 / shares * 1e3:.1f} ms a claim, of which the database "
            f"{sum(part['database'] for part in found) / 2 / shares * 1e3:.1f} ms: "
            f"{2 * shares / busy * os.cpu_count():.0f} a second on {os.cpu_count()} idle processors"
        )
        print(
            f"        Python's processor time: {part['spent']['won'] * 1e3:.1f} ms to win, "
            f"{part['spent']['told'] * 1e3:.1f} ms to be told, {part['core'] * 1e3:.1f} ms for "
            "Odoo's own change of a salesperson"
        )
        return not wrong and not doubles

    def _health(self, seconds=5):
        """Answers a second of the lightest route, for as many clients: what this machine gives
        just now."""
        server = LiveServer(self.arguments[1], self.folder / "server.log", workers=2)
        server.start()
        try:
            with ThreadPoolExecutor(2) as clients:
                end = time.monotonic() + seconds
                counts = list(clients.map(lambda _n: self._ask(server, end), range(2)))
        finally:
            server.stop()
        return sum(counts) / seconds

    def _ask(self, server, end):
        count = 0
        while time.monotonic() < end:
            count += server.session.get(f"{server.url}/field/api/v1/health", timeout=30).ok
        return count

    def _doubles(self):
        with databases.cursor(self.arguments[1]) as cr:
            cr.execute(
                "SELECT count(*) FROM (SELECT lead_id FROM field_lead_claim WHERE event = 'claim' "
                "GROUP BY lead_id HAVING count(*) > 1) AS twice"
            )
            return cr.fetchone()[0]


if __name__ == "__main__":
    sys.exit(main())
