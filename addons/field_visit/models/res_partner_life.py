"""Where a customer stands in his life with us, his people, and the history of his grade."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import FIELD_GROUPS

LIFE = [
    ("prospect", "Prospect"),
    ("active", "Active customer"),
    ("dormant", "Dormant"),
    ("lost", "Lost"),
    ("closed", "Closed"),
]
#: Without a grade a customer sleeps after so many days.
DORMANT_DAYS = 90
#: After so many days without a visit or an order a customer is lost.
LOST_DAYS = 365


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_channel_id = fields.Many2one(
        "field.channel", "Channel", index="btree_not_null", groups=FIELD_GROUPS, copy=False
    )
    field_co_owner_ids = fields.Many2many(
        "res.users",
        "field_partner_co_owner",
        "partner_id",
        "user_id",
        "Also looked after by",
        groups=FIELD_GROUPS,
        copy=False,
        help="They have the customer on their phones too. The salesperson stays the owner.",
    )
    field_life = fields.Selection(
        LIFE,
        "Life cycle",
        index="btree_not_null",
        copy=False,
        tracking=True,
        groups=FIELD_GROUPS,
        help="Follows visits and orders every night. “Closed” is set by hand and stays.",
    )
    field_prospect_ref = fields.Char(
        "Found as",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=FIELD_GROUPS,
        help="What the source of prospects calls it.",
    )
    field_grade_change_ids = fields.One2many(
        "field.grade.change", "partner_id", "History of the grade", groups=FIELD_GROUPS
    )

    @api.model
    def _field_visited_domain(self):
        """Whom machines send people to: no contact persons, nobody of us, nobody who has closed.

        A branch of a company is a customer, who works there is none.
        """
        place = Domain("parent_id", "=", False) | Domain("is_company", "=", True)
        return (
            (place | Domain("type", "=", "delivery"))
            & Domain("partner_share", "=", True)
            & Domain("field_life", "!=", "closed")
        )

    @api.model_create_multi
    def create(self, vals_list):
        """The history begins with the grade a customer comes with."""
        partners = super().create(vals_list)
        # who may not see grades creates contacts too
        graded = partners.sudo().filtered("field_grade_id")
        if graded:
            none = self.env["field.grade"]
            self.env["field.grade.change"].sudo()._note(dict.fromkeys(graded, none))
        return partners

    def write(self, vals):
        """A new grade leaves a line in the history."""
        if "field_grade_id" not in vals:
            return super().write(vals)
        before = {partner: partner.field_grade_id for partner in self}
        result = super().write(vals)
        changed = {p: old for p, old in before.items() if p.field_grade_id != old}
        self.env["field.grade.change"].sudo()._note(changed)
        return result

    # ---------------------------------------------------------------- life cycle

    @api.model
    def _cron_field_life(self, batch=1000):
        """Write the life cycle of those whose data say something else than their card."""
        cron = self.env["ir.cron"]
        while changed := self._field_find_changed_lives(batch):
            for life, ids in changed.items():
                self.sudo().browse(ids)._field_take_life(life)
            if not cron._commit_progress(sum(map(len, changed.values()))):
                break

    def _field_take_life(self, life):
        """Hook: what a new life brings with it."""
        self.write({"field_life": life})

    @api.model
    def _field_find_changed_lives(self, limit):
        """``{life: partner ids}`` of customers whose card is behind, at most ``limit``.

        Customers are contacts that somebody looks after or that were visited. Who never ordered
        stays a prospect where there are orders in the database; where there are none, the first
        visit makes him active.
        """
        self.env["res.partner"].flush_model()
        today = fields.Date.context_today(self)
        query = SQL(
            """
            SELECT life, array_agg(id) FROM (
                SELECT seen.id, seen.field_life, CASE
                    WHEN NOT seen.sold AND (%(orders_known)s OR seen.last IS NULL) THEN 'prospect'
                    WHEN %(today)s::date - seen.last > %(lost)s THEN 'lost'
                    WHEN %(today)s::date - seen.last
                         > COALESCE(2 * grade.allowed_days, %(dormant)s) THEN 'dormant'
                    ELSE 'active' END AS life
                  FROM (SELECT partner.id, partner.field_life, partner.field_grade_id,
                               GREATEST(partner.field_last_visit_date, sold.last) AS last,
                               sold.last IS NOT NULL AS sold
                          FROM res_partner partner
                          LEFT JOIN (%(sold)s) sold ON sold.partner_id = partner.id
                         WHERE partner.active AND partner.parent_id IS NULL
                           AND partner.partner_share
                           AND (partner.user_id IS NOT NULL
                                OR partner.field_last_visit_date IS NOT NULL)
                           AND partner.field_life IS DISTINCT FROM 'closed') seen
                  LEFT JOIN field_grade grade ON grade.id = seen.field_grade_id) found
             WHERE life IS DISTINCT FROM field_life
             GROUP BY life
            """,
            today=today,
            lost=LOST_DAYS,
            dormant=DORMANT_DAYS,
            sold=self._field_sold_query(),
            orders_known=self._field_has_orders(),
        )
        found, left = {}, limit
        for life, ids in self.env.execute_query(query):
            if left > 0:
                found[life] = ids[:left]
                left -= len(found[life])
        return found

    @api.model
    def _field_has_orders(self):
        """Whether customers order in this database at all."""
        ordered = [("state", "=", "sale")]
        return "sale.order" in self.env and bool(
            self.env["sale.order"].sudo().search_count(ordered, limit=1)
        )

    @api.model
    def _field_sold_query(self):
        """``SELECT partner_id, last`` day of an order; nothing without the sales app."""
        if "sale.order" not in self.env:
            return SQL("SELECT NULL::int AS partner_id, NULL::date AS last WHERE false")
        self.env["sale.order"].flush_model()
        return SQL(
            """SELECT buyer.commercial_partner_id AS partner_id, max(sale.date_order)::date AS last
                 FROM sale_order sale JOIN res_partner buyer ON buyer.id = sale.partner_id
                WHERE sale.state = 'sale' GROUP BY buyer.commercial_partner_id"""
        )
