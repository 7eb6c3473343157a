from odoo import models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class FieldStageGate(models.Model):
    """What each kind of condition looks at, and where it is put right.

    A module adds a kind with `selection_add` on ``kind``, the method ``_get_lacking_<kind>`` and,
    if there is a better place than the form of the deal, ``_get_fix_<kind>``.
    """

    _inherit = "field.stage.gate"

    def _get_lacking(self, leads, since=None):
        """The deals that do not meet this condition now.

        :param leads: `crm.lead` (sudo)
        :param since: ``{lead id: datetime}``, for evidence that must be newer
        """
        self.ensure_one()
        return getattr(self, f"_get_lacking_{self.kind}")(leads, since or {})

    def _holds_for(self, leads):
        """The deals this condition is about: company, team, amount, not in their grace time."""
        today = self.env.cr.now().date()
        is_grace = bool(self.grace_until and self.on_since and today <= self.grace_until)

        def holds(lead):
            if self.company_id and lead.company_id and lead.company_id != self.company_id:
                return False
            if self.team_ids and lead.team_id not in self.team_ids:
                return False
            if self.amount_from and lead.expected_revenue < self.amount_from:
                return False
            return not (is_grace and lead.create_date and lead.create_date < self.on_since)

        return leads.filtered(holds)

    # --- kinds -----------------------------------------------------------------------------

    def _get_lacking_field(self, leads, since):
        name = self.sudo().field_id.name
        return leads.filtered(lambda lead: not lead[name])

    def _get_lacking_attachment(self, leads, since):
        groups = (
            self.env["ir.attachment"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "in", leads.ids),
                    ("field_category_id", "=", self.category_id.id),
                ],
                ["res_id"],
                ["create_date:max"],
            )
        )
        return self._lacking_since(leads, dict(groups), since)

    def _get_lacking_contact(self, leads, since):
        rows = (
            self.env["field.lead.contact"]
            .sudo()
            .search([("lead_id", "in", leads.ids), ("role_id", "=", self.role_id.id)])
        )
        return leads - rows.lead_id

    def _get_lacking_quotation(self, leads, since):
        states = ("sale",) if self.quotation_state == "sale" else ("sent", "sale")
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("opportunity_id", "in", leads.ids), ("state", "in", states)],
                ["opportunity_id"],
                ["create_date:max"],
            )
        )
        return self._lacking_since(leads, {lead.id: at for lead, at in groups}, since)

    def _get_lacking_visits(self, leads, since):
        counts = leads._field_count_verified_visits(since if self.is_fresh else {})
        return leads.filtered(lambda lead: counts.get(lead.id, 0) < self.visit_count)

    def _get_lacking_activity(self, leads, since):
        # Odoo turns an activity that is done into a message of its type.
        groups = (
            self.env["mail.message"]
            .sudo()
            ._read_group(
                [
                    ("model", "=", "crm.lead"),
                    ("res_id", "in", leads.ids),
                    ("mail_activity_type_id", "=", self.activity_type_id.id),
                ],
                ["res_id"],
                ["date:max"],
            )
        )
        return self._lacking_since(leads, dict(groups), since)

    def _get_lacking_domain(self, leads, since):
        # sudo, like the other kinds: what is asked for does not depend on who asks
        return leads - leads.filtered_domain(self._get_domain())

    def _get_domain(self):
        return Domain(safe_eval(self.domain or "[]", {"uid": self.env.uid}))

    def _lacking_since(self, leads, found, since):
        """:param found: ``{lead id: date of the newest evidence}``"""
        return leads.filtered(
            lambda lead: (
                lead.id not in found
                or bool(self.is_fresh and lead.id in since and found[lead.id] < since[lead.id])
            )
        )

    # --- the button beside what is missing --------------------------------------------------

    def get_fix_action(self, lead_id):
        """Where a person can put right what this condition asks of a deal.

        :param int lead_id: the deal; it is read with the rights of the person
        :return: an action for the web client
        """
        self.ensure_one()
        gate = self.sudo()
        lead = self.env["crm.lead"].browse(lead_id)
        lead.check_access("read")
        build = getattr(gate, f"_get_fix_{gate.kind}", None)
        return build(lead) if build else lead._field_form_action()

    def _get_fix_attachment(self, lead):
        return lead._field_add_document_action(self.category_id)

    def _get_fix_contact(self, lead):
        return lead._field_dialog_action(
            "field.lead.contact",
            self.env._("Who is it?"),
            default_lead_id=lead.id,
            default_role_id=self.role_id.id,
        )

    def _get_fix_quotation(self, lead):
        return lead.action_view_sale_quotation()

    def _get_fix_visits(self, lead):
        return lead._field_plan_visit_action()

    def _get_fix_activity(self, lead):
        return lead._field_dialog_action(
            "mail.activity",
            self.env._("Schedule Activity"),
            default_res_model="crm.lead",
            default_res_id=lead.id,
            default_activity_type_id=self.activity_type_id.id,
        )
