"""The real day against a really running server: real HTTP, real scheduled jobs, real crashes.

Three phones send at the same time, each in its own format. Then a fourth one sends while the server
is killed twice without warning. What the server has acknowledged must be there, what it has not
must be taken when it comes again, and nothing may be there twice.
"""

import concurrent.futures
import random
import tempfile
import threading
import time
import unittest
from datetime import date
from pathlib import Path

import pytest
import requests

from cli import odoo_log
from tests.support import databases, odoo_process, repository, sync_client
from tests.support.live_server import LiveServer
from tests.support.office import RpcDesk
from tests.support.traccar_client import Version

from . import real_day, road
from .journey import Journey

pytestmark = pytest.mark.xdist_group("real_server")  # one server, one worker

JOB = 420  # seconds: the job waits 45, runs every minute, and this machine may be busy
# Trouble that the test itself makes: two who want the same lead, connections that were killed.
EXPECTED = ("could not serialize access", "could not obtain lock", "terminating connection")
MOMENTS = (0.35, 0.75)  # when the server is killed, as a part of the time that a batch takes


class OnServer(road.Office):
    """Everybody works over HTTP."""

    def __init__(self, server):
        self.server, self.desks = server, {}
        self.admin = RpcDesk(server.url, "admin", "admin", server.database)
        self.http = server.http

    def desk(self, login):
        if login not in self.desks:
            self.desks[login] = RpcDesk(self.server.url, login, road.PASSWORD, self.server.database)
        return self.desks[login]

    def sql(self, query, *values):
        with databases.cursor(self.server.database) as cr:
            cr.execute(query, values)
            return cr.fetchall()

    def wait_for_job(self, users, fixes, seconds=JOB):
        """Wait until the scheduled job has built the days of these people from all their fixes."""
        end = time.monotonic() + seconds
        domain = [("user_id", "in", users), ("state", "=", "built"), ("fix_count", "=", fixes)]
        while time.monotonic() < end:
            marks = self.sql("SELECT count(*) FROM field_track_mark")[0][0]
            if not marks and self.admin.count("field.track.day", domain) == len(users):
                return
            time.sleep(1)
        raise AssertionError(f"the days were not built within {seconds} s:\n{self.server.tail()}")


class TestRealServer(Journey, unittest.TestCase):
    """Needs what `./field test` exports: FIELD_TEMPLATE_DB, FIELD_ODOO_CONF and the PG variables."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = real_day.RealDay.of_last_week()
        template = odoo_process.setting("FIELD_TEMPLATE_DB")
        name = databases.clone(template, databases.PREFIX + "server")
        cls.addClassCleanup(databases.drop, name)
        modules = ",".join(repository.modules())
        odoo_process.run(
            "installing our modules",
            *("-d", name, "-i", modules, "--stop-after-init", "--no-http", "--skip-auto-install"),
        ).assert_clean()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.server = LiveServer(name, Path(folder.name) / "server.log")
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        cls.office = OnServer(cls.server)
        cls._live()

    @classmethod
    def _live(cls):
        """Three phones at once, each for itself; then the job, then the money."""
        cls.team = road.found(cls.office, cls.day)
        cls.reps = cls.team.reps
        with concurrent.futures.ThreadPoolExecutor(len(cls.reps)) as phones:
            cls.answers = list(phones.map(cls._live_one, cls.reps, cls.team.leads))
        cls.office.wait_for_job(cls.team.users, real_day.FIX_COUNT)
        cls.expenses = {}
        for rep in cls.reps:
            day = cls.office.admin.row("field.track.day", [("user_id", "=", rep.user)], ["state"])
            expense = road.claim(cls.office, rep, day["id"])
            road.approve(cls.office, cls.team, expense)
            road.book(cls.office, cls.team, expense, date.today())
            cls.expenses[rep.login] = expense

    @classmethod
    def _live_one(cls, rep, lead):
        statuses = road.post(cls.office, rep, road.requests_of(rep, cls.day.fixes))
        photos = road.work(rep, cls.day, cls.team.customers, lead)
        states = {result["state"] for result in rep.phone.flush()}
        return statuses | road.upload(rep, photos), states

    # --- the day -------------------------------------------------------------------------------
    def test_everything_is_accepted(self):
        self.assertEqual(self.answers, [({200}, {"applied"})] * len(self.reps))

    def test_stays_are_where_he_really_was(self):
        for rep in self.reps:
            self.assert_stays_agree_with_reference(rep)

    def test_visits_are_verified_by_their_stays_and_only_by_them(self):
        for rep in self.reps:
            self.assert_visits_are_judged_by_the_track(rep)

    def test_expenses_are_approved_and_booked(self):
        for rep in self.reps:
            self.assert_expense_is_booked(rep, self.expenses[rep.login])
        rows = self.office.admin.rows(
            "hr.expense", [("id", "in", list(self.expenses.values()))], ["quantity"]
        )
        self.assertEqual(len({row["quantity"] for row in rows}), 1)

    def test_leads_are_claimed(self):
        names = ["user_id"]
        rows = self.office.admin.rows("crm.lead", [("id", "in", self.team.leads)], names)
        self.assertEqual({row["user_id"] for row in rows}, set(self.team.users))

    def test_lead_that_two_want_at_the_same_moment_goes_to_one(self):
        admin = self.office.admin
        for number in range(5):
            lead = admin.create("crm.lead", name=f"Hot {number}", user_id=False)
            pool = admin.row("field.lead.pool", [("name", "=", "North")], ["name"])
            admin.write("crm.lead", [lead], field_pool_id=pool["id"])
            start = threading.Barrier(len(self.reps))

            def want(rep, lead=lead, start=start):
                rep.phone.record("lead.claim", self.day.closing, {"lead_id": lead})
                start.wait()
                return rep.phone.flush()[-1]["state"]

            with concurrent.futures.ThreadPoolExecutor(len(self.reps)) as phones:
                states = list(phones.map(want, self.reps))
            self.assertEqual(sorted(states), ["applied", "rejected", "rejected"])
            owner = admin.row("crm.lead", [("id", "=", lead)], ["user_id"])["user_id"]
            self.assertEqual(owner, self.reps[states.index("applied")].user)

    def test_everything_again_shuffled_and_doubled_changes_nothing(self):
        before = road.snapshot(self.office.admin, self.team.users)

        def again(rep):
            mess = random.Random(rep.login)
            requests_ = road.requests_of(rep, self.day.fixes[::15]) * 2
            mess.shuffle(requests_)
            events = rep.phone.sent * 2
            mess.shuffle(events)
            results = rep.phone.deliver(events[: sync_client.BATCH])
            same = all(result == rep.phone.answers[result["uuid"]] for result in results)
            return road.post(self.office, rep, requests_), same

        with concurrent.futures.ThreadPoolExecutor(len(self.reps)) as phones:
            self.assertEqual(list(phones.map(again, self.reps)), [({200}, True)] * 3)
        self.assertEqual(self.office.sql("SELECT count(*) FROM field_track_mark"), [(0,)])
        ids = self.office.admin.search("field.track.day", [("user_id", "in", self.team.users)])
        self.office.admin.call("field.track.day", "action_rebuild", ids)
        after = road.snapshot(self.office.admin, self.team.users)
        for model, rows in before.items():
            self.assertEqual(after[model], rows, model)

    # --- crashes -------------------------------------------------------------------------------
    def test_killed_in_the_middle_of_a_batch_nothing_is_lost_and_nothing_doubled(self):
        boss = self.team.leader.employee
        model = road.hire_rep(self.office, Version.V10, boss, name="Rep before")
        seconds = self._time_of_a_batch(model)
        rep = road.hire_rep(self.office, Version.V10, boss, name="Rep crash")
        road.work(rep, self.day, self.team.customers)
        while len(rep.phone.outbox) < sync_client.BATCH:
            rep.phone.record("contact.ping", self.day.closing)
        acknowledged, tracker = [], self._start_tracker(rep)
        broken = [self._crash(rep, seconds * part, tracker.acknowledged) for part in MOMENTS]
        self.assertIn(True, broken, f"no batch was interrupted: they take {seconds:.2f} s")
        rep.phone.flush()
        tracker.thread.join(600)
        acknowledged = tracker.acknowledged
        self.assertEqual(len(acknowledged), real_day.FIX_COUNT)
        self._check_nothing_is_lost_or_doubled(rep)

    def _time_of_a_batch(self, rep):
        road.work(rep, self.day, self.team.customers)
        while len(rep.phone.outbox) < sync_client.BATCH:
            rep.phone.record("contact.ping", self.day.closing)
        started = time.monotonic()
        self.assertEqual({r["state"] for r in rep.phone.flush()}, {"applied"})
        return time.monotonic() - started

    def _start_tracker(self, rep):
        tracker = Tracker(self.office, rep, self.day.fixes)
        tracker.thread.start()
        self.addCleanup(tracker.stop.set)
        return tracker

    def _crash(self, rep, delay, acknowledged):
        """Send the batch, kill the server meanwhile, start it again and look at what is there.

        :return: True when the phone got no answer
        """
        outcome = []
        sending = threading.Thread(target=self._send, args=(rep, outcome))
        sending.start()
        time.sleep(delay)
        self.server.kill()
        sending.join(130)
        kept = list(acknowledged)
        self.server.start()
        self._check_all_or_nothing(rep, outcome)
        self._check_acknowledged_are_there(rep, kept)
        return not outcome

    def _send(self, rep, outcome):
        try:
            outcome += rep.phone.deliver(rep.phone.outbox)
        except requests.RequestException:
            return

    def _check_all_or_nothing(self, rep, outcome):
        """The batch is one transaction: the journal and what it led to stand or fall together."""
        [(count,)] = self.office.sql(
            "SELECT count(*) FROM field_event WHERE user_id = %s", rep.user
        )
        [(visits,)] = self.office.sql(
            "SELECT count(*) FROM field_visit WHERE user_id = %s", rep.user
        )
        self.assertIn((count, visits), [(0, 0), (sync_client.BATCH, len(self.day.calls))])
        if outcome:
            self.assertEqual(count, sync_client.BATCH)

    def _check_acknowledged_are_there(self, rep, acknowledged):
        rows = self.office.sql("SELECT ts FROM field_position WHERE user_id = %s", rep.user)
        there = {row[0] for row in rows}
        self.assertFalse(set(acknowledged) - there, "positions were acknowledged and lost")

    def _check_nothing_is_lost_or_doubled(self, rep):
        self.office.wait_for_job([rep.user], real_day.FIX_COUNT)
        states = [answer["state"] for answer in rep.phone.answers.values()]
        self.assertEqual(states, ["applied"] * sync_client.BATCH)
        [(events, kinds)] = self.office.sql(
            "SELECT count(*), count(DISTINCT uuid) FROM field_event WHERE user_id = %s", rep.user
        )
        self.assertEqual((events, kinds), (sync_client.BATCH, sync_client.BATCH))
        self.assertEqual(
            self.office.admin.count("field.visit", [("user_id", "=", rep.user)]),
            len(self.day.calls),
        )
        self.assert_stays_agree_with_reference(rep)
        self.assert_visits_are_judged_by_the_track(rep)
        quiet = next(other for other in self.reps if other.version is rep.version)
        for name in ("distance_m", "stay_count", "gap_min", "trip_count"):
            self.assertEqual(self.day_of(rep)[name], self.day_of(quiet)[name], name)

    # --- the log -------------------------------------------------------------------------------
    def test_zz_log_has_no_complaint_and_no_token(self):
        """Runs last: all other tests have written into the log."""
        text = self.server.text()
        lines = text.splitlines()
        found = [
            line
            for number, line in enumerate(lines)
            # Odoo writes the query first and the reason, over several lines, behind it
            if odoo_log.complaints(line) and not _is_expected("".join(lines[number : number + 5]))
        ]
        self.assertEqual(found, [])
        for rep in self.reps:
            self.assertNotIn(rep.address.rpartition("/")[2], text)
            self.assertNotIn(rep.phone.token, text)


def _is_expected(text):
    return any(known in text for known in EXPECTED)


class Tracker:
    """A phone that sends fix after fix and repeats each one until it is acknowledged."""

    def __init__(self, office, rep, fixes):
        self.office, self.rep, self.fixes = office, rep, fixes
        self.acknowledged, self.stop = [], threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        for fix, request in zip(self.fixes, road.requests_of(self.rep, self.fixes), strict=True):
            while not self.stop.is_set():
                try:
                    statuses = road.post(self.office, self.rep, [request])
                except requests.RequestException:
                    statuses = None
                if statuses == {200}:
                    self.acknowledged.append(fix.at)
                    break
                time.sleep(0.2)
