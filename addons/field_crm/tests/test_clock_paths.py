from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import freeze_time, tagged

from .recycle import HOUR, MONDAY, RecycleCommon


@tagged("post_install", "-at_install")
class TestClockPaths(RecycleCommon):
    """Whatever way a lead comes to an owner, its clocks start; whatever way it leaves, they stop."""

    @freeze_time(MONDAY)
    def test_claim(self):
        self.lead.with_user(self.rep).action_claim()
        self.assertRuns(self.lead, MONDAY)

    @freeze_time(MONDAY)
    def test_list_edit_of_many(self):
        (self.lead | self.lead2).write({"user_id": self.rep.id})
        self.assertRuns(self.lead, MONDAY)
        self.assertRuns(self.lead2, MONDAY)

    @freeze_time(MONDAY)
    def test_create_with_an_owner(self):
        (lead,) = self._new_leads("Made", user_id=self.rep.id)
        self.assertRuns(lead, MONDAY)
        self.assertEqual(self._history(lead), [("assign", self.rep, False)])

    @freeze_time(MONDAY)
    def test_import(self):
        Lead = self.env["crm.lead"]
        rows = [["__test__.a", "Imported", "lead", self.pool.name, self.rep.name]]
        result = Lead.load(["id", "name", "type", "field_pool_id", "user_id"], rows)
        self.assertRuns(Lead.browse(result["ids"]), MONDAY)
        Lead.load(["id", "user_id"], [["__test__.a", self.rep2.name]])
        self.assertEqual(Lead.browse(result["ids"]).user_id, self.rep2)

    @freeze_time(MONDAY)
    def test_workflow(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Give",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": f"record.write({{'user_id': {self.rep.id}}})",
            }
        )
        action.with_context(active_model="crm.lead", active_id=self.lead.id).run()
        self.assertRuns(self.lead, MONDAY)

    @freeze_time(MONDAY)
    def test_rpc(self):
        manager = self._new_user("clock_rpc", "sales_team.group_sale_manager")
        model = self.env["crm.lead"].with_user(manager)
        call_kw(model, "write", [[self.lead.id], {"user_id": self.rep.id}], {})
        self.assertRuns(self.lead, MONDAY)

    def test_transfer_starts_anew(self):
        self._claim(at=MONDAY - 20 * HOUR)
        with freeze_time(MONDAY):
            self.lead.write({"user_id": self.rep2.id})
        self.assertRuns(self.lead, MONDAY)

    def test_handover_starts_anew(self):
        self._claim(at=MONDAY - 20 * HOUR)
        handover = self.env["field.handover"].with_user(self.leader)
        with freeze_time(MONDAY):
            handover.create(
                {"user_id": self.rep.id, "receiver_ids": [Command.set(self.rep2.ids)]}
            ).action_confirm()
            self.env.flush_all()
        self.assertEqual(self.lead.user_id, self.rep2)
        self.assertRuns(self.lead, MONDAY)

    @freeze_time(MONDAY)
    def test_conversion_with_an_owner(self):
        self.env["crm.lead2opportunity.partner"].with_context(
            active_model="crm.lead", active_id=self.lead.id, active_ids=self.lead.ids
        ).create({"name": "convert", "action": "create", "user_id": self.rep.id}).action_apply()
        self.assertEqual(self.lead.field_clock_start, MONDAY)
        self.assertFalse(self.lead.field_recycle_at, "it has become an opportunity")

    @freeze_time(MONDAY)
    def test_conversion_of_many(self):
        """Two people in turns, and what lies in a pool that waits for a later stage goes on."""
        stage = self.env["crm.stage"].search([], order="sequence desc", limit=1)
        self.pool.convert_stage_id = stage
        both = self.lead | self.lead2
        wizard = self.env["crm.lead2opportunity.partner.mass"].with_context(
            active_model="crm.lead", active_id=self.lead.id, active_ids=both.ids
        )
        wizard.create(
            {
                "name": "convert",
                "action": "each_exist_or_create",
                "force_assignment": True,
                "user_ids": [Command.set((self.rep | self.rep2).ids)],
                "deduplicate": False,
            }
        ).action_mass_convert()
        self.assertEqual(both.user_id, self.rep | self.rep2)
        for lead in both:
            self.assertRuns(lead, MONDAY)

    @freeze_time(MONDAY)
    def test_web_save_as_a_card_dragged_to_a_person(self):
        self.lead.web_save({"user_id": self.rep.id}, {})
        self.assertRuns(self.lead, MONDAY)

    @freeze_time(MONDAY)
    def test_value_set_in_code(self):
        self.lead.user_id = self.rep
        self.lead2.update({"user_id": self.rep.id})
        for lead in self.lead | self.lead2:
            self.assertRuns(lead, MONDAY)

    def test_copy_of_a_held_lead_has_its_own_clocks(self):
        self._claim(at=MONDAY - 20 * HOUR)
        with freeze_time(MONDAY):
            twin = self.lead.copy({"user_id": self.rep.id})
        self.assertEqual(twin.field_pool_id, self.pool)
        self.assertRuns(twin, MONDAY)

    def test_merge_of_duplicates_starts_anew_for_another_owner(self):
        self._claim(at=MONDAY - 20 * HOUR)
        with freeze_time(MONDAY):
            self._claim(self.lead2, self.rep2, at=MONDAY)
            self.env["field.lead.merge"]._merge_leads(self.lead | self.lead2, 0.95, False)
            self.env.flush_all()
        kept = (self.lead | self.lead2).exists().filtered("active")
        self.assertEqual(len(kept), 1)
        self.assertTrue(kept.field_clock_start)
        start = MONDAY - 20 * HOUR if kept.user_id == self.rep else MONDAY
        self.assertRuns(kept, start)

    @freeze_time(MONDAY)
    def test_merge(self):
        self.lead2.user_id = self.rep2
        (self.lead | self.lead2).merge_opportunity(user_id=self.rep.id)
        self.assertRuns((self.lead | self.lead2).exists(), MONDAY)

    @freeze_time(MONDAY)
    def test_lead_of_one_put_into_a_pool(self):
        own = self.env["crm.lead"].create({"name": "Own", "user_id": self.rep.id, "type": "lead"})
        self.assertFalse(own.field_recycle_at)
        own.field_pool_id = self.pool
        self.assertRuns(own, MONDAY)

    def test_return_stops_the_clocks(self):
        self._claim()
        self.lead.with_user(self.rep).action_return_to_pool("No")
        for name in ("clock_start", "recycle_at", "contact_deadline", "warn_at"):
            self.assertFalse(self.lead[f"field_{name}"], name)

    def test_nothing_runs_in_a_pool_that_takes_nothing_back(self):
        self.pool.recycle_on = False
        self._claim()
        self.assertFalse(self.lead.field_recycle_at)
        self.assertEqual(self.lead.field_clock_start, MONDAY)

    def test_owner_cannot_let_go_without_a_reason(self):
        self._claim()
        with self.assertRaises(UserError):
            self.lead.with_user(self.rep).user_id = False
