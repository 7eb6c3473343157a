from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import REP, LeadPoolCommon
from odoo.addons.field_base.tools.errors import FieldRejected


@tagged("post_install", "-at_install")
class TestRoles(LeadPoolCommon):
    def _sees(self, user):
        """What the user gets of the pool's leads, by each way to read them."""
        user.group_ids |= self.env.ref("base.group_allow_export")
        Lead = self.env["crm.lead"].with_user(user)
        domain = [("field_pool_id", "=", self.pool.id)]
        groups = Lead.formatted_read_group(domain, ["field_pool_id"], ["__count"])
        found = Lead.search(domain)
        self.assertEqual(sum(group["__count"] for group in groups), len(found))
        self.assertEqual(len(found.export_data(["name"])["datas"]), len(found))
        return found

    def test_member_sees_the_pool(self):
        self.assertEqual(self._sees(self.rep), self.lead | self.lead2 | self.lead3)
        self.assertEqual(self.env["field.lead.pool"].with_user(self.rep).search([]), self.pool)

    def test_non_member_sees_nothing(self):
        self.assertFalse(self._sees(self.outsider))
        self.assertFalse(self.env["field.lead.pool"].with_user(self.outsider).search([]))
        lead = self.lead.with_user(self.outsider)
        message = self.lead.message_post(body="A secret")
        for read in (
            lambda: lead.read(["name"]),
            lambda: lead.write({"name": "x"}),
            lambda: message.with_user(self.outsider).read(["body"]),
            lambda: self.pool.with_user(self.outsider).read(["name"]),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                read()

    def test_non_member_sees_no_activities_of_pool_leads(self):
        self.lead.message_post(
            body="Called",
            subtype_xmlid="mail.mt_note",
            mail_activity_type_id=self.env.ref("mail.mail_activity_data_call").id,
        )
        self.env.flush_all()
        Report = self.env["crm.activity.report"]
        domain = [("lead_id", "=", self.lead.id)]
        self.assertFalse(Report.with_user(self.rep).search(domain), "before the claim")
        self.pool.mask_contacts = False
        self.assertTrue(Report.with_user(self.rep).search(domain))
        self.assertTrue(Report.with_user(self.leader).search(domain))
        self.assertFalse(Report.with_user(self.outsider).search(domain))

    def test_ordinary_unassigned_leads_stay_visible_as_in_odoo(self):
        free = self._new_leads("Ordinary", field_pool_id=False)
        self.assertTrue(free.with_user(self.outsider).has_access("read"))

    def test_claimed_lead_is_seen_by_its_holder_and_above_only(self):
        self.lead.with_user(self.rep).action_claim()
        self.assertNotIn(self.lead, self._sees(self.rep2))
        self.assertIn(self.lead, self._sees(self.rep))
        self.assertIn(self.lead, self._sees(self.leader))

    def test_leader_sees_pools_of_his_people(self):
        self.assertEqual(self._sees(self.leader), self.lead | self.lead2 | self.lead3)
        other_leader = self._new_user("pool_leader2", "field_base.field_base_group_leader")
        self.assertFalse(self._sees(other_leader))
        self.assertFalse(self.env["field.lead.pool"].with_user(other_leader).search([]))

    def test_admin_and_all_leads_seller_see_everything(self):
        for login, group in (
            ("pool_adm", "field_base.field_base_group_admin"),
            ("pool_all", "sales_team.group_sale_salesman_all_leads"),
        ):
            user = self._new_user(login, group)
            self.assertEqual(len(self._sees(user)), 3)
            self.assertIn(self.pool, self.env["field.lead.pool"].with_user(user).search([]))

    def test_auditor_reads_and_changes_nothing(self):
        self.lead.with_user(self.rep).action_claim()
        auditor = self._new_user("pool_auditor", "field_base.field_base_group_auditor")
        self.assertEqual(len(self._sees(auditor)), 3)
        claims = self.env["field.lead.claim"].with_user(auditor).search([])
        self.assertIn(self.lead, claims.lead_id)
        for change in (
            lambda: self.lead.with_user(auditor).write({"name": "x"}),
            lambda: self.lead2.with_user(auditor).action_claim(),
            lambda: self.pool.with_user(auditor).write({"name": "x"}),
            lambda: self.pool.with_user(auditor).unlink(),
            lambda: self.env["crm.lead"].with_user(auditor).create({"name": "x"}),
        ):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                change()
        self.assertFalse(self.lead2.user_id)
        self.assertEqual(self.pool.name, "Shanghai East")

    def test_every_role_opens_a_lead(self):
        auditor = self._new_user("pool_auditor", "field_base.field_base_group_auditor")
        for user in (self.rep, self.leader, auditor):
            for lead in (self.lead, self.lead2):
                self.assertEqual(Form(lead.with_user(user)).name, lead.name)
            self.lead.with_user(self.rep).action_claim()

    def test_reps_and_leaders_cannot_change_pools(self):
        for user in (self.rep, self.leader):
            pool = self.pool.with_user(user)
            for change in (
                lambda pool=pool: pool.write({"holding_cap": 99}),
                lambda pool=pool, user=user: pool.write({"member_ids": [Command.link(user.id)]}),
                lambda pool=pool: pool.unlink(),
                lambda pool=pool: pool.create({"name": "Mine"}),
            ):
                with (
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models.ir_model"),
                ):
                    change()

    def test_history_own_team_all(self):
        self.lead.with_user(self.rep).action_claim()
        self.lead2.with_user(self.rep2).action_claim()
        Claim = self.env["field.lead.claim"]
        domain = [("pool_id", "=", self.pool.id)]
        self.assertEqual(Claim.with_user(self.rep).search(domain).user_id, self.rep)
        self.assertEqual(Claim.with_user(self.leader).search_count(domain), 2)
        self.assertFalse(Claim.with_user(self.outsider).search(domain))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            Claim.with_user(self.rep).create(
                {
                    "lead_name": "x",
                    "pool_id": self.pool.id,
                    "event": "claim",
                    "claimed_at": "2026-01-01",
                }
            )

    def test_portal_gets_nothing(self):
        portal = self._new_user("pool_portal", "base.group_portal")
        for model in ("crm.lead", "field.lead.pool", "field.lead.claim"):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                self.env[model].with_user(portal).search([])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.lead.with_user(portal).action_claim()
        self.assertFalse(self.lead.user_id)

    def test_other_company_sees_nothing_and_claims_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user(
            "pool_other", REP, company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        # Not even when somebody made him a member by mistake.
        self.env.cr.execute(
            "INSERT INTO field_lead_pool_member_rel (pool_id, user_id) VALUES (%s, %s)",
            (self.pool.id, stranger.id),
        )
        self.env.invalidate_all()
        self.assertFalse(self._sees(stranger))
        self.assertFalse(self.env["field.lead.pool"].with_user(stranger).search([]))
        with self.assertRaises(FieldRejected) as refusal:
            self.lead.with_user(stranger).action_claim()
        self.assertEqual(refusal.exception.code, "not_member")

    def test_admin_of_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        admin = self._new_user(
            "pool_other_admin",
            "field_base.field_base_group_admin",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self._sees(admin))
        self.assertFalse(self.env["field.lead.claim"].with_user(admin).search([]))
