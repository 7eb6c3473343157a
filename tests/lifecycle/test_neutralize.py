"""A restored copy for tests tells nobody outside and spends nothing (docs/backup-guide.md)."""

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import TransactionCase, tagged
from tests.support.repository import modules


@tagged("post_install", "-at_install", "standard")
class TestNeutralize(TransactionCase):
    def test_what_goes_out_is_switched_off(self):
        hook = self.env["field.webhook"].create(
            {"name": "Warehouse", "url": "https://hooks.example/field"}
        )
        roads, straight = self.env["field.matrix.provider"].create(
            [
                {"name": "Roads", "kind": "osrm", "url": "https://roads.example"},
                {"name": "Lines", "kind": "straight"},
            ]
        )
        places, own = self.env["field.prospect.provider"].create(
            [{"name": "Places", "kind": "overpass"}, {"name": "Our list", "kind": "list"}]
        )
        register = self.env["field.register.provider"].create(
            {"name": "Register", "kind": "tianyancha", "api_key": "k"}
        )
        self.env.company.write({"field_seal_email": "seals@example.com", "field_push": True})
        self.env.flush_all()
        for query in get_neutralization_queries(modules()):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        for gone in (hook, roads, places, register):
            self.assertFalse(gone.active, gone._name)
        for kept in (straight, own):
            self.assertTrue(kept.active, kept._name)
        self.assertFalse(self.env.company.field_seal_email)
        self.assertFalse(self.env.company.field_push)
