from statistics import median

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.forecast import expected_delay

YEARS = 2
_PAID = """
    SELECT COALESCE(partner.commercial_partner_id, item.partner_id),
           array_agg(matched.max_date - item.date_maturity ORDER BY matched.max_date DESC)
      FROM account_partial_reconcile matched
      JOIN account_move_line item ON item.id = matched.debit_move_id
      JOIN account_account account ON account.id = item.account_id
      JOIN account_move move ON move.id = item.move_id
      JOIN account_move_line payment ON payment.id = matched.credit_move_id
      JOIN account_move paid_by ON paid_by.id = payment.move_id
      JOIN res_partner partner ON partner.id = item.partner_id
     WHERE matched.company_id = %(company)s AND matched.max_date >= %(begin)s
       AND account.account_type = 'asset_receivable' AND item.date_maturity IS NOT NULL
       AND move.move_type IN ('out_invoice', 'out_receipt') AND paid_by.move_type = 'entry'
     GROUP BY 1
"""


class FieldPaymentHabit(models.AbstractModel):
    """How late customers pay, from what they paid in the last two years."""

    _name = "field.payment.habit"
    _description = "Payment Habit"

    @api.model
    def _get_delays(self, partners):
        """Days after the due date each customer is expected to pay, in one query.

        :return: ``{partner id: days}``
        """
        if not partners:
            return {}
        for model in ("account.partial.reconcile", "account.move.line", "account.move"):
            self.env[model].flush_model()
        begin = fields.Date.subtract(fields.Date.context_today(self), years=YEARS)
        rows = self.env.execute_query(SQL(_PAID, company=self.env.company.id, begin=begin))
        paid = dict(rows)
        usual = median([delay for delays in paid.values() for delay in delays] or [0])
        return {
            partner.id: expected_delay(paid.get(partner.commercial_partner_id.id, ()), usual)
            for partner in partners.sudo()
        }
