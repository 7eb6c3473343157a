from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.errors import FieldRejected

ANSWER_DAYS = 30
# What an administrator may write; the rest is the person's own words.
ANSWER_FIELDS = {"answer"}
PRIVACY = "field_base.field_base_group_privacy"
ANSWERERS = (PRIVACY, "field_base.field_base_group_admin")


class FieldPrivacyRequest(models.Model):
    """A person objects to something that is stored, or asks to have it corrected."""

    _name = "field.privacy.request"
    _description = "Privacy request"
    _inherit = ["field.scope.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"

    kind = fields.Selection(
        [("object", "Objection"), ("correct", "Correction")], required=True, default="object"
    )
    subject = fields.Char("About", help="Which kind of data, in a few words.")
    text = fields.Text("What you ask for", required=True)
    res_model = fields.Char("Document model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    state = fields.Selection(
        [
            ("new", "New"),
            ("in_progress", "In progress"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="new",
        index=True,
    )
    due_on = fields.Date("Answer by", readonly=True)
    answer = fields.Text()
    handler_id = fields.Many2one("res.users", "Answered by", readonly=True, ondelete="restrict")
    answered_at = fields.Datetime("Answered", readonly=True)
    event_uuid = fields.Char("Event", readonly=True)

    @api.depends("kind", "subject", "text")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            about = request.subject or (request.text or "")[:60]
            request.display_name = f"{kinds.get(request.kind, '')}: {about}"

    # --- asking --------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """People ask for themselves; whoever answers is told."""
        if not self.env.su:
            mine = {"user_id": self.env.uid, "state": "new"}
            allowed = {"kind", "subject", "text", "company_id"}
            vals_list = [
                {n: v for n, v in vals.items() if n in allowed} | mine for vals in vals_list
            ]
        due = fields.Date.today() + timedelta(days=ANSWER_DAYS)
        quiet = self.with_context(mail_create_nosubscribe=True)
        requests = super(FieldPrivacyRequest, quiet).create(
            [{"due_on": due, **vals} for vals in vals_list]
        )
        requests.sudo()._tell_answerers()
        return requests.with_env(self.env)

    @api.model
    def _file(self, user, kind, text, subject="", record=None, uuid=None):
        """A request that came from the phone.

        :param record: ``(model, id)`` of the row to correct
        :raises FieldRejected: ``not_found`` when the row is none of the person's
        """
        if record and not self._is_about(user, *record):
            message = self.env._("There is no such entry about you.")
            raise FieldRejected("not_found", message)
        model, res_id = record or (False, False)
        vals = {"user_id": user.id, "company_id": self.env.company.id, "kind": kind, "text": text}
        vals |= {"subject": subject[:100], "res_model": model, "res_id": res_id}
        return self.sudo().create({**vals, "event_uuid": uuid}).with_env(self.env)

    @api.model
    def _is_about(self, user, model, res_id):
        for part in self.env["field.privacy"]._get_data_parts():
            if part.model == model:
                domain = Domain(part.owner, "=", user.id) & Domain("id", "=", res_id)
                return bool(self.env[model].sudo().search_count(domain, limit=1))
        return False

    def _tell_answerers(self):
        for request in self:
            for user in request._get_answerers() - request.user_id:
                request.with_context(lang=user.lang).activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=request.due_on,
                    summary=request.with_context(lang=user.lang).display_name,
                    user_id=user.id,
                )

    def _get_answerers(self):
        """The data protection officers of the company; administrators where there is none."""
        company = self.company_id
        officers = self.env.ref(PRIVACY).all_user_ids.filtered(
            lambda user: company in user.company_ids
        )
        return officers - self.user_id or company._field_admins()

    # --- answering -----------------------------------------------------------------------------

    def write(self, vals):
        """The person's words stay; only the answer is written by hand."""
        self.check_access("write")
        if self and not self.env.su and not vals.keys() <= ANSWER_FIELDS:
            raise UserError(self.env._("Write the answer; the request stays as it was asked."))
        return super().write(vals)

    def action_start(self):
        """An administrator has begun to look into it."""
        self._answer("in_progress")
        return True

    def action_accept(self):
        """Done as asked; the person is told."""
        self._answer("accepted")
        return True

    def action_refuse(self):
        """Not done, for the reason in the answer; the person is told."""
        self._answer("refused")
        return True

    def _answer(self, state):
        self.check_access("write")
        if not any(self.env.user.has_group(group) for group in ANSWERERS):
            text = self.env._("Only the data protection officer or an administrator can do this.")
            raise AccessError(text)
        if state != "in_progress" and any(not request.answer for request in self):
            raise UserError(self.env._("Write an answer first: the person will read it."))
        vals = {"state": state, "handler_id": self.env.uid}
        if state != "in_progress":
            vals["answered_at"] = fields.Datetime.now()
        self.sudo().write(vals)
        if state == "in_progress":
            return
        self.sudo().activity_ids.action_feedback()
        for request in self.sudo():
            request._tell_person()

    def _tell_person(self):
        request = self.with_context(lang=self.user_id.lang)
        states = dict(self._fields["state"]._description_selection(request.env))
        subject = f"{request.display_name} – {states[self.state]}"
        self.env["field.notice"]._notify(
            "privacy", self.user_id, subject, self.answer, author=self.handler_id, record=self
        )
