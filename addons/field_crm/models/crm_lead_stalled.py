from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """Deals that stand still: no change of stage for as long as Odoo's stage says, or no verified
    contact with the customer for as long as ours says."""

    _inherit = "crm.lead"

    field_last_contact_at = fields.Datetime(
        "Last verified contact",
        compute="_compute_field_last_contact_at",
        help="The latest verified visit, meeting that has begun, or activity done at this deal.",
    )
    field_silent_days = fields.Integer(
        "Days without contact", compute="_compute_field_stalled", aggregator=None
    )
    field_is_stalled = fields.Boolean(
        "Stalled", compute="_compute_field_stalled", search="_search_field_is_stalled"
    )
    field_coach_note_ids = fields.One2many("field.coach.note", "lead_id", "Coach notes")

    @api.model
    def _field_get_contacts(self, leads):
        """Hook: when a deal's customer was last really talked to, by source.

        :return: list of ``{lead id: datetime}``; a module that knows of contacts adds its own
        """
        now = self.env.cr.now()
        meetings = (
            self.env["calendar.event"]
            .sudo()
            ._read_group(
                [("opportunity_id", "in", leads.ids), ("start", "<=", now)],
                ["opportunity_id"],
                ["start:max"],
            )
        )
        done = (
            self.env["mail.message"]
            .sudo()
            ._read_group(
                [
                    ("model", "=", "crm.lead"),
                    ("res_id", "in", leads.ids),
                    ("mail_activity_type_id.category", "in", ("phonecall", "meeting")),
                ],
                ["res_id"],
                ["date:max"],
            )
        )
        return [
            {lead.id: at for lead, at in meetings},
            dict(done),
            leads._field_get_last_visits(),
        ]

    def _compute_field_last_contact_at(self):
        found = self._field_get_contacts(self)
        for lead in self:
            moments = [source[lead.id] for source in found if source.get(lead.id)]
            lead.field_last_contact_at = max(moments, default=False)

    @api.depends("stage_id", "won_status", "type", "date_last_stage_update")
    def _compute_field_stalled(self):
        now = self.env.cr.now()
        for lead in self:
            since = lead.field_last_contact_at or lead.create_date or now
            lead.field_silent_days = max(0, (now - since).days)
            limit = lead.stage_id.field_silent_days
            is_open = lead.type == "opportunity" and lead.won_status == "pending" and lead.active
            silent = bool(limit) and lead.field_silent_days >= limit
            lead.field_is_stalled = is_open and (silent or lead.is_rotting)

    def _search_field_is_stalled(self, operator, value):
        if operator != "in":
            return NotImplemented
        is_open = Domain([("type", "=", "opportunity"), ("won_status", "=", "pending")])
        return is_open & (Domain("is_rotting", "=", True) | self._get_silent_domain())

    def _get_silent_domain(self):
        """Deals whose last contact is older than their stage allows, stage by stage."""
        domain, now = Domain.FALSE, self.env.cr.now()
        for stage in self.env["crm.stage"].sudo().search([("field_silent_days", ">", 0)]):
            limit = now - timedelta(days=stage.field_silent_days)
            old = self.search(
                [
                    ("stage_id", "=", stage.id),
                    ("won_status", "=", "pending"),
                    ("type", "=", "opportunity"),
                    ("create_date", "<=", limit),
                ]
            )
            silent = old.filtered(
                lambda lead, limit=limit: (lead.field_last_contact_at or lead.create_date) <= limit
            )
            domain |= Domain("id", "in", silent.ids)
        return domain

    def action_field_coach(self, kind="note"):
        """Open the dialog for a coach note.

        :param str kind: what the leader wants to do, see `field.coach.note`
        """
        self.ensure_one()
        self.check_access("read")
        kind = self.env.context.get("field_coach_kind", kind)
        names = dict(self.env["field.coach.note"]._fields["kind"]._description_selection(self.env))
        return self._field_dialog_action(
            "field.coach.note",
            names.get(kind, self.env._("Coach Note")),
            default_lead_id=self.id,
            default_kind=kind,
        )
