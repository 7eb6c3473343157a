"""What positions cost: stored, one by one over HTTP, rebuilt into days, dropped by the month.

    ./field bench track [rows] [posts] [workers]

`rows` (1,000,000) lie in the table while days are rebuilt and shown; `posts` (5,000; a real Monday
has 190,000) are drained as a backlog of phones that were offline. All ratios are of one run on one
machine, measured in turns; the least of each is what the work costs (of batches and of days made
again in seconds of CPU, ours and PostgreSQL's):

* a day's batch of 3,000 rows (and one of 1,000) against the bare `INSERT … SELECT unnest … ON
  CONFLICT` of the same arrays, and against the ORM's `create` of the same rows in an ordinary model:
  same columns and key, the three links and the time indexed, as lists and rules need them;
* requests a second with one position each against the health route of the same server, which runs
  in as many processes as odoo.conf says;
* 500 phones that send every 30 seconds: the 95th percentile;
* the backlog: nothing lost, while somebody works in the web client.
"""

import concurrent.futures
import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.support import databases, odoo_process
from tests.support.live_server import LiveServer

MODULES = "field_tracking"
HEALTH = "/field/api/v1/health"
PHONES, EVERY_S, RUN_S, CLIENTS = 500, 30, 20, 8
WORKERS = 5
TRIES = 10
BARS = {"bare": 0.5, "orm": 20, "rebuild_cpu_ms": 25, "playback_ms": 20, "live_ms": 15}
BARS |= {"rebuild_new_cpu_ms": 25, "bytes": 150, "drop_s": 1, "http": 0.6, "p95_ms": 150}
BARS |= {"web_p95_ms": 1000}

INSIDE = """
import gc, json, random, statistics, time
from datetime import date, datetime, timedelta
from odoo.tools import SQL
from odoo.addons.field_tracking.tools.units import Fix
import odoo.addons.field_tracking.models.field_position as module

ROWS = %(rows)d
cr = env.cr
group = env.ref("field_base.field_base_group_rep")
users = env["res.users"].with_context(no_reset_password=True).create([
    {"name": f"Rep {n}", "login": f"bench{n}", "tz": "UTC", "group_ids": [(4, group.id)]}
    for n in range(500)])
devices = env["field.device"].create(
    [{"name": "b", "user_id": user.id, "kind": "tracker"} for user in users])
tokens = [device._issue_token() for device in devices]
cr.commit()
Position, found = env["field.position"], {"tokens": tokens}
MONTH = datetime(2026, 8, 1)
Position._ensure_months([MONTH.date(), date(2026, 9, 1)])
# The table is as full as it is in a company: each phone once a minute, a month or more of it.
began = time.monotonic()
cr.execute(SQL('''
    INSERT INTO field_position (device_id, user_id, ts, lag_s, lat, lng, company_id, accuracy,
           altitude, speed, course, battery, charging, activity, network, source)
    SELECT d.id, d.user_id, moment, 2, 1e7 * (31 + random()), 1e7 * (121 + random()),
           d.company_id, 5 + random() * 20, 10, random() * 15, random() * 360, random(), false,
           '=v', 'm', 'form'
      FROM generate_series(0, %%s) n,
           LATERAL (SELECT %%s + n * interval '8 s' AS moment) AS at,
           field_device d WHERE d.id IN %%s
    ON CONFLICT DO NOTHING''', ROWS // 500 - 1, MONTH, tuple(devices.ids)))
found["rows"] = cr.rowcount
cr.execute("ANALYZE field_position")  # as autovacuum does after so many
cr.commit()
found["fill_rows_s"] = found["rows"] / (time.monotonic() - began)
cr.execute("SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits"
           " WHERE inhparent = 'field_position'::regclass")
found["bytes"] = float(cr.fetchone()[0]) / found["rows"]

# --- a batch
def fixes(start, count):
    rnd = random.Random(start)
    return [Fix(ts=start + 5 * n, lat=round(31 + rnd.random(), 7), lon=round(121 + rnd.random(), 7),
                accuracy=round(5 + 20 * rnd.random(), 1), altitude=round(30 * rnd.random(), 1),
                speed=round(20 * rnd.random(), 2), course=round(360 * rnd.random(), 1),
                battery=0.5, charging=False, activity="in_vehicle", network="m")
            for n in range(count)]  # one battery and one network a batch, as our app sends it

NAMES = [name for name, _kind in module._COLUMNS]
cr.execute("CREATE TEMP TABLE bare (LIKE field_position INCLUDING ALL)")
def bare(device, rows):
    arrays = SQL(", ").join(module._array_literal(rows, *column) for column in module._COLUMNS)
    cr.execute(SQL('''INSERT INTO bare (device_id, user_id, company_id, lag_s, source, ts, lat, lng,
        accuracy, altitude, speed, course, battery, charging, mock, activity, event, network)
        SELECT %%s, %%s, 1, 2, 'form', to_timestamp(ts) AT TIME ZONE 'UTC', lat, lng, accuracy, altitude,
        speed, course, battery, charging, mock, activity, event, network
        FROM unnest(%%s) AS x (%%s) ON CONFLICT DO NOTHING''',
        device.id, device.user_id.id, arrays, SQL(", ").join(map(SQL.identifier, NAMES))))

# the same rows as an ordinary model of Odoo, with the same key
KINDS = {"bigint": "integer", "int4": "float", "float4": "float", "bool": "boolean", "varchar": "char"}
columns = {name: KINDS[kind] for name, kind in module._COLUMNS if name != "ts"}
columns |= {"ts": "datetime", "received_at": "datetime", "source": "char"}
links = {"device_id": "field.device", "user_id": "res.users", "company_id": "res.company"}
env["ir.model"].create({"name": "Position as usual", "model": "x_position", "field_id": [
    (0, 0, {"name": f"x_{name}", "field_description": name, "ttype": kind, "index": name == "ts"})
    for name, kind in columns.items()] + [
    (0, 0, {"name": f"x_{name}", "field_description": name, "ttype": "many2one", "relation": model,
            "index": True})
    for name, model in links.items()]})
cr.execute("ALTER TABLE x_position ADD UNIQUE (x_device_id, x_ts)")
def ordinary(rows):
    env["x_position"].create([
        {"x_device_id": devices[0].id, "x_user_id": users[0].id, "x_company_id": 1, "x_source": "form",
         "x_ts": datetime(1970, 1, 1) + timedelta(seconds=fix.ts), "x_received_at": MONTH,
         "x_lat": fix.lat, "x_lng": fix.lon,
         **{f"x_{name}": getattr(fix, name) for name in NAMES if name not in ("ts", "lat", "lng")}}
        for fix in rows])
    env.flush_all()
start = int(datetime(2026, 9, 1).timestamp())
turns = [("bare", lambda rows: bare(devices[0], rows)), ("orm", ordinary),
         ("store", lambda rows: Position._store(devices[0], rows, "form"))]
cr.execute("SELECT pg_backend_pid()")
backend = f"/proc/{cr.fetchone()[0]}/schedstat"
def cpu():
    # seconds of ours and of PostgreSQL's process: others on this machine do not count
    try:
        return time.process_time() + int(open(backend).read().split()[0]) / 1e9
    except OSError:  # the server is somewhere else
        return time.perf_counter()
def batches(size, start):
    # seconds of a batch each way: the least, and the middle
    times = {name: [] for name, _function in turns}
    for n in range(15):
        rows = fixes(start + 6 * n * size, size)
        for name, function in turns[n %% 3:] + turns[:n %% 3]:
            gc.collect()
            began = cpu(); function(rows); cr.execute("SELECT 1")
            times[name].append(cpu() - began)
    return [{name: pick(values) for name, values in times.items()}
            for pick in (min, statistics.median)]
least, median = batches(3000, start + 200_000)
found["bare"], found["orm"] = least["bare"] / least["store"], least["orm"] / least["store"]
found["orm_middle"] = median["orm"] / median["store"]
found["bare_middle"] = median["bare"] / median["store"]
found["store_rows_s"] = 3000 / least["store"]
least, median = batches(1000, start)
found["bare_1000"] = least["bare"] / least["store"]
found["orm_1000"] = least["orm"] / least["store"]
found["orm_rows_s"] = 1000 / least["orm"]
cr.commit()

# --- a day of 3,000 positions: three places, ways between them
env["field.track.mark"].search([]).unlink()
rnd, at, lat, day = random.Random(3), int(datetime(2026, 9, 20, 1).timestamp()), 31.2, []
for n in range(3000):
    moving = (n // 500) %% 2
    lat += moving * 0.0009
    day.append(Fix(ts=at + 10 * n, lat=round(lat + rnd.gauss(0, 2e-5), 7), lon=round(121.4 + rnd.gauss(0, 2e-5), 7),
                   accuracy=8.0, speed=10.0 * moving))
env["res.partner"].create([{"name": f"Shop {n}", "partner_latitude": 31.2 + n * 0.001,
                            "partner_longitude": 121.4 + (n %% 7) * 0.002} for n in range(500)])
env["field.zone"].create([{"name": f"Zone {n}", "lat": 31.2 + n * 0.01, "lng": 121.4, "radius": 150}
                          for n in range(20)])
Position._store(devices[1], day, "form")
env.flush_all()
[track_day] = env["field.track.day"]._rebuild_user(users[1])
env.flush_all(); cr.commit()
def timed(name, function, before=lambda: None, runs=21):
    result, worked = [], []
    for _run in range(runs):
        before(); env.invalidate_all(); gc.collect()
        began, began_cpu = time.perf_counter(), cpu()
        function(); env.flush_all()
        result.append((time.perf_counter() - began) * 1000)
        cr.execute("SELECT 1")
        worked.append((cpu() - began_cpu) * 1000)
    # the least is what the work costs, the middle what others on this machine made of it
    found[name], found[name + "_middle"] = min(result), statistics.median(result)
    found[name.replace("_ms", "_cpu_ms")] = min(worked)
found["stays"], found["fixes"] = track_day.stay_count, track_day.fix_count
fields_shown = ["name", "street", "city", "phone", "user_id"]
timed("plain_ms", lambda: env["res.partner"].search_read([], fields_shown, limit=80))
timed("rebuild_ms", track_day._rebuild)
timed("playback_ms", track_day.get_playback)
end = [day[-1].ts]
def more():
    new = [Fix(ts=end[0] + 10 * n, lat=31.9, lon=121.4, accuracy=8.0, speed=0.0)
           for n in range(1, 31)]
    end[0] = new[-1].ts
    Position._store(devices[1], new, "form")
timed("rebuild_new_ms", track_day._rebuild, more)
cr.rollback()
cr.execute(SQL('''INSERT INTO field_position_last (user_id, company_id, device_id, received_at, ts, lat,
    lng, accuracy, speed) SELECT user_id, company_id, id, now(), now(), 31, 121, 8, 3 FROM field_device
    WHERE id IN %%s ON CONFLICT DO NOTHING''', tuple(devices.ids)))
found["live"] = len(env["field.position.last"].get_live())
timed("live_ms", env["field.position.last"].get_live)
cr.rollback()
from odoo.addons.field_tracking.tools.day import build_day
arrays = track_day._read_fixes()
began = time.process_time()
for _n in range(50):
    build_day(**arrays)
found["pure_s"] = 50 * 3000 / (time.process_time() - began)

# --- a month goes, as the nightly job lets it go: step by step, each committed
steps = []
Policy = env["field.policy"]
policies = Policy.search([]) or Policy.create({"name": "All", "effective_from": "2020-01-01"})
policies.retention_position_days = 45
cr.commit()
for job in env["field.retention"]._get_jobs():
    done = job[0].key == "position"
    while done:
        began = time.perf_counter()
        done = env["field.retention"]._erase_batch(*job, 1000)
        cr.commit()
        steps.append(time.perf_counter() - began)
        env.invalidate_all()
found["drop_s"], found["drop_whole_s"] = max(steps), sum(steps)
found["drop_rows"] = sum(env["field.retention.certificate"].search(
    [("res_model", "=", "field.position")]).mapped("count"))
if MONTH.date() in Position._existing_months() or Position._going_months():
    raise SystemExit("the month is still there")
open(%(path)r, "w").write(json.dumps(found))
"""


def measure_inside(database, path, rows):
    """Everything that needs no HTTP, in one process; see INSIDE for the keys."""
    odoo_process.run(
        "installing our modules",
        *("-d", database, "-i", MODULES, "--stop-after-init", "--no-http", "--skip-auto-install"),
    ).assert_clean()
    run = odoo_process.run(
        "measuring",
        *("-d", database, "--no-http"),
        subcommand="shell",
        script=INSIDE % {"rows": rows, "path": str(path)},
    )
    if not path.exists():
        raise SystemExit(run.log[-3000:])
    return json.loads(path.read_text())


class Phones:
    """Clients with a connection of their own each, as phones have."""

    def __init__(self, url, tokens):
        self.host = urlsplit(url).netloc
        self.tokens, self.local = tokens, threading.local()
        self.sent, self.again = set(), 0

    def send(self, phone, second):
        """One position of one phone; seconds the answer took."""
        body = (
            f"id=1&lat=31.{second % 1000000:06d}&lon=121.4&timestamp={second}"
            "&accuracy=11.3&speed=12.44&bearing=271.0&batt=87&charge=false"
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "ktor-client"}
        took = self.request("POST", f"/field/track/{self.tokens[phone]}", body, headers)
        self.sent.add((phone, second))
        return took

    def request(self, method, path, body=None, headers=None):
        began = time.perf_counter()
        for attempt in range(TRIES):
            try:
                connection = self.connection()
                connection.request(method, path, body, headers or {})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 503:
                    break
            except (OSError, http.client.HTTPException):
                self.local.connection = None
                if attempt == TRIES - 1:
                    raise
            self.again += 1
            time.sleep(0.2 * attempt)  # as phones do: the same message again, a little later
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return time.perf_counter() - began

    def connection(self):
        if getattr(self.local, "connection", None) is None:
            self.local.connection = http.client.HTTPConnection(self.host, timeout=30)
        return self.local.connection


def per_second(function, seconds):
    """How often CLIENTS threads get an answer in a second, and all the times they took."""
    end, times = time.monotonic() + seconds, []

    def work(worker):
        count = 0
        while time.monotonic() < end:
            times.append(function(worker, count))
            count += 1
        return count

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        counts = list(pool.map(work, range(CLIENTS)))
    return sum(counts) / seconds, times


def warm(phones):
    """Every process reads the registry at its first request: until nobody waits for one any more."""
    quick, end = 0, time.monotonic() + 300
    while quick < 3 and time.monotonic() < end:
        times = per_second(lambda *_a: phones.request("GET", HEALTH), 1)[1]
        quick = quick + 1 if max(times) < 0.5 else 0


def steady(phones):
    """Times of PHONES phones that send every EVERY_S seconds, spread evenly."""
    now, jobs = int(time.time()) - 3600, []
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        began = time.monotonic()
        for number in range(PHONES * RUN_S // EVERY_S):
            due = began + number * EVERY_S / PHONES
            time.sleep(max(due - time.monotonic(), 0))
            jobs.append(pool.submit(phones.send, number % PHONES, now + number))
        return [job.result() for job in jobs]


def drain(phones, posts):
    """Phones come back online and send all they have, one at a time each; posts a second."""
    now = int(time.time()) - 86400
    each = posts // PHONES

    def work(phone):
        for number in range(each):
            phones.send(phone, now + 30 * number)

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, range(PHONES)))
    return each * PHONES / (time.monotonic() - began)


class Office(threading.Thread):
    """Somebody at the web client: a list of 80 contacts, again and again, until it is `done`."""

    def __init__(self, url, database):
        super().__init__()
        self.url, self.done, self.times = url, threading.Event(), []
        self.session = requests.Session()
        self.session.trust_env = False
        who = {"db": database, "login": "admin", "password": "admin"}
        self.ask("/web/session/authenticate", who)

    def ask(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self.url + path, json=body, timeout=60).json()
        if "error" in answer:
            raise SystemExit(f"{path}: {answer['error']}")

    def run(self):
        call = {"model": "res.partner", "method": "search_read", "args": [[], ["name", "city"]]}
        while not self.done.wait(0.2):
            began = time.perf_counter()
            self.ask("/web/dataset/call_kw", {**call, "kwargs": {"limit": 80}})
            self.times.append(time.perf_counter() - began)


def measure_http(database, log, tokens, posts, workers):
    """Requests against a real server; see the module's words for what is compared."""
    server = LiveServer(database, log, workers)
    server.start()
    try:
        phones, found, base = Phones(server.url, tokens), {}, int(time.time()) - 7200
        warm(phones)
        health, position = [], []
        for turn in range(3):
            health.append(per_second(lambda *_a: phones.request("GET", HEALTH), 4)[0])
            start = base + turn * 1000
            position.append(per_second(lambda w, n, s=start: phones.send(w, s + n), 4)[0])
        found["http"] = statistics.median(
            ours / plain for ours, plain in zip(position, health, strict=True)
        )
        found["posts_s"], found["health_s"] = max(position), max(health)
        times = sorted(steady(phones))
        found["p50_ms"] = 1000 * times[len(times) // 2]
        found["p95_ms"] = 1000 * times[int(len(times) * 0.95)]
        office = Office(server.url, database)
        office.start()
        found["drain_s"] = drain(phones, posts)
        office.done.set()
        office.join()
        found["web_p95_ms"] = 1000 * sorted(office.times)[int(len(office.times) * 0.95)]
        found["sent"], found["sent_again"] = len(phones.sent), phones.again
    except OSError as error:  # what the server itself said of it is worth more
        ended = server.process.poll()
        raise SystemExit(f"{error}; the server: {ended}\n{server.tail(60)}") from error
    finally:
        server.stop()
    with databases.cursor(database) as cr:
        cr.execute("SELECT count(*) FROM field_position WHERE ts > now() - interval '2 days'")
        [found["kept"]] = cr.fetchone()
    return found


def main(rows=1_000_000, posts=5_000, workers=WORKERS):
    """Measure, print, and say by the exit code whether the bars are kept."""
    name = databases.clone(
        odoo_process.setting("FIELD_TEMPLATE_DB"), databases.PREFIX + "bench-track"
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = measure_inside(name, Path(folder) / "found.json", rows)
            tokens = found.pop("tokens")
            missed = report(found)
            found = measure_http(name, Path(folder) / "log", tokens, posts, workers)
    finally:
        databases.drop(name)
    missed += report(found)
    lost = found["sent"] - found["kept"]
    print(f"{lost} of {found['sent']} posted positions lost")
    return 1 if missed or lost else 0


def report(found):
    """Print each figure beside its bar; the names of those that miss it."""
    least = {"bare", "orm", "http"}
    missed = []
    for key, value in found.items():
        bar = BARS.get(key)
        kept = bar is None or (value >= bar if key in least else value <= bar)
        missed += [] if kept else [key]
        print(
            f"{key:>14}: {value:12,.3f}"
            + (f"  (bar {bar}{'' if kept else ', MISSED'})" if bar else "")
        )
    return missed


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
