"""Steps that go through products: shelf count, own prices, competitors."""

from datetime import date

from odoo import api, fields, models

from ..tools import forms, shelf
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import is_number

LINE_KINDS = ("stock", "price", "competitor")
_MOST_LINES = 500
_MOST = 1e9
_NUMBERS = ("qty", "facings", "price")
_MODELS = {
    "product_id": "product.product",
    "rival_id": "field.rival.product",
    "categ_id": "product.category",
}


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    lines = fields.Json(
        help="[{product_id | rival_id, qty?, facings?, price?, until?, promo?, photo?}] and of a "
        "shelf [{categ_id, facings}], what others have of a product group, as they were answered."
    )
    line_choice = fields.Json(compute="_compute_line_choice")
    shelf_version_id = fields.Many2one(
        "field.shelf.version",
        "Shelf standard",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    shelf_score = fields.Integer("Store score (%)", readonly=True, aggregator="avg")
    gap_count = fields.Integer("Gaps", readonly=True)
    count_ids = fields.One2many("field.shelf.count", "step_id", "Counted", readonly=True)
    price_ids = fields.One2many("field.price.observation", "step_id", "Prices", readonly=True)

    @api.depends("kind", "visit_id", "lines")
    @api.depends_context("lang")
    def _compute_line_choice(self):
        """What the form of the web client asks: ``{"standard"?, "rows": [{id, name, …}]}``."""
        for step in self:
            step.line_choice = step.kind in LINE_KINDS and step._get_line_choice()

    def _get_line_choice(self):
        if self.kind == "competitor":
            rivals = self.env["field.rival.product"].search(
                [("company_id", "in", (False, self.visit_id.company_id.id))], limit=_MOST_LINES
            )
            return {"rows": [{"rival_id": one.id, "name": one.display_name} for one in rivals]}
        version = self.shelf_version_id or self._find_standard_version()
        if not version:
            return {"rows": []}
        values = version._as_app_values()
        groups = values["groups"] if self.kind == "stock" else []
        return {
            "standard": {
                name: values[name] for name in ("id", "version", "weights", "expiry_days")
            },
            "rows": values["lines"],
            "groups": [{"categ_id": group["id"], "name": group["name"]} for group in groups],
        }

    def _find_standard_version(self):
        """The shelf standard that holds for the customer of the step, in its newest version."""
        visit = self.visit_id
        Standard = self.env["field.shelf.standard"].sudo()
        standard = Standard._for_partner(visit.partner_id.sudo(), visit.company_id)
        return standard and standard._get_version()

    # ---------------------------------------------------------------- answer

    def _do_done(self, *args, lines=None, shown=None, **kwargs):
        """Steps of these kinds are done with their lines, which are read once more here.

        :param list lines: as of ``lines``
        :param dict shown: ``{"id", "version"}`` of the standard the phone has shown
        """
        if self.kind not in LINE_KINDS or self.state == "done":
            return super()._do_done(*args, **kwargs)
        self._check_can_answer(kwargs.get("at") or fields.Datetime.now())
        self._check_order()
        given = self._read_lines(self.lines if lines is None else lines)
        result = super()._do_done(*args, **kwargs)
        if self.kind == "competitor":
            self._with_evidence().lines = given
            self._keep_rivals(given)
        else:
            self._keep_products(given, self._find_shown(shown))
        return result

    def _retract(self):
        result = super()._retract()
        if self.kind in LINE_KINDS:
            self.env["field.shelf.count"]._replace(self, [])
            self.env["field.price.observation"]._replace(self, [])
            self._with_evidence().write({"shelf_score": 0, "gap_count": 0})
        return result

    def _forget(self):
        if self.lines:
            self._with_evidence().lines = False
            self._find_gap_works().filtered(lambda w: w.task_id.gap_step_id == self)._do_settle()
        return super()._forget()

    def _find_shown(self, shown):
        Version = self.env["field.shelf.version"]
        if shown:
            return Version._find(shown.get("id"), shown.get("version"))
        return self._find_standard_version() or Version

    def _read_lines(self, lines):
        """What was answered, each product once, without what was left empty.

        :raise FieldRejected: lines_missing, lines_wrong
        """
        if not isinstance(lines or [], list) or len(lines or []) > _MOST_LINES:
            raise FieldRejected("lines_wrong", self.env._("These lines cannot be read."))
        found = {}
        for line in lines or []:
            key = self._get_line_key(line)
            clean = self._read_line(line, key)
            if len(clean) > 1:
                found[key, clean[key]] = clean
        if all(key == "categ_id" for key, _number in found):
            raise FieldRejected(
                "lines_missing", self.env._("%(step)s: nothing is counted yet.", step=self.name)
            )
        known = self._find_known(found)
        return [line for name, line in found.items() if name in known]

    def _get_line_key(self, line):
        """What a line is about; at a shelf also what others have of a product group."""
        if self.kind == "competitor":
            return "rival_id"
        is_group = self.kind == "stock" and isinstance(line, dict) and "categ_id" in line
        return "categ_id" if is_group else "product_id"

    def _find_known(self, names):
        """Those of ``(key, number)`` that are there; products without a group are one group: 0."""
        found = {("categ_id", 0)}
        for key, model in _MODELS.items():
            ids = [number for one, number in names if one == key]
            found |= {(key, number) for number in self.env[model].sudo().browse(ids).exists().ids}
        return found

    def _read_line(self, line, key):
        number = line.get(key) if isinstance(line, dict) else None
        least = 0 if key == "categ_id" else 1
        if type(number) is not int or not least <= number < 2**31:
            raise FieldRejected("lines_wrong", self.env._("These lines cannot be read."))
        clean = {key: number}
        for name in ("facings",) if key == "categ_id" else _NUMBERS:
            value = line.get(name)
            if value is None:
                continue
            if not is_number(value) or not 0 <= value <= _MOST:
                raise FieldRejected(
                    "lines_wrong", self.env._("Only numbers of 0 and more can be counted.")
                )
            clean[name] = round(value) if name == "facings" else value
        if line.get("until") is not None and key == "product_id":
            clean["until"] = self._read_day(line["until"])
        if key == "rival_id" and forms.is_file(line.get("photo")) and len(clean) > 1:
            clean["photo"] = line["photo"]
        promo = line.get("promo") if key != "categ_id" else None
        if isinstance(promo, str) and promo.strip():
            clean["promo"] = promo.strip()[:200]
        return clean

    def _read_day(self, value):
        try:
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError) as error:
            raise FieldRejected("lines_wrong", self.env._("This is no date.")) from error

    # ---------------------------------------------------------------- rows

    def _keep_products(self, lines, version):
        """Counts and prices of our products, judged by the standard."""
        asked = version.sudo().lines or []
        counted = {line["product_id"]: line for line in lines if "product_id" in line}
        limit = version._get_expiry_limit(self.visit_id.plan_date) if version else None
        found = shelf.gaps(asked, counted, limit) if self.kind == "stock" else []
        vals = {"lines": lines, "shelf_version_id": version.id, "gap_count": len(found)}
        if self.kind == "stock":
            vals["shelf_score"] = shelf.score(asked, version.sudo().weights or {}, counted)
        self._with_evidence().write(vals)
        if self.kind == "stock":
            rows = self._prepare_counts(asked, counted, found, version)
            self.env["field.shelf.count"]._replace(self, rows)
            self._plan_gaps(found, version)
        prices = [
            {"product_id": line["product_id"], **self._prepare_price(line)}
            for line in counted.values()
            if line.get("price") is not None
        ]
        self.env["field.price.observation"]._replace(self, prices)

    def _prepare_price(self, line):
        return {
            "price": line.get("price") or 0.0,
            "promotion": line.get("promo"),
            "facings": line.get("facings") or 0,
            "lat": self.visit_id.lat,
            "lng": self.visit_id.lng,
        }

    def _prepare_counts(self, asked, counted, found, version):
        """A row for each product of the standard, counted or not, and for what was counted beside
        it."""
        wanted = {line["product_id"]: line for line in asked}
        order = shelf.suggested(asked, counted)
        what = {product: gap for product, gap in found if gap not in ("price", "expiry")}
        off = {product for product, gap in found if gap == "price"}
        expiring = {product for product, gap in found if gap == "expiry"}
        known = set(self.env["product.product"].sudo().browse(wanted).exists().ids)
        rows = []
        for product in [*(one for one in wanted if one in known), *(set(counted) - set(wanted))]:
            count = counted.get(product, {})
            present = shelf.is_present(count)
            rows.append(
                {
                    "product_id": product,
                    "standard_id": version.sudo().standard_id.id,
                    "version": version.sudo().number,
                    "is_must": wanted.get(product, {}).get("must", False),
                    "quantity": count.get("qty") or 0.0,
                    "facings": count.get("facings") or 0,
                    "price": count.get("price") or 0.0,
                    "has_price": count.get("price") is not None,
                    "is_present": present,
                    "present_share": 100.0 * present,
                    "is_out": not present,
                    "gap": what.get(product, False),
                    "is_price_off": product in off,
                    "expires_on": count.get("until"),
                    "is_expiring": product in expiring,
                    "suggested_qty": order.get(product, 0.0),
                }
            )
        return rows

    def _keep_rivals(self, lines):
        """Prices of others; who watches a brand is told when one falls too far."""
        rivals = self.env["field.rival.product"].sudo().browse(line["rival_id"] for line in lines)
        usual = rivals._get_usual_prices(self.answered_at)
        photos = {photo.blob_uuid: photo.id for photo in self.photo_ids}
        rows = []
        for rival, line in zip(rivals, lines, strict=True):
            price, mean = line.get("price"), usual.get(rival.id)
            alert = price is not None and rival._judge_price(price, mean)
            rows.append(
                {
                    "rival_id": rival.id,
                    "photo_id": photos.get(line.get("photo")),
                    "usual_price": mean or 0.0,
                    "alert": alert,
                    **self._prepare_price(line),
                }
            )
        self.env["field.price.observation"]._replace(self, rows)._watch()

    # ---------------------------------------------------------------- gaps

    def _plan_gaps(self, found, version):
        """Gaps become a work package of the person, once until it is done; without any what was
        planned for them is not needed any more."""
        standard = version.sudo().standard_id
        if not standard.task_days:
            return
        works = self._find_gap_works()
        if not found:
            works._do_settle()
        elif works:
            works[0].task_id.write({"goal": self._describe_gaps(found)})
        else:
            self._create_gap_task(found, standard)

    def _find_gap_works(self):
        """What is planned for the gaps of the customer; not what ends with this very visit, for
        whatever is still missing at its end is for the next one."""
        visit = self.visit_id
        domain = [
            ("partner_id", "=", visit.partner_id.id),
            ("company_id", "=", visit.company_id.id),
            ("task_id.gap_step_id", "!=", False),
            ("state", "in", ("new", "accepted", "in_progress")),
            ("visit_id", "!=", visit.id),
        ]
        return self.env["field.task.work"].sudo().search(domain)

    def _create_gap_task(self, found, standard):
        visit = self.visit_id
        day = fields.Date.add(visit.plan_date, days=standard.task_days)
        leader = visit.user_id._field_nearest_leader(visit.company_id) or visit.user_id
        Task = self.env["field.task"].sudo().with_company(visit.company_id)
        Task.create(
            {
                "name": self.env._(
                    "Gaps on the shelf: %(customer)s", customer=visit.partner_id.display_name
                ),
                "kind": "inspection",
                "user_id": leader.id,
                "company_id": visit.company_id.id,
                "goal": self._describe_gaps(found),
                "date_from": fields.Date.add(visit.plan_date, days=1),
                "deadline": day,
                "sop_id": visit.sop_id.id,
                "partner_ids": [fields.Command.set(visit.partner_id.ids)],
                "assignee_id": visit.user_id.id,
                "gap_step_id": self.id,
            }
        ).action_give_out()

    def _describe_gaps(self, found):
        """One line: which products, and what is the matter with each."""
        words = dict(self.env["field.shelf.count"]._fields["gap"]._description_selection(self.env))
        words["price"] = self.env._("Price out of bounds")
        words["expiry"] = self.env._("Use-by date too near")
        products = self.env["product.product"].sudo().browse(product for product, _what in found)
        names = {product.id: product.display_name for product in products.exists()}
        parts = [f"{names[one]}: {words[what]}" for one, what in found if one in names]
        return "; ".join(parts)

    def action_open_counts(self):
        """What was counted at these steps."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_shelf_count_action"
        )
        return {**action, "domain": [("step_id", "in", self.ids)], "context": {}}

    def _get_report_answer(self):
        parts = [super()._get_report_answer()]
        parts += [
            self.env._(
                "%(product)s: %(qty)s, %(facings)s facings",
                product=row.product_id.display_name,
                qty=f"{row.quantity:g}",
                facings=row.facings,
            )
            for row in self.count_ids
        ]
        parts += [f"{row.what}: {row.price:g} {row.promotion or ''}" for row in self.price_ids]
        if self.count_ids:
            parts.append(self.env._("Store score: %(score)s %%", score=self.shelf_score))
        if self.share_ids:
            parts.append(self.env._("Share of shelf: %(share)s %%", share=self.shelf_share))
        return "\n".join(filter(None, parts))
