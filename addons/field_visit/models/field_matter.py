"""What is open with customers, and what was: their activities as rows that leaders can count.

Activities themselves are shown only to who may write on the customer or has them to do; a leader
and a colleague who visits the customer are to see them, too.
"""

from odoo import fields, models
from odoo.tools import SQL

AGES = [("1", "Up to a week"), ("2", "Up to a month"), ("3", "Up to three months"), ("4", "Older")]


class FieldMatter(models.Model):
    _name = "field.matter"
    _description = "Matter of a Customer"
    _auto = False
    _order = "opened_on, id"

    name = fields.Char("What", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Who", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    activity_type_id = fields.Many2one("mail.activity.type", "Kind", readonly=True)
    visit_id = fields.Many2one("field.visit", "From the visit", readonly=True)
    channel = fields.Selection([("call", "Call"), ("mail", "Mail")], "Noted as", readonly=True)
    result_id = fields.Many2one("field.visit.reason", readonly=True)
    state = fields.Selection([("open", "Open"), ("done", "Done")], readonly=True)
    opened_on = fields.Date("Since", readonly=True)
    date_deadline = fields.Date("Until", readonly=True)
    date_done = fields.Date("Done on", readonly=True)
    feedback = fields.Text("Said", readonly=True)
    age_days = fields.Integer("Age (days)", readonly=True, aggregator="avg")
    late_days = fields.Integer("Late (days)", readonly=True, aggregator="max")
    age_group = fields.Selection(AGES, "Age", readonly=True)

    @property
    def _table_query(self):
        for model in ("mail.activity", "res.partner", "mail.activity.type"):
            self.env[model].flush_model()
        return SQL(
            """SELECT act.*, CASE WHEN act.age_days <= 7 THEN '1' WHEN act.age_days <= 31 THEN '2'
                                  WHEN act.age_days <= 92 THEN '3' ELSE '4' END AS age_group
                 FROM (SELECT a.id, a.res_id AS partner_id, a.user_id, p.company_id,
                              a.activity_type_id, a.field_visit_id AS visit_id,
                              a.field_result_id AS result_id, a.field_channel AS channel,
                              a.date_deadline, a.date_done, a.feedback,
                              a.create_date::date AS opened_on,
                              COALESCE(NULLIF(a.summary, ''), kind.name ->> %(lang)s,
                                       kind.name ->> 'en_US') AS name,
                              CASE WHEN a.active THEN 'open' ELSE 'done' END AS state,
                              %(until)s - a.create_date::date AS age_days,
                              GREATEST(0, %(until)s - a.date_deadline) AS late_days
                         FROM mail_activity a
                         JOIN res_partner p ON p.id = a.res_id
                    LEFT JOIN mail_activity_type kind ON kind.id = a.activity_type_id
                        WHERE a.res_model = 'res.partner') act""",
            lang=self.env.lang or "en_US",
            until=SQL("(CASE WHEN a.active THEN %s ELSE a.date_done END)", fields.Date.today()),
        )

    def action_open(self):
        """The customer with what is open there."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.display_name,
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
