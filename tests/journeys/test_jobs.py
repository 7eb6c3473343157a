"""Scheduled jobs against crashes and against each other (faults 27 and 28 of engines.md §2)."""

import threading
import time
import unittest
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.live_server import LiveServer
from tests.support.office import Refused, RpcDesk

pytestmark = pytest.mark.xdist_group("phone")

VISITS = 1500
# Each change of a visit's state that was committed leaves a row.
WATCH = """
    CREATE TABLE seen_change (visit int, state text);
    CREATE FUNCTION see_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO seen_change VALUES (NEW.id, NEW.state);
        RETURN NULL;
    END $$;
    CREATE TRIGGER see_change AFTER UPDATE OF state ON field_visit
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION see_change();
"""
JOB = "field_visit.ir_cron_mark_missed"


class TestJobs(unittest.TestCase):
    """The job that marks missed visits: it works in batches of 500."""

    @pytest.fixture(autouse=True)
    def _live_in(self, phone_server):
        self.town = phone_server
        if self.town.server.process.poll() is not None:
            self.town.server.start()
        self.user = self.town.hire(f"jobs{time.monotonic_ns()}")
        self.job = self.town.admin.ref(JOB)
        self.town.sql(WATCH)
        yield
        self.town.sql("DROP TABLE seen_change; DROP FUNCTION see_change() CASCADE")

    def plan(self, count):
        (shop,) = self.town.open_shops(self.user, ["Golden Dragon"])
        day = (date.today() - timedelta(days=3)).isoformat()
        visit = {"partner_id": shop, "user_id": self.user, "plan_date": day}
        self.town.admin.call("field.visit", "create", None, [visit] * count)

    def states(self):
        rows = self.town.sql(
            "SELECT state, count(*) FROM field_visit"
            " WHERE user_id = %s AND plan_date < current_date - 1 GROUP BY state",
            self.user,
        )
        return dict(rows)

    def times_done(self):
        """How many changes of state were committed, and of how many visits."""
        return self.town.sql("SELECT count(*), count(DISTINCT visit) FROM seen_change")[0]

    def wait_for(self, enough, what):
        end = time.monotonic() + 120
        while not enough(self.states()):
            self.assertLess(time.monotonic(), end, f"waited in vain for {what}: {self.states()}")
            time.sleep(0.02)

    def test_killed_in_the_middle_the_next_run_goes_on(self):
        self.plan(VISITS)
        start = threading.Thread(target=self._start, args=(self.town.admin,))
        start.start()
        self.wait_for(lambda states: states.get("missed"), "the first batch")
        self.town.server.kill()
        start.join(60)
        kept = self.states()
        self.assertTrue(0 < kept["missed"] < VISITS, kept)
        self.town.server.start()
        self._start(self.town.admin)
        self.wait_for(lambda states: states == {"missed": VISITS}, "the rest")
        self.assertEqual(self.times_done(), (VISITS, VISITS))

    def test_two_servers_at_once_do_everything_once(self):
        self.plan(600)
        other = LiveServer(self.town.database, Path(self.town.folder.name) / "second.log")
        self.addCleanup(other.stop)
        other.start()
        second = RpcDesk(other.url, "admin", "admin", self.town.database)
        both = [threading.Thread(target=self._start, args=(d,)) for d in (self.town.admin, second)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(60)
        self.wait_for(lambda states: states == {"missed": 600}, "all")
        self.assertEqual(self.times_done(), (600, 600))

    def _start(self, desk):
        """Run the job; refused while another server is at it, cut off when this one dies."""
        try:
            desk.call("ir.cron", "method_direct_trigger", [self.job])
        except (Refused, OSError):
            return
