"""Collection: what the customer has given or promised, as a note. Nothing is booked here."""

from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import is_number

_MOST = 1e12


class FieldVisit(models.Model):
    _inherit = "field.visit"

    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_received = fields.Monetary("Received", compute="_compute_money", store=True)
    amount_promised = fields.Monetary("Promised", compute="_compute_money", store=True)

    @api.depends("step_ids.amount_received", "step_ids.amount_promised", "step_ids.state")
    def _compute_money(self):
        """What the customer gave and promised in all collections of the visit."""
        for visit in self:
            done = visit.step_ids.filtered(lambda s: s.kind == "collection" and s.state == "done")
            visit.amount_received = sum(done.mapped("amount_received"))
            visit.amount_promised = sum(done.mapped("amount_promised"))


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    currency_id = fields.Many2one(related="visit_id.company_id.currency_id")
    amount_received = fields.Monetary("Received")
    amount_promised = fields.Monetary("Promised")
    promised_on = fields.Date("Promised for")
    overdue_amount = fields.Monetary("Overdue", compute="_compute_overdue")
    overdue_count = fields.Integer("Overdue invoices", compute="_compute_overdue")

    @api.model
    def _copy_from_procedure(self, visit):
        """New steps carry no money: nothing is added up for them."""
        sums = [visit._fields[name] for name in ("amount_received", "amount_promised")]
        with self.env.protecting(sums, visit):
            return super()._copy_from_procedure(visit)

    @api.depends("kind", "visit_id.partner_id")
    @api.depends_context("uid")
    def _compute_overdue(self):
        """What is overdue, for those who may read invoices; 0 without the accounting app."""
        asked = self.filtered(lambda step: step.kind == "collection")
        found = asked.visit_id.partner_id._get_overdue_invoices()
        for step in self:
            amount, count = found.get(step.visit_id.partner_id.id, (0.0, 0))
            step.overdue_amount = amount if step in asked else 0.0
            step.overdue_count = count if step in asked else 0

    def _do_done(self, *args, money=None, **kwargs):
        """A collection is done with an amount, received or promised.

        :param dict money: ``{"received"?, "promised"?, "on"?: "2026-11-30"}``
        :raise FieldRejected: amount_missing, amount_wrong
        """
        if self.kind != "collection" or self.state == "done":
            return super()._do_done(*args, **kwargs)
        self._check_can_answer(kwargs.get("at") or fields.Datetime.now())
        self._check_order()
        vals = self._read_money(money) if money is not None else self._get_typed_money()
        if not (vals["amount_received"] or vals["amount_promised"]):
            raise FieldRejected(
                "amount_missing",
                self.env._("%(step)s: how much was received or promised?", step=self.name),
            )
        result = super()._do_done(*args, **kwargs)
        self._with_evidence().write(vals)
        self._note_promise()
        return result

    def _get_typed_money(self):
        vals = {name: self[name] for name in ("amount_received", "amount_promised", "promised_on")}
        self._check_amounts(vals["amount_received"], vals["amount_promised"])
        return vals

    def _read_money(self, money):
        received, promised = money.get("received") or 0, money.get("promised") or 0
        self._check_amounts(received, promised)
        try:
            day = date.fromisoformat(money["on"]) if money.get("on") else False
        except (TypeError, ValueError):
            raise FieldRejected("amount_wrong", self.env._("This is no date.")) from None
        return {"amount_received": received, "amount_promised": promised, "promised_on": day}

    def _check_amounts(self, *amounts):
        if not all(is_number(amount) and 0 <= amount <= _MOST for amount in amounts):
            raise FieldRejected("amount_wrong", self.env._("An amount is a number of 0 or more."))

    def _retract(self):
        result = super()._retract()
        if self.amount_promised:
            domain = [("field_uuid", "=", self._get_promise_uuid())]
            self.env["mail.activity"].sudo().search(domain).unlink()  # what was kept stays kept
        return result

    def _forget(self):
        if self.amount_received or self.amount_promised:
            nothing = {"amount_received": 0, "amount_promised": 0, "promised_on": False}
            self._with_evidence().write(nothing)
        return super()._forget()

    def _get_promise_uuid(self):
        return f"pay-{self.id}"

    def _note_promise(self):
        """What was promised is an open matter of the customer, due on its day."""
        if not self.amount_promised:
            return
        name = self.env._(
            "Promised to pay %(amount)s", amount=self.currency_id.format(self.amount_promised)
        )
        visit = self.visit_id
        day = self.promised_on or visit.plan_date
        visit._add_followup(visit.partner_id, name, day, self._get_promise_uuid(), visit)

    def action_open_overdue(self):
        """The invoices that are overdue."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overdue invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": list(self.visit_id.partner_id._get_overdue_domain()),
        }

    def _get_report_answer(self):
        parts = [super()._get_report_answer()]
        if self.amount_received:
            amount = self.currency_id.format(self.amount_received)
            parts.append(self.env._("Received: %(amount)s", amount=amount))
        if self.amount_promised:
            amount = self.currency_id.format(self.amount_promised)
            parts.append(self.env._("Promised: %(amount)s", amount=amount))
        return "\n".join(filter(None, parts))


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_overdue_domain(self):
        today = fields.Date.context_today(self)
        late = Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
        late &= Domain("move_type", "in", ("out_invoice", "out_refund"))
        late &= Domain("state", "=", "posted") & Domain("invoice_date_due", "<", today)
        return late & Domain("payment_state", "in", ("not_paid", "partial"))

    def _get_overdue_invoices(self):
        """``{partner id: (amount in the company's currency, number)}`` as far as the reader may
        see invoices; empty without the accounting app."""
        if not self or "account.move" not in self.env:
            return {}
        Move = self.env["account.move"]
        if not Move.has_access("read"):
            return {}
        groups = Move._read_group(
            self._get_overdue_domain(),
            ["commercial_partner_id"],
            ["amount_residual_signed:sum", "__count"],
        )
        by_commercial = {partner.id: (amount, count) for partner, amount, count in groups}
        return {
            partner.id: by_commercial[partner.commercial_partner_id.id]
            for partner in self
            if partner.commercial_partner_id.id in by_commercial
        }
