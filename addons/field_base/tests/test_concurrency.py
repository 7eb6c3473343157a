import threading
import uuid
from unittest.mock import patch

from odoo import api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

from .common import make_event

DEVICES = "DELETE FROM field_device WHERE id IN %s"
TABLES = ("field_event", "field_workday")


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two real transactions at once; the rows are committed, and removed at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean)
        # the runner holds this lock while tests run; our threads would wait for it for ever
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            self.user_id = env.ref("base.user_admin").id
            company = env.ref("base.user_admin").company_id
            self.device_ids = [
                env["field.device"]
                .create({"name": "c", "user_id": self.user_id, "company_id": company.id})
                .id
                for _i in range(2)
            ]

    def _clean(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT set_config('field.evidence', 'open', true)")
            for table in TABLES:
                query = SQL(
                    "DELETE FROM %s WHERE device_id IN %s",
                    SQL.identifier(table),
                    tuple(self.device_ids),
                )
                cr.execute(query)
            cr.execute(DEVICES, [tuple(self.device_ids)])

    def _run(self, device_id, events, barrier, answers, attempts):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_id, {})
            tries = []

            def request():
                tries.append(1)
                device = env["field.device"].sudo().browse(device_id)
                device.mapped("user_id.name")  # takes the snapshot, as authentication does
                if len(tries) == 1:
                    barrier.wait(20)
                final = len(tries) > 1
                return env["field.event"]._sync(device, events, final=final)["results"]

            answers.append(retrying(request, env))
            attempts.append(len(tries))

    def race(self, *batches):
        barrier, answers, attempts = threading.Barrier(len(batches)), [], []
        threads = [
            threading.Thread(target=self._run, args=(*batch, barrier, answers, attempts))
            for batch in batches
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(answers), len(batches), "one of the requests failed")
        self.assertLessEqual(max(attempts), 5)
        return answers

    def rows(self, table):
        with self.registry.cursor() as cr:
            query = SQL(
                "SELECT id FROM %s WHERE device_id IN %s",
                SQL.identifier(table),
                tuple(self.device_ids),
            )
            cr.execute(query)
            return cr.fetchall()

    @mute_logger("odoo.sql_db")
    def test_the_same_request_twice_at_once_leaves_one_row(self):
        events = [make_event("workday.open", 1), make_event(seq=2)]
        answers = self.race((self.device_ids[0], events), (self.device_ids[0], events))
        self.assertEqual(answers[0], answers[1])
        self.assertEqual({result["state"] for result in answers[0]}, {"applied"})
        self.assertEqual(len(self.rows("field_event")), 2)
        self.assertEqual(len(self.rows("field_workday")), 1)

    @mute_logger("odoo.sql_db")
    def test_the_same_events_from_two_devices_at_once(self):
        events = [make_event()]
        answers = self.race((self.device_ids[0], events), (self.device_ids[1], events))
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(len(self.rows("field_event")), 1)

    @mute_logger("odoo.sql_db")
    def test_two_devices_open_the_same_day_at_once(self):
        batches = [
            (device_id, [make_event("workday.open", uuid=str(uuid.uuid4()))])
            for device_id in self.device_ids
        ]
        answers = self.race(*batches)
        self.assertEqual([answer[0]["state"] for answer in answers], ["applied", "applied"])
        self.assertEqual(answers[0][0]["ref"], answers[1][0]["ref"])
        self.assertEqual(len(self.rows("field_workday")), 1)
