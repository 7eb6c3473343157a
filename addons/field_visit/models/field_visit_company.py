"""Who came along: they see the visit, are told of it, and say whether they were there."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

_TOLD = ("planned", "in_progress", "done")


class FieldVisit(models.Model):
    _inherit = "field.visit"

    is_with_me = fields.Boolean(
        "I come along", compute="_compute_is_with_me", search="_search_is_with_me"
    )
    company_yes_ids = fields.Many2many(
        "res.users",
        "field_visit_company_yes_rel",
        "visit_id",
        "user_id",
        "Say they were there",
        readonly=True,
        copy=False,
    )
    company_no_ids = fields.Many2many(
        "res.users",
        "field_visit_company_no_rel",
        "visit_id",
        "user_id",
        "Say they were not there",
        readonly=True,
        copy=False,
    )

    company_there_ids = fields.Many2many(
        "res.users",
        "field_visit_company_there_rel",
        "visit_id",
        "user_id",
        "Were there",
        compute="_compute_company_there_ids",
        store=True,
        help="Who was named, but for those who say that they were not there.",
    )

    @api.depends("companion_ids", "company_no_ids")
    def _compute_company_there_ids(self):
        for visit in self:
            visit.company_there_ids = visit.companion_ids - visit.company_no_ids

    @api.depends("companion_ids")
    @api.depends_context("uid")
    def _compute_is_with_me(self):
        for visit in self:
            visit.is_with_me = self.env.user in visit.sudo().companion_ids

    @api.model
    def _search_is_with_me(self, operator, value):
        """A sub-query that is worked out once and used through the index: the record rule of
        representatives stands on it, and they have visits by the hundred thousand beside them."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        uid = self.env.uid

        def to_sql(model, alias, _query):
            model.env["field.visit"].flush_model(["companion_ids"])
            return SQL(
                "%s = ANY(ARRAY(SELECT visit_id FROM field_visit_companion_rel"
                " WHERE user_id = %s))",
                SQL.identifier(alias, "id"),
                uid,
            )

        return Domain.custom(
            to_sql=to_sql, predicate=lambda visit: uid in visit.sudo().companion_ids.ids
        )

    # ---------------------------------------------------------------- told

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        for visit in visits.filtered("companion_ids"):
            visit._tell_company(visit.companion_ids)
        return visits

    def write(self, vals):
        if "companion_ids" not in vals:
            return super().write(vals)
        before = {visit: visit.sudo().companion_ids for visit in self}
        result = super().write(vals)
        for visit, known in before.items():
            now = visit.sudo().companion_ids
            visit._tell_company(now - known)
            left = (visit.sudo().company_yes_ids | visit.sudo().company_no_ids) - now
            if left:
                visit.sudo()._answer_company(left, None)
        return result

    def _tell_company(self, people):
        """Where somebody is expected, or said to have been; not the one who wrote it."""
        self.ensure_one()
        if self.state not in _TOLD:
            return
        for person in people.sudo() - self.env.user:
            mine = self.sudo().with_context(lang=person.lang)
            words = {
                "customer": self.partner_id.sudo().display_name,
                "day": format_date(mine.env, self.plan_date),
                "name": self.user_id.sudo().name,
            }
            if self.state == "planned":
                subject = mine.env._("You go along: %(customer)s, %(day)s", **words)
            else:
                subject = mine.env._("Named as company: %(customer)s, %(day)s", **words)
            body = mine.env._("%(name)s has put you down for this visit.", **words)
            self.env["field.notice"]._notify("companion", person, subject, body, record=self)

    # ---------------------------------------------------------------- their own word

    def action_confirm_company(self, was_there=True):
        """Say oneself whether one was there.

        :raise AccessError: for those who were not named
        """
        if any(self.env.user not in visit.sudo().companion_ids for visit in self):
            raise AccessError(self.env._("Only who was named as company says so."))
        self.sudo()._answer_company(self.env.user, was_there)
        return True

    def action_deny_company(self):
        """Say that one was not there.

        :raise AccessError: for those who were not named
        """
        return self.action_confirm_company(False)

    def _answer_company(self, people, was_there):
        add = [Command.link(person.id) for person in people]
        drop = [Command.unlink(person.id) for person in people]
        self._with_evidence().write(
            {
                "company_yes_ids": add if was_there else drop,
                "company_no_ids": add if was_there is False else drop,
            }
        )

    def _get_company_words(self):
        """Names of those who came along, with what each says about it."""
        words = []
        for person in self.companion_ids.sudo():
            name = person.name
            if person in self.sudo().company_no_ids:
                name = self.env._("%(name)s (says no)", name=name)
            elif person in self.sudo().company_yes_ids:
                name = self.env._("%(name)s (says yes)", name=name)
            words.append(name)
        return ", ".join(words)


class FieldNotice(models.Model):
    _inherit = "field.notice"

    @api.model
    def _get_kinds(self):
        return super()._get_kinds() | {"companion": self.env._("Visits I come along to")}
