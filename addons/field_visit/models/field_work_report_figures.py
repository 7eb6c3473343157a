"""Where the figures of a work report come from, and the records behind each."""

from collections.abc import Callable
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.times import local_hour

_DONE = [("state", "=", "done")]


class Figure(NamedTuple):
    """One figure: measure of the records of a model that are somebody's on a day.

    ``owner`` is the field that says whose they are, ``date`` the one that says when (a Date in the
    person's calendar, or a Datetime in UTC), ``measure`` an aggregate as ``_read_group`` knows it.
    ``company`` is the field that says in which company, where the model has it.
    ``sign`` is -1 where the records count downwards. ``narrow(domain)`` gives the domain of those
    among the records that count, where no field says so.
    """

    name: str
    model: str
    domain: list
    date: str = "plan_date"
    measure: str = "__count"
    owner: str = "user_id"
    sign: int = 1
    company: str = "company_id"
    narrow: Callable | None = None


class FieldWorkReport(models.Model):
    _inherit = "field.work.report"

    @api.model
    def _get_figures(self):
        """All figures; other modules add theirs. Those of apps that are not installed are left out.

        :returns: list of :class:`Figure`
        """
        visit = "field.visit"
        alive = [("state", "!=", "cancelled")]
        figures = [
            Figure("planned_count", visit, [*alive, ("is_unplanned", "=", False)]),
            Figure("done_count", visit, _DONE),
            Figure("missed_count", visit, [("state", "=", "missed")]),
            Figure("unplanned_count", visit, [*_DONE, ("is_unplanned", "=", True)]),
            Figure("customer_count", visit, _DONE, measure="partner_id:count_distinct"),
            Figure("valid_count", visit, [*_DONE, ("verdict", "=", "valid")]),
            Figure("visit_min", visit, _DONE, measure="effective_min:sum"),
            Figure("joint_count", visit, _DONE, owner="company_there_ids"),
            Figure(
                *("joint_min", visit, _DONE),
                measure="effective_min:sum",
                owner="company_there_ids",
            ),
            Figure("work_min", "field.workday", [], "date", "duration:sum"),
            Figure("photo_count", "field.visit.photo", [], "taken_at"),
            Figure(
                *("followup_count", "mail.activity", [("field_visit_id", "!=", False)]),
                date="create_date",
                company="field_visit_id.company_id",
            ),
            Figure(
                "new_customer_count",
                "res.partner",
                [("parent_id", "=", False), ("partner_share", "=", True)],
                "create_date",
                owner="create_uid",
            ),
            Figure("outcome_count", visit, [*_DONE, ("is_productive", "=", True)]),
            Figure("note_count", visit, [*_DONE, ("has_words", "=", True)]),
            Figure("new_words_count", visit, [*_DONE, ("has_new_words", "=", True)]),
            self._get_money_figure("received"),
            self._get_money_figure("promised"),
            *self._get_order_figures(),
            *self._get_return_figures(),
            *self._get_lead_figures(),
        ]
        if "field.track.day" in self.env:
            figures.append(Figure("distance_m", "field.track.day", [], "date", "distance_m:sum"))
        return figures

    @api.model
    def _get_money_figure(self, kind):
        """What customers gave or promised in the collections of visits."""
        amount = f"amount_{kind}"
        domain = [*_DONE, (amount, "!=", 0)]
        return Figure(f"{kind}_amount", "field.visit", domain, measure=f"{amount}:sum")

    @api.model
    def _get_lead_figures(self):
        """Leads and opportunities somebody has found, and those of his that were won."""
        if "crm.lead" not in self.env:
            return []
        lead = "crm.lead"
        new = {"date": "create_date", "owner": "create_uid"}
        won = [("type", "=", "opportunity"), ("stage_id.is_won", "=", True)]
        return [
            Figure("lead_count", lead, [("type", "=", "lead")], **new),
            Figure("opportunity_count", lead, [("type", "=", "opportunity")], **new),
            Figure("won_count", lead, won, "date_closed"),
        ]

    @api.model
    def _get_order_figures(self):
        if "sale.order" not in self.env:
            return []
        sold = [("state", "=", "sale")]
        return [
            Figure("order_count", "sale.order", sold, "date_order"),
            Figure("order_amount", "sale.order", sold, "date_order", "amount_total:sum_currency"),
            Figure(
                *("second_order_count", "sale.order", sold, "date_order"),
                narrow=self._narrow_to_second_orders,
            ),
        ]

    @api.model
    def _narrow_to_second_orders(self, domain):
        """Those of the orders that were the customer's second one: he came back."""
        Order = self.env["sale.order"].sudo()
        orders = Order.search(domain)
        buyers = orders.partner_id.commercial_partner_id
        rows = Order._read_group(
            [("state", "=", "sale"), ("partner_id", "child_of", buyers.ids)],
            ["partner_id"],
            ["id:array_agg"],
        )
        of_buyer = {}
        for partner, ids in rows:
            of_buyer.setdefault(partner.commercial_partner_id, []).extend(ids)
        seconds = set()
        for ids in of_buyer.values():
            in_time = Order.browse(ids).sorted(lambda order: (order.date_order, order.id))
            seconds.update(in_time[1:2].ids)
        return Domain("id", "in", [one for one in orders.ids if one in seconds])

    @api.model
    def _get_return_figures(self):
        """What was given back, by credit notes: orders that nobody wanted count for nothing."""
        if "account.move" not in self.env:
            return []
        notes = [("move_type", "=", "out_refund"), ("state", "=", "posted")]
        return [
            Figure(
                *("returned_amount", "account.move", notes),
                *("invoice_date", "amount_total_signed:sum", "invoice_user_id", -1),
            )
        ]

    @api.model
    def _get_figure_domain(self, figure, users, company, first, last, tz):
        """The records behind a figure of these people in one period."""
        domain = Domain(figure.domain) & Domain(figure.owner, "in", users.ids)
        Model = self.env[figure.model]
        domain &= self._get_company_domain(figure, users, company)
        domain &= self._get_period_domain(Model._fields[figure.date], first, last, tz)
        return figure.narrow(domain) if figure.narrow else domain

    @api.model
    def _get_company_domain(self, figure, users, company):
        """What belongs to no company stands in one report: that of the person's main company."""
        here = Domain(figure.company, "=", company.id)
        field = self.env[figure.model]._fields.get(figure.company)
        if "." in figure.company or (field and field.required):
            return here
        main = Domain(figure.owner, "in", users.filtered(lambda u: u.company_id == company).ids)
        return here | (Domain(figure.company, "=", False) & main) if field else main

    @api.model
    def _get_period_domain(self, field, first, last, tz):
        if field.type == "datetime":
            begin, end = local_hour(first, 0, tz), local_hour(last, 24, tz)
            return Domain(field.name, ">=", begin) & Domain(field.name, "<", end)
        return Domain(field.name, ">=", first) & Domain(field.name, "<=", last)

    @api.model
    def _gather(self, users, company, first, last, tz):
        """All figures of several people of one time zone in one period, one query a figure.

        :returns: ``{user id: {figure: value}}``
        """
        found = {user.id: dict.fromkeys(self._get_figure_names(), 0) for user in users}
        for figure in self._get_figures():
            domain = self._get_figure_domain(figure, users, company, first, last, tz)
            Model = self.env[figure.model].sudo().with_context(active_test=False)
            Model.flush_model([figure.owner])  # a search by many2many does not do it
            for user, value in Model._read_group(domain, [figure.owner], [figure.measure]):
                if user.id not in found:
                    continue  # a visit of several people stands under each of them
                value = figure.sign * (value or 0)
                if figure.name == "work_min":
                    value *= 60  # the workday counts hours
                field = self._fields[figure.name]
                found[user.id][figure.name] = round(value) if field.type == "integer" else value
        return found

    @api.model
    def _get_figure_names(self):
        return [figure.name for figure in self._get_figures()]

    def _refresh(self):
        """Bring the figures up to date; what is right already is not written."""
        for (company, _kind, first, last, tz), reports in self._group_for_gathering().items():
            gathered = self._gather(reports.user_id, company, first, last, tz)
            for report in reports:
                report._take_figures(gathered[report.user_id.id])

    def _group_for_gathering(self):
        return self.grouped(
            lambda r: (r.company_id, r.kind, r.date_from, r.date_to, r.user_id._field_tz())
        )

    def _take_figures(self, values):
        self.ensure_one()
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_cache(value, self) != self[name]
        }
        if changed:
            self.write(changed)

    def action_open_figure(self):
        """Open the records behind the ``figure`` of the context, as far as one may see them."""
        self.ensure_one()
        self.check_access("read")
        wanted = self.env.context.get("figure")
        figure = next(one for one in self._get_figures() if one.name == wanted)
        period = (self.company_id, self.date_from, self.date_to, self.user_id.sudo()._field_tz())
        return {
            "type": "ir.actions.act_window",
            "name": self._fields[wanted]._description_string(self.env),
            "res_model": figure.model,
            "domain": list(self._get_figure_domain(figure, self.user_id, *period)),
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False},
        }
