"""Everybody at once: the network was gone for half an hour and comes back (fault 26, engines.md §2).

    ./field bench herd [--devices 5000] [--seconds 60] [--events 10] [--workers 2]

The devices come back within `--seconds`, each with a backlog of its own and a waiting time as the
app's: it grows, and differs by chance. Pass line: no answer but 200, 429 and 503 (these with
Retry-After); everything delivered within 15 minutes, and there once.
"""

import argparse
import asyncio
import collections
import contextlib
import json
import random
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from simulator.http import Connection, NetworkError
from tests.support import databases, odoo_process
from tests.support.sync_client import SYNC, Phone, stamp

LIMIT_S = 15 * 60
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2, 60
BUSY = (429, 503)
DEVICES = """
import json
people = env["res.users"].with_context(no_reset_password=True, tracking_disable=True).create([
    {"name": f"Herd {n}", "login": f"herd{n}", "tz": "Asia/Shanghai",
     "group_ids": [(4, env.ref("field_base.field_base_group_rep").id)]} for n in range(100)])
company = env.ref("base.main_company")
devices = env["field.device"].create(
    [{"name": f"d{n}", "user_id": people[n %% 100].id, "company_id": company.id}
     for n in range(%(devices)d)])
found = [[device.uuid, device._issue_token()] for device in devices]
env.cr.commit()
open(%(path)r, "w").write(json.dumps(found))
"""


class Herd:
    """All phones and what they were answered."""

    def __init__(self, url, devices, options):
        self.url, self.options = url, options
        self.chance = random.Random(26)
        self.statuses = collections.Counter()
        self.phones = [Phone(uuid, token, None) for uuid, token in devices]
        for phone in self.phones:
            for _event in range(options.events):
                phone.record("contact.ping", datetime.now(timezone.utc).replace(tzinfo=None))

    async def come_back(self):
        """Seconds until the last one has delivered."""
        began = time.monotonic()
        await asyncio.gather(*(self._come(phone) for phone in self.phones))
        return time.monotonic() - began

    async def _come(self, phone):
        await asyncio.sleep(self.chance.random() * self.options.seconds)
        pause = FIRST_PAUSE_S
        while phone.outbox:
            at_least = await self._send(phone)
            if phone.outbox:
                wait = max(at_least, pause) * (0.75 + self.chance.random() / 2)
                await asyncio.sleep(wait)
                pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _send(self, phone):
        """One try; the seconds that the server asks to wait."""
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        body = {"device": phone.device, "sent_at": stamp(now), "events": phone.outbox}
        headers = {
            "Authorization": f"Bearer {phone.token}",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        connection = Connection(self.url, timeout=30)
        try:
            answer = await connection.request("POST", SYNC, json.dumps(body).encode(), headers)
        except NetworkError:
            self.statuses["none"] += 1
            return 0
        finally:
            await connection.close()
        self.statuses[answer.status] += 1
        if answer.status == 200:
            done = {row["uuid"] for row in json.loads(answer.body)["results"]}
            phone.outbox = [event for event in phone.outbox if event["uuid"] not in done]
        elif answer.status in BUSY:
            return float(answer.headers["retry-after"])
        return 0


def main():
    options = _parse()
    name = databases.clone(
        odoo_process.setting("FIELD_TEMPLATE_DB"), databases.PREFIX + "bench-herd"
    )
    try:
        devices = _prepare(name, options.devices)
        # workers die at their time limit, and that of the tests' settings is 0
        limits = ("--limit-time-real", 120, "--limit-time-cpu", 60)
        serving = odoo_process.serving(
            name, "--workers", options.workers, *limits, "--log-level", "error"
        )
        with serving as url:
            herd = Herd(url, devices, options)
            took = asyncio.run(herd.come_back())
        with databases.cursor(name) as cr:
            cr.execute("SELECT count(*), count(DISTINCT uuid) FROM field_event")
            there = cr.fetchone()
    finally:
        databases.drop(name)
    return _judge(options, herd.statuses, took, there)


def _parse():
    parser = argparse.ArgumentParser(prog="bench herd", description=__doc__.partition("\n")[0])
    parser.add_argument("--devices", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--events", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def _prepare(database, devices):
    arguments = ("-d", database, "--no-http", "--max-cron-threads", 0)
    odoo_process.run(
        "install", *arguments, "-i", "field_base", "--skip-auto-install", "--stop-after-init"
    ).assert_clean()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "devices.json"
        script = DEVICES % {"devices": devices, "path": str(path)}
        run = odoo_process.run("devices", *arguments, subcommand="shell", script=script)
        with contextlib.suppress(FileNotFoundError):
            return json.loads(path.read_text())
        raise SystemExit(run.log[-3000:])


def _judge(options, statuses, took, there):
    expected = options.devices * options.events
    bad = {status for status in statuses if status not in (200, "none", *BUSY)}
    print(f"{options.devices} devices, {expected} events, {options.workers} workers: {took:.0f} s")
    print(f"answers: {dict(statuses)}; at the server {there[0]}, different ones {there[1]}")
    good = not bad and took <= LIMIT_S and there == (expected, expected)
    print("kept" if good else "NOT kept")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
