"""Which article was shown in which visit."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import read_uuid, require_payload

#: An order so many days after a visit counts as one that followed it.
FOLLOWED_DAYS = 14


class FieldKnowledgeUse(models.Model):
    _name = "field.knowledge.use"
    _description = "Article used in a Visit"
    _order = "used_at desc, id desc"

    article_id = fields.Many2one(
        "field.knowledge.article", required=True, readonly=True, index=True, ondelete="restrict"
    )
    visit_id = fields.Many2one(
        "field.visit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    version = fields.Integer(readonly=True, aggregator=None)
    used_at = fields.Datetime("Used on", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        related="visit_id.partner_id", store=True, index=True, string="Customer"
    )
    user_id = fields.Many2one(related="visit_id.user_id", store=True, index=True, string="Person")
    company_id = fields.Many2one(related="visit_id.company_id", store=True, index=True)
    is_productive = fields.Boolean(related="visit_id.is_productive", store=True)

    _once = models.UniqueIndex("(visit_id, article_id)", "An article counts once in a visit.")

    def _filter_followed_by_order(self):
        """Those after which the customer, or somebody of the same company, confirmed an order.

        :returns: field.knowledge.use; nothing where Odoo keeps no orders
        """
        if not self or "sale.order" not in self.env:
            return self.browse()
        self.flush_model()
        self.env["sale.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT used.id FROM field_knowledge_use used
                     JOIN res_partner customer ON customer.id = used.partner_id
                    WHERE used.id IN %s AND EXISTS (
                          SELECT FROM sale_order sale
                            JOIN res_partner buyer ON buyer.id = sale.partner_id
                           WHERE buyer.commercial_partner_id = customer.commercial_partner_id
                             AND sale.company_id = used.company_id
                             AND sale.state = 'sale'
                             AND sale.date_order BETWEEN used.used_at
                                 AND used.used_at + make_interval(days => %s))""",
                tuple(self.ids),
                FOLLOWED_DAYS,
            )
        )
        return self.browse(id_ for (id_,) in rows)


class FieldVisit(models.Model):
    _inherit = "field.visit"

    article_use_ids = fields.One2many("field.knowledge.use", "visit_id", "Articles used")

    def _use_article(self, article_id, version, at):
        """Note that an article was used in this visit; again is no more than once.

        What somebody had with him he may have used, also if it has gone from his phone since.

        :raise FieldRejected: not_found
        """
        self.ensure_one()
        Article = self.env["field.knowledge.article"].sudo().with_context(active_test=False)
        domain = Domain("id", "=", article_id)
        domain &= Domain("company_id", "in", (False, self.company_id.id))
        article = Article.search(domain)
        if not article:
            raise FieldRejected("not_found", self.env._("This article does not exist any more."))
        Use = self.env["field.knowledge.use"].sudo()
        known = Use.search([("visit_id", "=", self.id), ("article_id", "=", article.id)])
        return known or Use.create(
            {
                "visit_id": self.id,
                "article_id": article.id,
                "version": min(version or article.version, article.version),
                "used_at": at,
            }
        )


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {"article.used": self.env._("Article used")}

    def _apply_article_used(self, payload):
        """article.used {visit_uuid, article_id, version?}"""
        values = require_payload(payload, {"article_id": int}, {"version": int})
        visit = self._find_visit_begun(read_uuid(payload, "visit_uuid"))
        return visit._use_article(values["article_id"], values["version"], self.happened_at)
