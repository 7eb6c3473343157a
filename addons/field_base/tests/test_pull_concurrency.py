from unittest.mock import patch

from odoo import api
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install")
class TestPullConcurrency(BaseCase):
    """Real transactions side by side; what they commit is removed at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            self.user = env.ref("base.user_admin")
            values = {"name": "p", "user_id": self.user.id, "company_id": self.user.company_id.id}
            self.device_id = env["field.device"].create(values).id
        self.made = []
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["res.partner"].browse(self.made).unlink()
            env["field.device"].browse(self.device_id).unlink()

    def pull(self, since):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user.id, {})
            device = env["field.device"].sudo().browse(self.device_id)
            return env["field.app"]._pull(device, since, {"customers"})

    def drain(self, since=None):
        """Pull until there is no more; the cursor and ``{id: city}`` of what came."""
        came = {}
        while True:
            answer = self.pull(since)
            since = answer["cursor"]
            part = answer["collections"].get("customers", {"rows": ()})
            came |= {row["id"]: row["city"] for row in part["rows"]}
            if not answer["more"]:
                return since, came

    def partner(self, cr, name):
        env = api.Environment(cr, self.user.id, {})
        partner = env["res.partner"].create({"name": name, "user_id": self.user.id})
        env.flush_all()
        self.made.append(partner.id)
        return partner.id

    def test_what_was_written_early_and_committed_late_is_not_missed(self):
        with self.registry.cursor() as setup:
            old_id = self.partner(setup, "old")
        cursor, _came = self.drain()
        with self.registry.cursor() as slow:
            slow.execute("UPDATE res_partner SET city = 'late' WHERE id = %s", [old_id])
            new_id = self.partner(slow, "slow")
            with self.registry.cursor() as quick:
                quick_id = self.partner(quick, "quick")
            # the quick one has the higher change id, the later write date, and is pulled first
            cursor, came = self.drain(cursor)
            self.assertIn(quick_id, came)
            self.assertNotIn(new_id, came)
            self.assertNotEqual(came.get(old_id), "late")
            cursor, _again = self.drain(cursor)
        _cursor, came = self.drain(cursor)
        self.assertIn(new_id, came)
        self.assertEqual(came[old_id], "late")
