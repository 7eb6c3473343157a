"""The rules among the ready settings of a trade: how often, how far, how the shelf should look."""

from odoo import models

from ..tools import packs

_LATE = 50


class FieldTradePack(models.TransientModel):
    _inherit = "field.trade.pack"

    def _make_grades(self, item, _made):
        return self._make_record(
            "field.grade",
            item,
            sequence=_LATE,
            allowed_days=item["days"],
            visit_minutes=item["minutes"],
        )

    def _get_same_grades(self, pack):
        """Grades of these names that the company has by itself: there is one of each name."""
        Grade = self.env["field.grade"].with_context(active_test=False)
        mine = Grade.search([("company_id", "=", False)]).grouped("name")
        names = {item["key"]: packs.text(item["name"], self.env.lang) for item in pack["grades"]}
        return {("grades", key): mine[name][0] for key, name in names.items() if name in mine}

    def _make_products(self, item, _made):
        """What is handed out; nobody sells it."""
        Pack = self.sudo()
        return Pack._make_record("product.product", item, sale_ok=False, type="consu")

    def _make_frequencies(self, item, made):
        grade = made["grades", item["grade"]]
        return self._make_record(
            "field.frequency.rule",
            item,
            sequence=_LATE,
            domain=repr([("field_grade_id", "=", grade.id)]),
            times=item["times"],
            period=item["period"],
            min_gap=item["gap"],
            type_id=made["types", item["type"]].id,
        )

    def _make_fences(self, item, made):
        return self._make_record(
            "field.fence.rule",
            item,
            sequence=_LATE,
            channel_ids=self._get_made(made, "channels", item["channels"]).ids,
            mode=item.get("mode", False),
            radius=item["radius"],
            warn=item["warn"],
        )

    def _make_shelves(self, item, made):
        """What must stand there is the company's to say: the standard waits for its products."""
        present, facings, price, stock = item["weights"]
        return self._make_record(
            "field.shelf.standard",
            item,
            sequence=_LATE,
            channel_ids=self._get_made(made, "channels", item["channels"]).ids,
            weight_present=present,
            weight_facings=facings,
            weight_price=price,
            weight_stock=stock,
            expiry_days=item.get("expiry", 0),
            asks_share=item.get("share", False),
            task_days=item.get("tasks", 0),
        )

    def _make_policies(self, item, _made):
        """A draft: it holds for nobody until an administrator switches it on."""
        return self._make_record("field.policy", item, state="draft", **item["rules"])

    def _make_filters(self, item, made):
        """Among everybody's favourites: what a leader of this trade looks at first, and with which
        figures pivot and graph of it begin."""
        rows, columns, measures = item["rows"], item["columns"], item["measures"]
        customers = self.env.ref("field_base.res_partner_action_customers")
        return self.sudo()._make_record(
            "ir.filters",
            item,
            model_id=item["model"],
            user_ids=False,
            # of customers in the field's own list only: others may not read their grades
            action_id=customers.id if item["model"] == "res.partner" else False,
            domain=repr(self._prepare_filter_domain(item, made)),
            context=repr(
                {
                    "group_by": rows,
                    "pivot_row_groupby": rows,
                    "pivot_column_groupby": columns,
                    "pivot_measures": measures,
                    "graph_groupbys": rows + columns,
                    "graph_measure": measures[0],
                }
            ),
        )

    def _prepare_filter_domain(self, item, made):
        domain = [tuple(term) for term in item["domain"]]
        for part, field in (("types", "type_id"), ("grades", "field_grade_id")):
            if part in item:
                domain.append((field, "in", self._get_made(made, part, item[part]).ids))
        return domain

    def _get_made(self, made, part, keys):
        records = [made[part, key] for key in keys]
        return records[0].union(*records)
