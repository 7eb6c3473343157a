"""How healthy the pools are, and what the channels bring in."""

from odoo import fields, models
from odoo.tools import SQL


class FieldLeadHoldingReport(models.Model):
    """One row for each time somebody held a lead: how old it was, how fast he reached the customer,
    what came of it."""

    _name = "field.lead.holding.report"
    _description = "Pool Health"
    _auto = False
    _order = "claimed_at desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", readonly=True)
    pool_id = fields.Many2one("field.lead.pool", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    level = fields.Selection(
        [("1", "Newcomer"), ("2", "Regular"), ("3", "Senior")], "Experience", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    claimed_at = fields.Datetime("Taken at", readonly=True)
    outcome = fields.Selection(
        [
            ("held", "Held"),
            ("return", "Returned"),
            ("recycle", "Recycled"),
            ("passed", "Passed on"),
        ],
        readonly=True,
    )
    age_days = fields.Float("Age When Taken (days)", readonly=True, aggregator="avg")
    held_days = fields.Float("Held (days)", readonly=True, aggregator="avg")
    contact_hours = fields.Float("Hours to Contact", readonly=True, aggregator="avg")
    converted = fields.Float("Became Opportunities", readonly=True, aggregator="avg")
    won = fields.Float(readonly=True, aggregator="avg")
    recycled = fields.Float("Ran out of Time", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        self.env["field.lead.claim"].flush_model()
        self.env["crm.lead"].flush_model()
        self.env["field.lead.seller"].flush_model()
        return SQL(
            """SELECT h.id, h.lead_id, h.pool_id, h.user_id, h.company_id, l.source_id,
                      h.claimed_at, COALESCE(s.level, '2') AS level,
                      CASE WHEN h.end_event IN ('return', 'recycle') THEN h.end_event
                           WHEN h.end_event IS NOT NULL THEN 'passed' ELSE 'held' END AS outcome,
                      %(day)s FROM (h.claimed_at - l.create_date)) / 86400 AS age_days,
                      %(day)s FROM (COALESCE(h.end_at, now() AT TIME ZONE 'UTC') - h.claimed_at))
                        / 86400 AS held_days,
                      %(day)s FROM (COALESCE(h.end_contact,
                        CASE WHEN h.end_event IS NULL THEN l.field_contact_at END) - h.claimed_at))
                        / 3600 AS contact_hours,
                      COALESCE(l.date_conversion >= h.claimed_at
                        AND (h.end_at IS NULL OR l.date_conversion <= h.end_at), FALSE)::int::float8
                        AS converted,
                      (h.end_event IS NULL AND l.won_status = 'won')::int::float8 AS won,
                      (COALESCE(h.end_event, '') = 'recycle')::int::float8 AS recycled
                 FROM (SELECT c.*, lead(c.event) OVER w AS end_event,
                              lead(c.claimed_at) OVER w AS end_at,
                              lead(c.contact_at) OVER w AS end_contact
                         FROM field_lead_claim c
                       WINDOW w AS (PARTITION BY c.lead_id ORDER BY c.claimed_at, c.id)) h
                 JOIN crm_lead l ON l.id = h.lead_id
                 LEFT JOIN field_lead_seller s
                   ON s.user_id = h.user_id AND s.company_id = h.company_id
                WHERE h.event IN ('claim', 'assign')""",
            day=SQL("EXTRACT(epoch"),
        )


class FieldLeadChannelReport(models.Model):
    """What leads of a channel and month cost and brought in until now.

    A row per month in which the leads came: young leads do not spoil an old channel. Collected
    margin: what was paid of the invoices, less the cost price of what they contain.
    """

    _name = "field.lead.channel.report"
    _description = "Return on Channels"
    _auto = False
    _order = "month desc, source_id"
    _rec_name = "source_id"

    month = fields.Date(readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    lead_count = fields.Integer("Leads", readonly=True)
    valid_count = fields.Integer("Reached", readonly=True)
    opportunity_count = fields.Integer("Opportunities", readonly=True)
    won_count = fields.Integer("Won", readonly=True)
    collected = fields.Monetary(readonly=True)
    margin = fields.Monetary("Collected Margin", readonly=True)
    cost = fields.Monetary(readonly=True)
    roi = fields.Float("Return (%)", readonly=True, aggregator=None, digits=(16, 1))
    cost_share = fields.Float(
        "Cost per Unit Collected", readonly=True, aggregator=None, digits=(16, 2)
    )

    @property
    def _table_query(self):
        for name in ("crm.lead", "field.lead.cost", "sale.order", "account.move"):
            self.env[name].flush_model()
        self.env["account.move.line"].flush_model()
        return SQL(
            """WITH money AS (
                SELECT o.opportunity_id AS lead_id, sum(-i.balance * p.share) AS collected,
                       sum((-i.balance - sign(-i.balance) * abs(i.quantity) * COALESCE(
                            (pp.standard_price ->> o.company_id::text)::numeric, 0)) * p.share)
                            AS margin
                  FROM sale_order o
                  JOIN sale_order_line l ON l.order_id = o.id
                  JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                  JOIN account_move_line i ON i.id = r.invoice_line_id
                  JOIN account_move m ON m.id = i.move_id AND m.state = 'posted'
                  LEFT JOIN product_product pp ON pp.id = i.product_id
                 CROSS JOIN LATERAL (SELECT CASE WHEN m.amount_total = 0 THEN 0
                    ELSE 1 - abs(m.amount_residual) / abs(m.amount_total) END AS share) AS p
                 WHERE o.opportunity_id IS NOT NULL
                 GROUP BY o.opportunity_id),
              rows AS (
                SELECT date_trunc('month', l.create_date)::date AS month, l.source_id, l.medium_id,
                       l.campaign_id, l.company_id, 1 AS leads,
                       (l.field_contact_at IS NOT NULL OR l.date_conversion IS NOT NULL)::int
                            AS valid,
                       (l.type = 'opportunity')::int AS opportunities,
                       (l.won_status = 'won')::int AS won, COALESCE(m.collected, 0) AS collected,
                       COALESCE(m.margin, 0) AS margin, 0 AS cost
                  FROM crm_lead l LEFT JOIN money m ON m.lead_id = l.id
                 WHERE l.source_id IS NOT NULL AND l.field_merged_into_id IS NULL
                 UNION ALL
                SELECT month, source_id, medium_id, campaign_id, company_id, 0, 0, 0, 0, 0, 0,
                       amount FROM field_lead_cost)
              SELECT min(row_number) AS id, month, source_id, medium_id, campaign_id, company_id,
                     (SELECT currency_id FROM res_company c WHERE c.id = n.company_id)
                        AS currency_id,
                     sum(leads)::int AS lead_count, sum(valid)::int AS valid_count,
                     sum(opportunities)::int AS opportunity_count, sum(won)::int AS won_count,
                     sum(collected) AS collected, sum(margin) AS margin, sum(cost) AS cost,
                     CASE WHEN sum(cost) > 0
                          THEN 100 * (sum(margin) - sum(cost)) / sum(cost) END AS roi,
                     CASE WHEN sum(collected) > 0
                          THEN sum(cost) / sum(collected) END AS cost_share
                FROM (SELECT rows.*, row_number() OVER (
                        ORDER BY month, source_id, medium_id, campaign_id, company_id)
                        AS row_number FROM rows) AS n
               GROUP BY month, source_id, medium_id, campaign_id, company_id"""
        )
