"""Steps that count a shelf know our share of it."""

from odoo import api, fields, models

from ..tools import shelf


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    share_ids = fields.One2many("field.shelf.share", "step_id", "Shares of shelf", readonly=True)
    shelf_share = fields.Integer(
        "Share of shelf (%)",
        compute="_compute_shelf_share",
        store=True,
        precompute=True,  # a check-in writes its steps once
        aggregator=None,
        help="Our facings of all that were counted at this visit.",
    )

    @api.depends("share_ids.own_facings", "share_ids.all_facings")
    def _compute_shelf_share(self):
        for step in self:
            rows = step.sudo().share_ids
            pairs = zip(rows.mapped("own_facings"), rows.mapped("all_facings"), strict=True)
            step.shelf_share = shelf.share(pairs) or 0

    def _keep_products(self, lines, version):
        result = super()._keep_products(lines, version)
        self.visit_id._count_shares()
        return result

    def _keep_rivals(self, lines):
        result = super()._keep_rivals(lines)
        self.visit_id._count_shares()
        return result

    def _retract(self):
        result = super()._retract()
        if self.kind in ("stock", "competitor"):
            self.env["field.shelf.share"]._replace(self, [])
            self.visit_id._count_shares()
        return result

    def _get_own_facings(self):
        """``[(product group, facings)]`` of ours at these shelves."""
        return [(row.product_id.categ_id.id or 0, row.facings) for row in self.count_ids]

    def _get_other_facings(self):
        """``{product group: facings of others}``: as counted at the shelf, else product by product
        at the competitors."""
        lines = [line for step in self for line in step.lines or [] if "facings" in line]
        rivals = self.env["field.rival.product"].browse(
            line["rival_id"] for line in lines if "rival_id" in line
        )
        groups = {rival.id: rival.categ_id.id or 0 for rival in rivals.exists()}
        found = {}
        for line in lines:
            if line.get("rival_id") in groups:
                group = groups[line["rival_id"]]
                found[group] = found.get(group, 0) + line["facings"]
        told = [line for line in lines if "categ_id" in line]
        return found | {line["categ_id"]: line["facings"] for line in told}


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def _count_shares(self):
        """Our part of the shelves of a visit; where nobody counted others, there is none."""
        self.ensure_one()
        done = self.sudo().step_ids.filtered(lambda step: step.state == "done")
        counts = done.filtered(lambda step: step.kind == "stock")
        if not counts:
            return
        rivals = done.filtered(lambda step: step.kind == "competitor")
        found = shelf.shares(counts._get_own_facings(), (counts | rivals)._get_other_facings())
        rows = [
            {
                "categ_id": group or False,
                "own_facings": ours,
                "all_facings": every,
                "share": 100 * ours / every,
            }
            for group, (ours, every) in found.items()
        ]
        Share = self.env["field.shelf.share"]
        for step in counts[:-1]:
            Share._replace(step, [])
        Share._replace(counts[-1], rows)
