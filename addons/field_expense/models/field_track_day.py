from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_time

from ..tools.mileage import claimable_km


class FieldTrackDay(models.Model):
    _inherit = "field.track.day"

    expense_ids = fields.One2many("hr.expense", "field_day_id", string="Expenses")
    # sudo: a leader sees whether a day is claimed, also without access to expenses
    expense_id = fields.Many2one("hr.expense", compute="_compute_expense", compute_sudo=True)
    expense_state = fields.Selection(
        selection="_get_expense_states",
        string="Expense Status",
        compute="_compute_expense",
        compute_sudo=True,
    )
    has_expense = fields.Boolean(
        compute="_compute_expense", search="_search_has_expense", compute_sudo=True
    )

    @api.model
    def _get_expense_states(self):
        return self.env["hr.expense"]._fields["state"]._description_selection(self.env)

    @api.depends("expense_ids.state")
    def _compute_expense(self):
        for day in self.sudo():
            expense = day.expense_ids[:1]
            day.expense_id = expense
            day.expense_state = expense.state
            day.has_expense = bool(expense)

    @api.model
    def _search_has_expense(self, operator, value):
        if operator != "in":
            return NotImplemented
        # any!: also expenses the user may not see make a day a claimed one
        return Domain("expense_ids", "any!", Domain.TRUE)

    # ------------------------------------------------------------
    # From the day to its expense
    # ------------------------------------------------------------

    def action_create_expense(self):
        """Make one draft expense per day: its kilometres at the rate of that date.

        Idempotent: a day that has its expense keeps it. For one day the expense is opened; for
        many a summary says per day what happened and why a day was left out.

        :raises UserError: a single day cannot be claimed; the sentence says why
        """
        self.check_access("read")
        expenses, reasons = self._do_create_expenses()
        if len(self) != 1:
            return self.env["field.expense.run"]._create_for(self, expenses, reasons)
        if reasons:
            raise UserError(reasons[self.id])
        return self.action_open_expense()

    def _do_create_expenses(self):
        """:return: ``(new hr.expense, {day id: reason why it got none})``; a day that already
        has its expense is in neither"""
        todo = self.filtered(lambda day: not day.has_expense)
        employees = todo._field_employees()
        rates = todo._get_mileage_rates(employees)
        products = {company: company._get_field_mileage_product() for company in todo.company_id}
        reasons, vals_list = {}, []
        for day in todo:
            employee, rate = employees[day.id], rates[day.id]
            product = products[day.company_id]
            reason = day._get_cannot_expense_reason(employee, rate, product)
            if reason:
                reasons[day.id] = reason
            else:
                vals_list.append(day._prepare_expense_vals(employee, rate, product))
        # sudo: nobody may type in a distance and a rate; that this person may claim is checked
        return self.env["hr.expense"].sudo().create(vals_list).sudo(self.env.su), reasons

    def _get_mileage_rates(self, employees):
        """:return: ``{day id: field.mileage.rate}``, the one that holds on the day"""
        rates = {}
        for company, days in self.grouped("company_id").items():
            keys = {day.id: (day.date, employees[day.id].field_vehicle_kind) for day in days}
            found = self.env["field.mileage.rate"]._get_rates(company, keys.values())
            rates.update({day_id: found[key] for day_id, key in keys.items()})
        return rates

    def _get_cannot_expense_reason(self, employee, rate, product):
        """:return: why this day cannot become an expense now, or False"""
        self.ensure_one()
        names = {"person": self.user_id.sudo().name, "company": self.company_id.sudo().name}
        if self.state != "built":
            return self.env._("The day is still being calculated. Try again in a minute.")
        if not claimable_km(self.distance_m):
            return self.env._("No distance was measured on this day.")
        if not employee.active:
            return self.env._(
                "%(person)s has no employee in %(company)s. Ask HR to create one.", **names
            )
        if not self._may_claim():
            return self.env._(
                "Only %(person)s or somebody who approves his expenses can claim this day.", **names
            )
        if not rate:
            return self.env._(
                "%(company)s has no mileage rate for %(date)s. Ask an administrator to enter one.",
                company=names["company"],
                date=format_date(self.env, self.date),
            )
        if not product:
            return self.env._(
                "%(company)s has no expense category for mileage. Choose one in the settings of "
                "Expenses.",
                **names,
            )
        return False

    def _may_claim(self):
        """Oneself; else whoever Odoo lets enter expenses of this person."""
        user = self.env.user
        if self.env.su or self.user_id == user:
            return True
        if user.has_groups("hr_expense.group_hr_expense_user,account.group_account_user"):
            return True
        approver = user.has_group("hr_expense.group_hr_expense_team_approver")
        return approver and user in self.user_id.sudo().field_leader_ids

    def _prepare_expense_vals(self, employee, rate, product):
        km = claimable_km(self.distance_m)
        return {
            "name": self._get_expense_name(),
            "date": self.date,
            "employee_id": employee.id,
            "company_id": self.company_id.id,
            "currency_id": self.company_id.currency_id.id,
            "product_id": product.id,
            "payment_mode": "own_account",
            "quantity": km,
            "field_km": km,
            "field_km_rate": rate.rate,
            "field_day_id": self.id,
        }

    def _get_expense_name(self):
        """Date and times, in the language and the time zone of the person who drove."""
        self.ensure_one()
        env = self.with_context(lang=self.user_id.sudo().lang or self.env.lang).env
        date = format_date(env, self.date)
        if not self.first_fix or not self.last_fix:
            return env._("Mileage %(date)s", date=date)
        start, end = (
            format_time(env, moment, tz=self.tz, time_format="HH:mm")
            for moment in (self.first_fix, self.last_fix)
        )
        return env._("Mileage %(date)s, %(start)s–%(end)s", date=date, start=start, end=end)

    def action_open_expense(self):
        """Open the expense of the day.

        :raises UserError: it has none yet
        """
        self.ensure_one()
        if not self.expense_id:
            raise UserError(self.env._("This day has no expense yet."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "hr.expense",
            "res_id": self.expense_id.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # A rebuilt day and its draft
    # ------------------------------------------------------------

    def write(self, vals):
        """Late positions change a day: its expense follows while it is a draft."""
        if not vals.keys() & {"distance_m", "first_fix", "last_fix"}:
            return super().write(vals)
        names = {day.id: day._get_expense_name() for day in self if day.sudo().expense_ids}
        result = super().write(vals)
        self._update_draft_expenses(names)
        return result

    def _update_draft_expenses(self, old_names=None):
        """Bring the draft expenses of these days up to date. What somebody typed himself, a name
        or a number of kilometres, stays; the form then shows both figures.

        :param old_names: ``{day id: the name the day gave before}``
        """
        for expense in self.sudo().expense_ids:
            if expense.state != "draft":
                continue
            day = expense.field_day_id
            vals = {}
            if expense.field_distance_changed:
                vals["field_km"] = expense.field_day_km
                if not expense.field_km_edited:
                    vals["quantity"] = expense.field_day_km
            name = day._get_expense_name()
            if expense.name == (old_names or {}).get(day.id) and expense.name != name:
                vals["name"] = name
            if vals:
                expense.write(vals)
