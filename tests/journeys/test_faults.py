"""Faults of the wire and of the server, against a really running one (engines.md §2).

After each: count and content on both sides equal, nothing lost, nothing doubled.
"""

import concurrent.futures
import random
import re
import unittest

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from cli import odoo_log
from tests.support import databases, faults
from tests.support.fault_proxy import FAULTS, FaultProxy
from tests.support.field_base_server import both_sides_agree
from tests.support.phone_machine import PhoneMachine

pytestmark = pytest.mark.xdist_group("real_server")

SEED = 20261120
RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:)", re.MULTILINE)  # a line with its traceback
EXPECTED = (
    "could not serialize access",
    "could not obtain lock",
    "terminating connection",
    "connection already closed",
    "cursor already closed",  # rolling back on a connection that broke the statement before
    "server closed the connection",
    "connection to server on socket",  # while PostgreSQL is down
    "the database system is",
)


class TestFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server, cls.postgres = cls.enterClassContext(faults.server_of_its_own("faults"))

    def test_three_phones_on_a_network_that_loses_half(self):
        """Faults 1-4, 8, 15: every second message goes wrong in one of nine ways."""
        chance = random.Random(SEED)
        proxy = FaultProxy(
            self.server.address, lambda: chance.choice(FAULTS) if chance.random() < 0.5 else None
        )
        self.addCleanup(proxy.close)
        phones = [self.server.phone(proxy.url) for _phone in range(3)]
        for number, phone in enumerate(phones):
            faults.work(phone, seed=number * 7)
        with concurrent.futures.ThreadPoolExecutor(len(phones)) as pool:
            list(pool.map(faults.trickle, phones))
        for phone in phones:
            both_sides_agree(self.server, phone)
        self.assertGreaterEqual(len(proxy.counts), 8, "the network was too good")

    def test_identical_requests_at_once(self):
        """Fault 5."""
        faults.identical_pairs(self.server, 8)

    def test_nothing_comes_of_damaged_requests(self):
        """Fault 25."""
        faults.bodies(self.server, 200, random.Random(SEED))

    def test_killed_while_it_works(self):
        """Fault 6: SIGKILL at a random moment of a batch, twice; then the same again."""
        faults.kills(self.server, 2, random.Random(SEED))

    def test_database_restarted_while_it_works(self):
        """Fault 7: PostgreSQL is stopped, then cut off; phones go on by themselves within 60 s."""
        self.assertLess(faults.restarts(self.server, self.postgres, 2), 60)

    def test_restored_from_yesterdays_backup(self):
        phone = self.server.phone()
        faults.work(phone, events=12, photos=1)
        phone.drain()
        backup = self._stopped(databases.clone, self.server.database, databases.PREFIX + "backup")
        self.addCleanup(databases.drop, backup)
        faults.work(phone, events=9, photos=2, seed=30)
        phone.drain()
        both_sides_agree(self.server, phone)
        self._stopped(databases.clone, backup, self.server.database)
        self.assertEqual(len(self.server.journal(phone)), 12)
        faults.work(phone, events=2, photos=0)
        phone.drain()
        both_sides_agree(self.server, phone)

    def _stopped(self, do, *args):
        """Do something with the database while no server is there."""
        self.server.live.stop()
        try:
            return do(*args)
        finally:
            self.server.start()

    def test_random_lives(self):
        """A random mix of faults; `./field bench faults` runs 200 of them."""
        PhoneMachine.server = self.server
        run_state_machine_as_test(
            PhoneMachine,
            settings=settings(
                max_examples=6,
                stateful_step_count=12,
                derandomize=True,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    def test_zz_log_has_no_complaint(self):
        """Runs last: all other tests have written into the log."""
        records = RECORD.split(self.server.live.text())
        found = [
            record
            for record in records
            if odoo_log.complaints(record.partition("\n")[0])
            and not any(known in record for known in EXPECTED)
        ]
        self.assertEqual(found, [])
