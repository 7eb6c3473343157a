"""Why somebody got a lead: kept as facts, told in the words of whoever reads it."""

from odoo import api, fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _get_assignment_facts(self, chosen, lead, given_up):
        """What spoke for a candidate, the most telling first: ``[code, value, its name then]``."""
        segment, region = lead.field_segment_id, lead.field_region_id
        facts = [["level", chosen.seller._get_level(), None]]
        if segment:
            facts.append(["segment", segment.id, segment.name])
        if region and "region" not in given_up:
            facts.append(["region", region.id, region.name])
        if lead.lang_id and chosen.seller.lang_ids and "language" not in given_up:
            facts.append(["language", lead.lang_id.id, lead.lang_id.name])
        facts.append(["given", chosen.given, None])
        if given_up:
            facts.append(["given_up", None, None])
        return facts


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_assigned_facts = fields.Json("Facts of the Assignment", readonly=True, copy=False)
    field_assigned_why = fields.Char(
        "Why It Was Assigned", compute="_compute_field_assigned_why", compute_sudo=True
    )

    @api.depends("field_assigned_facts")
    @api.depends_context("lang")
    def _compute_field_assigned_why(self):
        for lead in self:
            lines = [self._describe_fact(*fact) for fact in lead.field_assigned_facts or ()]
            lead.field_assigned_why = ", ".join(lines) or False

    @api.model
    def _describe_fact(self, code, value, name):
        """One reason in the reader's language; what is gone keeps the name it had."""
        if code == "level":
            levels = self.env["field.lead.seller"]._fields["level"]._description_selection(self.env)
            return self.env._("experience: %(level)s", level=dict(levels).get(value, value))
        if code == "segment":
            name = self._get_fact_name("field.lead.segment", value, name)
            return self.env._("segment: %(name)s", name=name)
        if code == "region":
            name = self._get_fact_name("field.lead.region", value, name)
            return self.env._("region: %(name)s", name=name)
        if code == "language":
            name = self._get_fact_name("res.lang", value, name)
            return self.env._("language: %(name)s", name=name)
        if code == "given":
            return self.env._("leads in the last 24 hours: %(count)s", count=value)
        return self.env._("nobody fitted better")

    @api.model
    def _get_fact_name(self, model, record_id, name):
        return self.env[model].browse(record_id).exists().name or name
