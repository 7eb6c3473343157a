"""Everything about a customer on one page; each number opens its records."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.scores import rhythm_of

_ROWS = 5
_PHOTOS = 12
_COPY_ROWS, _COPY_PHOTOS, _COPY_TEXT = 3, 6, 120
#: Parts of which a phone gets more rows than of the others.
_COPY_MORE = {"orders": 5, "rivals": 5, "agreement": 5}
_COPY_TIMELINE = 6
_RHYTHM_DAYS = 365


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_field_360(self):
        """Open the page."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "field_visit.customer_360",
            "name": self.display_name,
            "params": {"partner_id": self.id},
        }

    @api.readonly
    def get_field_360(self):
        """What the page shows, as far as the reader may see it.

        :returns: dict of ``card`` (the customer), ``as_of`` (UTC), ``photos`` and ``sections``:
            list of ``{"key", "title", "count", "total", "model", "domain", "rows"}``, each row
            ``{"id", "title", "note", "date", "state"}``
        """
        self.ensure_one()
        self.check_access("read")
        sections = [section for section in self._field_360_sections() if section]
        return {
            "card": self._field_360_card(),
            "as_of": fields.Datetime.to_string(fields.Datetime.now()),
            "sections": sections,
            "photos": self._field_360_photos(),
        }

    def _field_360_copy(self):
        """The page, small enough to lie on a phone for every customer of the day.

        :returns: dict of ``as_of`` (UTC, ISO), ``currency``, ``facts`` (texts), ``sections``
            (``[{"key", "title", "count", "total", "rows"}]``, each row ``{"title", "note", "date",
            "state"}``), ``timeline`` (``[{"kind", "title", "note", "date"}]``) and ``photos``
            (``[{"date", "thumb"}]``, thumbs as data URLs)
        """
        page = self.get_field_360()
        names = ("title", "note", "date", "state")
        return {
            "as_of": page["as_of"].replace(" ", "T") + "Z",
            "currency": self.env.company.currency_id.symbol,
            "facts": self._field_360_facts(page["card"]),
            "sections": [
                {
                    **{name: section[name] for name in ("key", "title", "count", "total")},
                    "rows": [
                        {name: row[name][:_COPY_TEXT] for name in names}
                        for row in section["rows"][: _COPY_MORE.get(section["key"], _COPY_ROWS)]
                    ],
                }
                for section in page["sections"]
                if section["count"]
            ],
            "timeline": [
                {name: row[name][:_COPY_TEXT] for name in ("kind", "title", "note", "date")}
                for row in page["timeline"][:_COPY_TIMELINE]
            ],
            "photos": self._field_360_thumbs(page["photos"][:_COPY_PHOTOS]),
        }

    def _field_360_facts(self, card):
        facts = [card["life"], card["cadence"], card["owner"]]
        if card["last_visit"]:
            facts.append(self.env._("Last visit %(day)s", day=card["last_visit"]))
        facts.append(card["rhythm"])
        if card["pricelist"]:
            facts.append(self.env._("Price agreement %(name)s", name=card["pricelist"]))
        return [fact for fact in facts if fact]

    @api.model
    def _field_360_thumbs(self, photos):
        """Made on the way, as people are shown them."""
        days = {photo["id"]: photo["date"] for photo in photos}
        found = self.env["field.visit.photo"].browse(days)
        small = found._open_small()
        return [
            {"date": days[one.id], "thumb": f"data:image/jpeg;base64,{picture.decode()}"}
            for one, picture in small.items()
            if picture
        ]

    def _field_360_card(self):
        words = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("field_life", "field_cadence_state")
        }
        return {
            "id": self.id,
            "name": self.display_name,
            "address": ", ".join(filter(None, (self.street, self.city))),
            "phone": self.phone or "",
            "grade": self.field_grade_id.name or "",
            "channel": self.field_channel_id.name or "",
            "life": words["field_life"].get(self.field_life, ""),
            "owner": self.user_id.sudo().name or "",
            "co_owners": self.field_co_owner_ids.sudo().mapped("name"),
            "cadence": words["field_cadence_state"].get(self.field_cadence_state, ""),
            "cadence_state": self.field_cadence_state,
            "days": self.field_days_unvisited,
            "last_visit": fields.Date.to_string(self.field_last_visit_date) or "",
            "completeness": self.field_completeness,
            "missing": self.field_missing,
            "rhythm": self._field_360_rhythm(),
            "pricelist": self._field_360_pricelist().sudo().name or "",
            "position": self._field_position() and list(self._field_position()),
        }

    def _field_360_sections(self):
        """Hook: the parts of the page, in order; modules add theirs."""
        today = fields.Date.context_today(self)
        here = Domain("partner_id", "child_of", self.ids)
        done = here & Domain("state", "=", "done")
        ahead = here & Domain("state", "=", "planned") & Domain("plan_date", ">=", today)
        issues = Domain("partner_id", "in", self.ids) & Domain("state", "=", "open")
        return [
            self._field_360_section(
                "visits", self.env._("Visits"), "field.visit", done, "plan_date", note="note"
            ),
            self._field_360_section(
                "ahead",
                self.env._("Planned"),
                "field.visit",
                ahead,
                "plan_date",
                order="plan_date",
                note="user_id",
            ),
            self._field_360_section(
                "issues",
                self.env._("Open issues and promises"),
                "field.matter",
                issues,
                "date_deadline",
                order="date_deadline",
                note="user_id",
            ),
            self._field_360_section(
                "rivals",
                self.env._("Competing products seen"),
                "field.price.observation",
                here & Domain("rival_id", "!=", False),
                "observed_at",
                note="promotion",
            ),
            *self._field_360_sales(here, today),
            self._field_360_agreement(),
        ]

    def _field_360_pricelist(self):
        """The price agreement: the pricelist that was given to this customer, not the usual one."""
        company = self.env.company
        return self.with_company(company).specific_property_product_pricelist

    def _field_360_agreement(self):
        pricelist = self._field_360_pricelist()
        if not pricelist:
            return None
        now = fields.Datetime.now()
        holds = Domain("date_end", "=", False) | Domain("date_end", ">=", now)
        return self._field_360_section(
            "agreement",
            self.env._("Price agreement"),
            "product.pricelist.item",
            Domain("pricelist_id", "=", pricelist.id) & holds,
            "date_end",
            order="id",
            note="price",
        )

    def _field_360_rhythm(self):
        """How often the customer orders, and when he last did, in a sentence."""
        if "sale.order" not in self.env or not self.env["sale.order"].has_access("read"):
            return ""
        today = fields.Date.context_today(self)
        domain = Domain("partner_id", "child_of", self.ids) & Domain("state", "=", "sale")
        domain &= Domain("date_order", ">=", fields.Date.subtract(today, days=_RHYTHM_DAYS))
        orders = self.env["sale.order"].search_fetch(domain, ["date_order"])
        stamp = fields.Datetime.context_timestamp
        days = [stamp(self, order.date_order).toordinal() for order in orders]
        rhythm = rhythm_of(days)
        if not rhythm:
            return ""
        return self.env._(
            "Orders every %(rhythm)s days, last %(days)s days ago",
            rhythm=round(rhythm),
            days=today.toordinal() - max(days),
        )

    def _field_360_sales(self, here, today):
        """Orders, money and chances, where the apps are installed and the reader may see them."""
        open_quote = here & Domain("state", "in", ("draft", "sent"))
        owed = here & Domain("move_type", "in", ("out_invoice", "out_refund"))
        owed &= Domain("state", "=", "posted")
        late = owed & Domain("payment_state", "in", ("not_paid", "partial"))
        late &= Domain("invoice_date_due", "<", today)
        yield self._field_360_section(
            "orders",
            self.env._("Orders"),
            "sale.order",
            here & Domain("state", "=", "sale"),
            "date_order",
            total="amount_total:sum_currency",
        )
        yield self._field_360_section(
            "quotations",
            self.env._("Quotations"),
            "sale.order",
            open_quote,
            "date_order",
            total="amount_total:sum_currency",
        )
        yield self._field_360_section(
            "invoices",
            self.env._("Invoices"),
            "account.move",
            owed,
            "invoice_date",
            total="amount_total_signed:sum",
        )
        yield self._field_360_section(
            "overdue",
            self.env._("Overdue"),
            "account.move",
            late,
            "invoice_date_due",
            total="amount_residual_signed:sum",
        )
        yield self._field_360_section(
            "opportunities",
            self.env._("Opportunities"),
            "crm.lead",
            here & Domain("type", "=", "opportunity"),
            "create_date",
            note="stage_id",
            total="expected_revenue:sum",
        )
        yield self._field_360_section(
            "competitors",
            self.env._("Competitors"),
            "field.competitor",
            Domain("lead_ids.partner_id", "child_of", self.ids),
            "write_date",
        )

    def _field_360_section(
        self, key, title, model, domain, date, order=None, note=None, total=None
    ):
        """One part, or None without the app or the right to read."""
        if model not in self.env or not self.env[model].has_access("read"):
            return None
        Model = self.env[model]
        figures = Model._read_group(domain, [], ["__count", *([total] if total else [])])[0]
        found = Model.search(domain, order=order or f"{date} desc, id desc", limit=_ROWS)
        return {
            "key": key,
            "title": title,
            "model": model,
            "domain": list(domain),
            "count": figures[0],
            "total": round(figures[1] or 0.0, 2) if total else False,
            "rows": [self._field_360_row(record, date, note) for record in found],
        }

    def _field_360_row(self, record, date, note):
        moment = record[date]
        day = fields.Date.to_string(fields.Date.to_date(moment)) if moment else ""
        value = record[note] if note else ""
        state = record._fields.get("state")
        has_words = state and state.type == "selection"
        words = dict(state._description_selection(self.env)) if has_words else {}
        return {
            "id": record.id,
            "title": record.display_name,
            "note": value.sudo().display_name if isinstance(value, models.Model) else value or "",
            "date": day,
            "state": words.get(record.state, "") if words else "",
        }

    def _field_360_photos(self):
        """The newest photos, with their day: ``[{"id", "date", "step"}]``."""
        photos = self.env["field.visit.photo"].search(
            Domain("visit_id.partner_id", "child_of", self.ids)
            & Domain("attachment_id", "!=", False)
            & Domain("is_of_place", "=", True),
            order="id desc",
            limit=_PHOTOS,
        )
        return [
            {
                "id": photo.id,
                "attachment_id": photo.attachment_id.id,
                "date": fields.Date.to_string(photo.visit_id.plan_date),
                "step": photo.step_id.name or "",
            }
            for photo in photos
        ]
