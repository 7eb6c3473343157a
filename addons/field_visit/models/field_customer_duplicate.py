"""Customers that are there twice: found by night, looked at by a leader, merged or kept apart."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.same_pairs import find_pairs
from .res_partner import FIELD_GROUPS


class FieldCustomerDuplicate(models.Model):
    _name = "field.customer.duplicate"
    _description = "Customers that may be the same"
    _order = "rank, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Newer", readonly=True, index=True, ondelete="cascade"
    )
    other_id = fields.Many2one(
        "res.partner", "Older card", readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    reasons = fields.Json(readonly=True)
    rank = fields.Integer(readonly=True, aggregator=None, help="The surest first.")
    why = fields.Char("Because", compute="_compute_why")
    partner_card = fields.Text("Card of the newer", compute="_compute_cards")
    other_card = fields.Text("Card of the older", compute="_compute_cards")
    state = fields.Selection(
        [("review", "To look at"), ("merged", "Merged"), ("distinct", "Not the same")],
        default="review",
        required=True,
        readonly=True,
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="set null")
    decided_at = fields.Datetime("Decided on", readonly=True)
    merged_name = fields.Char("Merged", readonly=True)

    _two_cards = models.Constraint(
        "CHECK(partner_id IS NULL OR partner_id != other_id)", "A customer is no twin of himself."
    )
    # customers that companies share come up in each of them
    _pair_uniq = models.UniqueIndex(
        "(partner_id, other_id, company_id)", "This pair is already there."
    )

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_why(self):
        words = {
            "vat": self.env._("same tax number"),
            "phone": self.env._("same phone"),
            "name": self.env._("same name"),
            "place": self.env._("next to each other, similar name"),
        }
        for pair in self:
            pair.why = ", ".join(words[reason] for reason in pair.reasons or ())

    @api.depends("partner_id", "other_id")
    def _compute_cards(self):
        for pair in self:
            pair.partner_card = pair._describe(pair.partner_id)
            pair.other_card = pair._describe(pair.other_id)

    def _describe(self, partner):
        """What tells the two apart, a line each."""
        known = partner.sudo()
        address = known._display_address(without_company=True).splitlines()
        lines = [
            ", ".join(line.strip() for line in address if line.strip()),
            known.phone,
            known.vat,
            known.user_id.name,
            self.env._("%(count)s visits", count=known.field_visit_count),
        ]
        return "\n".join(line for line in lines if line)

    # ---------------------------------------------------------------- found

    @api.model
    def _cron_find(self):
        """Look at the customers of each company; what is found already is not written again."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            self.with_company(company)._find()
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _find(self):
        company = self.env.company
        pairs = find_pairs(self._read_cards(company))
        ids = {one for pair in pairs for one in pair}
        known = self.search(
            Domain("company_id", "=", company.id)
            & (Domain("partner_id", "in", list(ids)) | Domain("state", "=", "review"))
        )
        there = {(pair.other_id.id, pair.partner_id.id): pair for pair in known}
        for key, pair in there.items():
            if pair.state == "review" and key not in pairs:
                pair.unlink()  # somebody has put the card right
        self.create(
            [
                self._prepare_pair(company, key, why)
                for key, why in pairs.items()
                if key not in there
            ]
        )

    @api.model
    def _read_cards(self, company):
        """Cards of those somebody may visit: customers, not their contacts, not our own people."""
        domain = Domain("parent_id", "=", False) & Domain("partner_share", "=", True)
        domain &= Domain("company_id", "in", (False, company.id))
        domain &= Domain("user_id", "!=", False) | Domain("field_last_visit_date", "!=", False)
        names = ["name", "phone", "vat", "partner_latitude", "partner_longitude"]
        partners = self.env["res.partner"].search_fetch(domain, names)
        return [
            {
                "id": partner.id,
                **{name: partner[name] or "" for name in names[:3]},
                "place": partner._field_position(),
            }
            for partner in partners
        ]

    @api.model
    def _prepare_pair(self, company, key, why):
        older, newer = key
        return {
            "partner_id": newer,
            "other_id": older,
            "company_id": company.id,
            "reasons": why,
            "rank": ("vat", "phone", "name", "place").index(why[0]),
        }

    # ---------------------------------------------------------------- decided

    def action_merge(self):
        """Make one customer of each pair: the older card stays, with all that belonged to either.

        :raises AccessError: for those who lead nobody
        :raises UserError: decided already, or Odoo refuses to merge these cards
        """
        self._check_may_decide()
        for pair in self:
            if pair.state != "review" or not (pair.partner_id and pair.other_id):
                raise UserError(self.env._("This pair has been decided already."))
            pair._merge()
        return True

    def _merge(self):
        kept, gone = self.other_id, self.partner_id
        words = self.env._("Merged with %(name)s, which is gone.", name=gone.display_name)
        known = self.sudo()
        known._decide("merged")
        known.merged_name = gone.display_name
        # the row is kept, the card it named is not
        known.partner_id = False
        known.flush_recordset()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((kept | gone).ids, kept.sudo())
        kept.sudo().message_post(body=words, author_id=self.env.user.partner_id.id)

    def action_distinct(self):
        """They are two; the pair does not come up again."""
        self._check_may_decide()
        self.sudo()._decide("distinct")
        return True

    def _check_may_decide(self):
        self.check_access("read")
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("Only a leader decides whether two customers are one."))

    def _decide(self, state):
        self.write(
            {"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_is_doubtful = fields.Boolean(
        "Perhaps there twice",
        compute="_compute_field_is_doubtful",
        search="_search_field_is_doubtful",
        groups=FIELD_GROUPS,
    )

    def _compute_field_is_doubtful(self):
        found = self.search(Domain("id", "in", self.ids) & Domain("field_is_doubtful", "=", True))
        for partner in self:
            partner.field_is_doubtful = partner in found

    @api.model
    def _search_field_is_doubtful(self, operator, value):
        if operator != "in":
            return NotImplemented
        pairs = self.env["field.customer.duplicate"].sudo().search([("state", "=", "review")])
        found = Domain("id", "in", (pairs.partner_id | pairs.other_id).ids)
        if set(value) == {True, False}:
            return Domain.TRUE
        return found if True in value else ~found
