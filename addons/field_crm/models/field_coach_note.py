from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ANSWER_DAYS = 3


class FieldCoachNote(models.Model):
    """What a leader says about a deal that stands still. It is answered, or it goes one level up:
    advice that nobody reads is no coaching."""

    _name = "field.coach.note"
    _description = "Coach Note"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", "Deal", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    kind = fields.Selection(
        [
            ("note", "Advice"),
            ("plan", "Asks for a plan"),
            ("join", "Joins the next visit"),
            ("expert", "Assigns an expert"),
        ],
        required=True,
        default="note",
    )
    body = fields.Text("Note", required=True)
    author_id = fields.Many2one(
        "res.users",
        "From",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users", "To", required=True, readonly=True, index=True, ondelete="restrict"
    )
    expert_id = fields.Many2one("res.users", domain=[("share", "=", False)], ondelete="restrict")
    due_on = fields.Date(
        "Answer by",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=ANSWER_DAYS),
    )
    answer = fields.Text(readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True)
    state = fields.Selection(
        [("open", "To answer"), ("escalated", "Gone one level up"), ("answered", "Answered")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    escalated_to_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends_context("uid")
    @api.depends("user_id", "state")
    def _compute_is_mine(self):
        for note in self:
            note.is_mine = note.user_id == self.env.user and note.state != "answered"

    @api.model_create_multi
    def create(self, vals_list):
        prepared = [self._prepare_note(vals) for vals in vals_list]
        notes = super().create(prepared)
        for note in notes:
            note._check_author()
            note._act()
            note._tell()
        return notes

    def _prepare_note(self, vals):
        """The deal says whom the note is for; the author is who writes it."""
        lead = self.env["crm.lead"].browse(vals.get("lead_id")).sudo()
        if not lead.user_id:
            raise UserError(self.env._("The deal has no salesperson who could answer."))
        kept = {
            name: value
            for name, value in vals.items()
            if name in ("lead_id", "kind", "body", "due_on", "expert_id")
        }
        return {**kept, "author_id": self.env.uid, "user_id": lead.user_id.id}

    def _check_author(self):
        """:raises AccessError: the author is no leader of the salesperson"""
        if self.env.su or self.env.user.has_groups(
            "sales_team.group_sale_manager,field_base.field_base_group_admin"
        ):
            return
        if self.env.user not in self.user_id.sudo().field_leader_ids:
            raise AccessError(self.env._("You coach your own people only."))

    def _act(self):
        """A promise is kept at once: the leader joins the team, or the expert does."""
        if self.kind == "expert" and not self.expert_id:
            raise UserError(self.env._("Choose the expert."))
        deal = self.lead_id.sudo()
        joins = {"join": self.author_id, "expert": self.expert_id}.get(self.kind)
        if joins and joins not in deal.field_member_ids.user_id | deal.user_id:
            role = "director" if self.kind == "join" else "expert"
            self.env["field.deal.member"].sudo().create(
                {
                    "lead_id": deal.id,
                    "user_id": joins.id,
                    "role_id": self.env.ref(f"field_crm.field_deal_role_{role}").id,
                }
            )

    def _tell(self):
        self.sudo().activity_id = self.lead_id.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.due_on,
            user_id=self.user_id.id,
            summary=self.env._("Answer a coach note"),
            note=self.body,
        )

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A coach note is answered, not changed."))
        return super().write(vals)

    def action_answer(self, text):
        """Answer a note.

        :raises AccessError: the note is for somebody else
        :raises UserError: the answer is empty, or the note is answered already
        """
        self.ensure_one()
        self.check_access("read")
        if self.env.user != self.user_id:
            raise AccessError(self.env._("%(name)s answers this note.", name=self.user_id.name))
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("Write what you will do."))
        if self.state == "answered":
            raise UserError(self.env._("This note is answered already."))
        self.sudo().write(
            {
                "answer": text.strip(),
                "answered_at": fields.Datetime.now(),
                "state": "answered",
            }
        )
        self.sudo().activity_id.action_feedback(feedback=text.strip())
        deal = self.lead_id.sudo()
        readers = (self.author_id | self.escalated_to_id).sudo()
        self.env["field.notice"]._notify(
            "deal", readers, deal.name, text.strip(), author=self.env.user, record=deal
        )

    def action_open_answer(self):
        """Open the dialog for the answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "field.coach.answer",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_note_id": self.id},
        }

    @api.model
    def _cron_escalate(self):
        """Notes nobody answered in time go to the leader of the leader, once."""
        notes = self.sudo().search([("state", "=", "open"), ("due_on", "<", fields.Date.today())])
        for note in notes.try_lock_for_update():
            note._escalate()

    def _escalate(self):
        above = self.author_id.employee_id.parent_id.user_id or self.author_id
        self.write({"state": "escalated", "escalated_to_id": above.id})
        self.lead_id.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=above.id,
            summary=self.env._("A coach note was not answered"),
            note=self.body,
        )
