"""A day and a night of phones, while the server and its database go down again and again.

    ./field bench soak [--phones 20] [--every 60] [--restarts 6]

24 hours of each phone, one position a request, as fast as the answers come (a day takes some
minutes): some phones are Traccar Clients that repeat a message until it is taken, others OwnTracks
on an iPhone, which throws a position away on any 4xx. One message in ten is sent once more although
it was taken. Meanwhile the server is killed or restarted, and PostgreSQL, which keeps every promise
here, is restarted or cut off as by a power cut.

At the end as many rows as positions, each of them once and as sent, and the days count them all.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

from tests.support import databases, odoo_process, own_postgres
from tests.support.live_server import LiveServer

SEED = 20261122
DAY_S = 86400
AGAIN = 0.1
PATIENCE_S = 120
DEVICES = """
import json
users = env["res.users"].with_context(no_reset_password=True).create([
    {"name": f"Soak {n}", "login": f"soak{n}", "tz": "Asia/Shanghai",
     "group_ids": [(4, env.ref("field_base.field_base_group_rep").id)]} for n in range(%(phones)d)])
devices = env["field.device"].create(
    [{"name": "Phone", "user_id": user.id, "kind": "tracker"} for user in users])
found = [[device.id, device._issue_token()] for device in devices]
env.cr.commit()
open(%(path)r, "w").write(json.dumps(found))
"""
REBUILD = """
import json
from datetime import timedelta
Day = env["field.track.day"]
while users := Day._users_to_rebuild(timedelta(0)):
    for user in users:
        Day._rebuild_user(user)
env.cr.commit()
open(%(path)r, "w").write(json.dumps({
    "in_days": sum(Day.search([]).mapped("fix_count")),
    "marks": env["field.track.mark"].search_count([])}))
"""


class Phone:
    """One phone that lives its day; ``sent`` has what it was thanked for."""

    def __init__(self, number, device, token, url):
        self.number, self.device, self.token = number, device, token
        self.host, self.connection = urlsplit(url).netloc, None
        self.chance = random.Random(SEED + number)
        self.sent, self.thrown_away, self.longest = {}, 0, 0.0

    def live(self, begin, every):
        for ts in range(begin, begin + DAY_S, every):
            place = round(31.2 + self.chance.random() * 0.01, 7), round(121.4 + ts % 997 / 1e5, 7)
            self.deliver(ts, *place)
            if self.chance.random() < AGAIN:
                self.deliver(ts, *place)

    def deliver(self, ts, lat, lon):
        began = time.monotonic()
        while (status := self.post(ts, lat, lon)) != 200:
            if status and 400 <= status < 500 and self.is_iphone:
                self.thrown_away += 1
                return
            assert time.monotonic() - began < PATIENCE_S, f"no thanks within {PATIENCE_S} s"
            time.sleep(0.3)
        self.longest = max(self.longest, time.monotonic() - began)
        self.sent[ts] = round(lat * 1e7), round(lon * 1e7)

    @property
    def is_iphone(self):
        return self.number % 2

    def post(self, ts, lat, lon):
        """Status of the answer, None when there was none."""
        path, kind, body = f"/field/track/{self.token}", "application/x-www-form-urlencoded", None
        if self.is_iphone:
            path, kind = f"{path}/owntracks", "application/json"
            said = {"_type": "location", "tst": ts, "lat": lat, "lon": lon, "acc": 8, "vel": 3}
            body = json.dumps(said | {"batt": 80, "t": "t"})
        body = body or f"id=1&lat={lat}&lon={lon}&timestamp={ts}&accuracy=8&speed=2&batt=80"
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, timeout=15)
            self.connection.request("POST", path, body, {"Content-Type": kind})
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return None
        return answer.status


class Trouble(threading.Thread):
    """What goes down, in turns, spread evenly over the day."""

    def __init__(self, server, postgres, phones, total, times):
        super().__init__()
        self.server, self.postgres, self.phones = server, postgres, phones
        self.total, self.times, self.done, self.stopped = total, times, [], False

    def run(self):
        for number in range(self.times):
            while sum(len(phone.sent) for phone in self.phones) < self.total * (number + 1) / (
                self.times + 1
            ):
                if self.stopped:
                    return
                time.sleep(0.2)
            self.one(number)

    def one(self, number):
        what = ("server killed", "database restarted", "server restarted", "database cut off")
        name = what[number % len(what)]
        if name.startswith("server"):
            (self.server.kill if name.endswith("killed") else self.server.stop)()
            self.server.start()
        else:
            self.postgres.restart("fast" if name.endswith("restarted") else "immediate")
        self.done.append(name)
        print(f"  {sum(len(phone.sent) for phone in self.phones):,} taken: {name}", flush=True)


def main():
    options = _parse()
    database = databases.clone(
        odoo_process.setting("FIELD_TEMPLATE_DB"), databases.PREFIX + "bench-soak"
    )
    try:
        odoo_process.run(
            "installing field_tracking",
            *("-d", database, "-i", "field_tracking", "--stop-after-init", "--no-http"),
            "--skip-auto-install",
        ).assert_clean()
        devices = _answer(database, DEVICES, {"phones": options.phones})
        with own_postgres.own_postgres() as postgres:
            postgres.take(database)
            with mock.patch.dict(os.environ, postgres.variables()):
                return soak(database, devices, postgres, options)
    finally:
        databases.drop(database)


def soak(database, devices, postgres, options):
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(database, Path(folder) / "server.log")
        server.start()
        try:
            phones = [Phone(n, *device, server.url) for n, device in enumerate(devices)]
            took, trouble = live_a_day(server, postgres, phones, options)
        finally:
            server.stop()
    days = _answer(database, REBUILD, {})
    return compare(database, phones, days, took, trouble)


def live_a_day(server, postgres, phones, options):
    begin = int(time.time()) - DAY_S - 60
    total = len(phones) * len(range(0, DAY_S, options.every))
    trouble = Trouble(server, postgres, phones, total, options.restarts)
    trouble.start()
    began = time.monotonic()
    try:
        with concurrent.futures.ThreadPoolExecutor(len(phones)) as pool:
            list(pool.map(lambda phone: phone.live(begin, options.every), phones))
    finally:
        trouble.stopped = True
        trouble.join()
    return time.monotonic() - began, trouble.done


def compare(database, phones, days, took, trouble):
    with databases.cursor(database) as cr:
        cr.execute("SELECT device_id, extract(epoch FROM ts)::bigint, lat, lng FROM field_position")
        kept = {(device, ts): (lat, lng) for device, ts, lat, lng in cr.fetchall()}
    sent = {(phone.device, ts): place for phone in phones for ts, place in phone.sent.items()}
    lost, foreign = sent.keys() - kept.keys(), kept.keys() - sent.keys()
    changed = [key for key in sent.keys() & kept.keys() if sent[key] != kept[key]]
    longest = max(phone.longest for phone in phones)
    print(f"24 h of {len(phones)} phones in {took:.0f} s, {len(sent):,} positions, {len(trouble)}")
    print(f"times down; the longest wait of a phone was {longest:.1f} s")
    print(f"lost {len(lost)}, doubled or foreign {len(foreign)}, changed {len(changed)}")
    print(f"thrown away by iPhones {sum(phone.thrown_away for phone in phones)}")
    print(f"in the days {days['in_days']:,}, days still to make {days['marks']}")
    thrown = sum(phone.thrown_away for phone in phones)
    whole = days["in_days"] == len(sent) and not days["marks"]
    return int(bool(lost or foreign or changed or thrown) or not whole)


def _answer(database, script, values):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.json"
        odoo_process.run(
            "script",
            *("-d", database, "--no-http", "--max-cron-threads", 0),
            subcommand="shell",
            script=script % {**values, "path": str(path)},
        ).assert_clean()
        return json.loads(path.read_text())


def _parse():
    parser = argparse.ArgumentParser(prog="bench soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--phones", type=int, default=20)
    parser.add_argument("--every", type=int, default=60, help="seconds between positions")
    parser.add_argument("--restarts", type=int, default=6)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
