"""Counts of the funnel per month of entry, kept for companies with very many deals.

Most months of three years rest: their deals are won or lost and nobody touches them. Those are
counted once; a change of a deal marks the month it is counted in, and marked months are counted
from the deals themselves until the job has counted them anew. So the figures are always exact.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

PARAMETER = "field_crm.funnel_counts"  # "off", "armed": changes are marked, "on": counts are read
MANY_DEALS = 100_000
WATCHED = {"type", "field_entered_on", "field_top_stage_id", "stage_id", "won_status"}
WATCHED |= {"team_id", "company_id", "expected_revenue", "lost_reason_id"}
_COUNT = """
    INSERT INTO field_funnel_month (month, company_id, team_id, top_stage_id, stage_id, won_status,
                                    lost_reason_id, deals, amount)
    SELECT date_trunc('month', field_entered_on)::date, company_id, team_id, field_top_stage_id,
           stage_id, won_status, lost_reason_id, count(*), COALESCE(sum(expected_revenue), 0)
      FROM crm_lead
     WHERE type = 'opportunity' AND field_entered_on >= %s AND field_entered_on < %s
     GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


class FieldFunnelMonth(models.Model):
    _name = "field.funnel.month"
    _description = "Counts of the Funnel"
    _log_access = False

    month = fields.Date(readonly=True, required=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="set null")
    team_id = fields.Many2one("crm.team", readonly=True, ondelete="set null")
    top_stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="set null")
    stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="set null")
    won_status = fields.Char(readonly=True)
    lost_reason_id = fields.Many2one("crm.lost.reason", readonly=True, ondelete="set null")
    deals = fields.Integer(readonly=True)
    amount = fields.Float(readonly=True)

    @api.model
    def _cron_count(self):
        """Count anew what changed; begins by itself when there are very many deals, in two steps:
        what is going on while changes begin to be marked must not be missed."""
        parameters = self.env["ir.config_parameter"].sudo()
        state = parameters.get_param(PARAMETER, "off")
        if state == "off":
            if self._estimate_deals() >= MANY_DEALS:
                parameters.set_param(PARAMETER, "armed")
            return
        if state == "armed":
            self._count_all()
            parameters.set_param(PARAMETER, "on")
            return
        self._count_marked()

    @api.model
    def _estimate_deals(self):
        query = SQL("SELECT reltuples FROM pg_class WHERE oid = 'crm_lead'::regclass")
        return self.env.execute_query(query)[0][0]

    @api.model
    def _count_all(self):
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM field_funnel_mark; DELETE FROM field_funnel_month"))
        self.env.cr.execute(SQL(_COUNT, "-infinity", "infinity"))

    @api.model
    def _count_marked(self):
        """A month at a time. A change that commits meanwhile keeps its own mark, for it cannot be
        seen, and so not be taken away, from here."""
        Cron, Mark = self.env["ir.cron"], self.env["field.funnel.mark"]
        months = Mark._get_months()
        Cron._commit_progress(remaining=len(months))
        for month in sorted(months):
            self.env.flush_all()
            self.env.cr.execute(SQL("DELETE FROM field_funnel_mark WHERE month = %s", month))
            self.env.cr.execute(SQL("DELETE FROM field_funnel_month WHERE month = %s", month))
            self.env.cr.execute(SQL(_COUNT, month, fields.Date.add(month, months=1)))
            if not Cron._commit_progress(1):
                break


class FieldFunnelMark(models.Model):
    """A month one of whose deals changed; rows are only added, so that nobody waits for another."""

    _name = "field.funnel.mark"
    _description = "Month to Count Anew"
    _log_access = False

    month = fields.Date(readonly=True, required=True, index=True)

    @api.model
    def _get_months(self):
        rows = self.env.execute_query(SQL("SELECT DISTINCT month FROM field_funnel_mark"))
        return {month for (month,) in rows}

    @api.model
    def _is_on(self):
        return self.env["ir.config_parameter"].sudo().get_param(PARAMETER, "off") != "off"

    @api.model
    def _add(self, ids):
        """Mark the months in which these leads are counted, as the table has them now."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO field_funnel_mark (month)
                   SELECT DISTINCT date_trunc('month', field_entered_on)::date FROM crm_lead l
                    WHERE id = ANY(%s) AND field_entered_on IS NOT NULL AND NOT EXISTS (
                      SELECT FROM field_funnel_mark m
                       WHERE m.month = date_trunc('month', l.field_entered_on)::date)""",
                list(ids),
            )
        )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        Mark = self.env["field.funnel.mark"]
        if Mark._is_on():
            leads.flush_recordset(["field_entered_on", "type"])
            Mark._add(leads.ids)
        return leads

    def _write_multi(self, vals_list):
        Mark = self.env["field.funnel.mark"]
        if not Mark._is_on() or not any(vals.keys() & WATCHED for vals in vals_list):
            return super()._write_multi(vals_list)
        ids = [i for i, vals in zip(self._ids, vals_list, strict=True) if vals.keys() & WATCHED]
        Mark._add(ids)
        result = super()._write_multi(vals_list)
        if any("field_entered_on" in vals for vals in vals_list):
            Mark._add(ids)
        return result

    def unlink(self):
        Mark = self.env["field.funnel.mark"]
        if Mark._is_on():
            Mark._add(self.ids)
        return super().unlink()


class FieldFunnel(models.AbstractModel):
    _inherit = "field.funnel"

    @api.model
    def _read_groups(self, filters, domain, with_reason):
        """Whole months nobody touched from what was counted, all else from the deals."""
        months = self._get_counted_months(filters)
        if not months:
            return super()._read_groups(filters, domain, with_reason)
        rows = self._read_counted(filters, months)
        rest = self._get_spans_without(filters, months)
        if rest:
            days = Domain.OR(
                Domain("field_entered_on", ">=", first) & Domain("field_entered_on", "<=", last)
                for first, last in rest
            )
            rows += super()._read_groups(filters, domain & days, with_reason)
        return rows

    @api.model
    def _get_counted_months(self, filters):
        state = self.env["ir.config_parameter"].sudo().get_param(PARAMETER, "off")
        if state != "on" or self._get_people(filters) is not None:
            return []
        self.env["crm.lead"].flush_model()  # what this transaction changed is marked then
        marked = self.env["field.funnel.mark"]._get_months()
        first, last = filters["date_from"], filters["date_to"]
        month = first if first.day == 1 else fields.Date.add(first, months=1, day=1)
        found = []
        while (following := fields.Date.add(month, months=1)) <= last + timedelta(days=1):
            if month not in marked:
                found.append(month)
            month = following
        return found

    @api.model
    def _get_spans_without(self, filters, months):
        """:returns: ``[(first day, last day)]`` of what the months leave over"""
        spans, day = [], filters["date_from"]
        for month in months:
            if day < month:
                spans.append((day, month - timedelta(days=1)))
            day = fields.Date.add(month, months=1)
        return [*spans, (day, filters["date_to"])] if day <= filters["date_to"] else spans

    @api.model
    def _read_counted(self, filters, months):
        team = SQL("AND team_id = %s", filters["team_id"]) if filters["team_id"] else SQL()
        query = SQL(
            """SELECT month, top_stage_id, stage_id, won_status, lost_reason_id, sum(deals),
                      sum(amount)
                 FROM field_funnel_month
                WHERE month = ANY(%s) AND (company_id = %s OR company_id IS NULL) %s
                GROUP BY month, top_stage_id, stage_id, won_status, lost_reason_id""",
            months,
            self.env.company.id,
            team,
        )
        return [
            (month, top or False, stage or False, status or False, reason or False, deals, amount)
            for month, top, stage, status, reason, deals, amount in self.env.execute_query(query)
        ]
