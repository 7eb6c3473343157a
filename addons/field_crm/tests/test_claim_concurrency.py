import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import api, fields
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import REP
from odoo.addons.field_base.tools.errors import FieldRejected

THREADS = 8
REQUESTS = 200


@tagged("post_install", "-at_install")
class TestClaimConcurrency(TransactionCase):
    """Real transactions on their own cursors; what they commit is removed afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._transaction() as env:
            users = [
                new_test_user(
                    env, f"race_rep{n}", groups=REP, tz="UTC", context={"no_reset_password": True}
                )
                for n in range(THREADS)
            ]
            cls.user_ids = [user.id for user in users]
            cls.partner_ids = [user.partner_id.id for user in users]
            cls.pool_id = (
                env["field.lead.pool"]
                .create({"name": "Race", "member_ids": [Command.set(cls.user_ids)]})
                .id
            )
        cls.addClassCleanup(cls._remove_all)

    @classmethod
    @contextmanager
    def _transaction(cls, uid=api.SUPERUSER_ID):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, uid, {})

    @classmethod
    def _remove_all(cls):
        with cls._transaction() as env:
            cls._remove_leads(env)
            env["field.lead.pool"].browse(cls.pool_id).unlink()
            env["res.users"].browse(cls.user_ids).unlink()
            env["res.partner"].browse(cls.partner_ids).exists().unlink()

    @classmethod
    def _remove_leads(cls, env):
        # SQL: the history refuses to be deleted, also for the superuser
        env.cr.execute("DELETE FROM field_lead_claim WHERE pool_id = %s", (cls.pool_id,))
        env["crm.lead"].search([("field_pool_id", "=", cls.pool_id)]).unlink()

    def setUp(self):
        super().setUp()
        self.addCleanup(self._reset)
        with self._transaction() as env:
            vals = {"user_id": False, "team_id": False, "field_pool_id": self.pool_id}
            leads = env["crm.lead"].create([{"name": f"Race {n}", **vals} for n in range(2)])
            self.lead_id, self.lead2_id = leads.ids

    def _reset(self):
        with self._transaction() as env:
            self._remove_leads(env)
            env["field.lead.pool"].browse(self.pool_id).write(
                {"holding_cap": 0, "recycle_on": False}
            )

    def _owner_and_claims(self, lead_id):
        with self._transaction() as env:
            lead = env["crm.lead"].browse(lead_id)
            claims = env["field.lead.claim"].search([("lead_id", "=", lead_id)])
            return lead.user_id.id, claims.mapped("user_id").ids, len(claims)

    def test_claim_while_another_claim_is_uncommitted_does_not_wait(self):
        first, second = self.user_ids[:2]
        with self._transaction(first) as env:
            env["crm.lead"].browse(self.lead_id).action_claim()
            env.flush_all()
            with self.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = '2s'")
                other = api.Environment(cr, second, {})
                with self.assertRaises(FieldRejected) as refusal:
                    other["crm.lead"].browse(self.lead_id).action_claim()
        self.assertEqual(refusal.exception.code, "busy")
        self.assertIn("Race 0", str(refusal.exception))
        self.assertEqual(self._owner_and_claims(self.lead_id), (first, [first], 1))

    def test_claim_begun_before_the_winner_committed_is_retried_and_told(self):
        first, second = self.user_ids[:2]
        with self.registry.cursor() as cr:
            late = api.Environment(cr, second, {})
            late["crm.lead"].browse(self.lead_id).read(["name"])  # the snapshot is taken here
            with self._transaction(first) as env:
                env["crm.lead"].browse(self.lead_id).action_claim()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                late["crm.lead"].browse(self.lead_id).action_claim()
            cr.rollback()
        with self.registry.cursor() as cr:
            retry = api.Environment(cr, second, {})
            with self.assertRaises(FieldRejected) as refusal:
                retry["crm.lead"].browse(self.lead_id).action_claim()
        self.assertEqual(refusal.exception.code, "already_claimed")
        self.assertEqual(self._owner_and_claims(self.lead_id), (first, [first], 1))

    def test_two_claims_of_one_person_cannot_pass_the_limit_together(self):
        rep = self.user_ids[0]
        with self._transaction() as env:
            env["field.lead.pool"].browse(self.pool_id).holding_cap = 1
        with self._transaction(rep) as env:
            env["crm.lead"].browse(self.lead_id).action_claim()
            env.flush_all()
            with self.registry.cursor() as cr:
                other = api.Environment(cr, rep, {})
                with self.assertRaises(LockNotAvailable), mute_logger("odoo.sql_db"):
                    other["crm.lead"].browse(self.lead2_id).action_claim()
                cr.rollback()
        with self.registry.cursor() as cr:
            retry = api.Environment(cr, rep, {})
            with self.assertRaises(FieldRejected) as refusal:
                retry["crm.lead"].browse(self.lead2_id).action_claim()
        self.assertEqual(refusal.exception.code, "cap_reached")
        self.assertEqual(self._owner_and_claims(self.lead2_id)[0], False)

    def test_two_hundred_requests_one_wins_nobody_waits(self):
        start = threading.Barrier(THREADS)
        outcomes = Counter()

        def claim(uid):
            """One request, as Odoo's worker threads run it."""
            with self.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = '1s'")  # who waits for a lock fails
                env = api.Environment(cr, uid, {})
                try:
                    # what Odoo does around every request: repeat it after a concurrency error
                    retrying(lambda: env["crm.lead"].browse(self.lead_id).action_claim(), env)
                    outcomes[uid, "won"] += 1
                except FieldRejected as refusal:
                    outcomes[uid, refusal.code] += 1
                    cr.rollback()

        def work(uid):
            start.wait(timeout=30)
            for _n in range(REQUESTS // THREADS):
                claim(uid)

        # The main thread holds the registry's lock while it runs tests; workers would wait for it.
        self.patch(Registry, "_lock", DummyRLock())
        threads = [threading.Thread(target=work, args=(uid,)) for uid in self.user_ids]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        self.assertEqual(outcomes.total(), REQUESTS, outcomes)
        winners = {uid for uid, outcome in outcomes if outcome == "won"}
        self.assertEqual(len(winners), 1, outcomes)
        codes = {outcome for _uid, outcome in outcomes}
        self.assertLessEqual(codes, {"won", "busy", "already_claimed"})
        self.assertEqual(self._owner_and_claims(self.lead_id), (min(winners), list(winners), 1))

    def test_two_sweeps_at_once_take_each_lead_once(self):
        """Two workers on the same due leads: what one has locked, the other skips."""
        first, _second = self.user_ids[:2]
        leads = [self.lead_id, self.lead2_id]
        with self._transaction() as env:
            env["field.lead.pool"].browse(self.pool_id).recycle_on = True
            env["crm.lead"].browse(leads).write({"user_id": first})
        now = fields.Datetime.now() + timedelta(days=2)
        with self._transaction() as env:
            one = env["crm.lead"]._recycle_batch(now, size=1)
            with self._transaction() as other:
                two = other["crm.lead"]._recycle_batch(now, size=5)
        self.assertEqual((one["seen"], two["seen"]), (1, 1))
        with self._transaction() as env:
            self.assertFalse(env["crm.lead"]._recycle_batch(now))
            claims = env["field.lead.claim"].search(
                [("lead_id", "in", leads), ("event", "=", "recycle")]
            )
            self.assertEqual(sorted(claims.lead_id.ids), sorted(leads))
            self.assertFalse(env["crm.lead"].browse(leads).user_id)
