from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.texts import fill, local_clock
from odoo.addons.field_base.tools.errors import FieldRejected

STATES = [
    ("new", "Noted"),
    ("asked", "Asked"),
    ("explained", "Explained"),
    ("confirmed", "Confirmed"),
    ("false_alarm", "False alarm"),
]
OPEN = ("asked", "explained")
LONGEST_ANSWER = 2000


class FieldFlag(models.Model):
    """Something in somebody's track that needs a word from him. A question, never a verdict.

    The person is asked first; his leader hears of it with the answer, or after the policy's hours.
    A person decides, and what he decides is what the rule is measured by.
    """

    _name = "field.flag"
    _description = "Question about a track"
    _inherit = ["field.scope.mixin", "field.access.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, weight desc, id desc"

    user_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one(readonly=True)
    date = fields.Date(required=True, readonly=True, index=True)
    tz = fields.Char("Time zone", required=True, readonly=True)
    rule_id = fields.Many2one(
        "field.flag.rule", required=True, readonly=True, index=True, ondelete="restrict"
    )
    weight = fields.Integer(readonly=True, required=True, aggregator="avg")
    threshold = fields.Float(readonly=True, digits=(8, 1), aggregator=None)
    state = fields.Selection(STATES, required=True, readonly=True, default="new", index=True)
    start = fields.Datetime("From", required=True, readonly=True)
    end = fields.Datetime("To", required=True, readonly=True)
    hit_count = fields.Integer("Times", readonly=True, required=True, default=1)
    evidence = fields.Json(readonly=True, help="What was seen: figures and a sample of positions.")
    question = fields.Char(compute="_compute_question")
    record_so_far = fields.Char("The rule so far", compute="_compute_question")
    honest_causes = fields.Text(related="rule_id.honest_causes")
    asked_at = fields.Datetime(readonly=True)
    tell_at = fields.Datetime("Leader is told at", readonly=True)
    is_told = fields.Boolean("The leader knows", readonly=True, index=True)
    explanation = fields.Text("Answer", readonly=True)
    explained_at = fields.Datetime("Answered", readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, ondelete="set null", index="btree_not_null"
    )
    decided_at = fields.Datetime("Decided", readonly=True)
    verdict_note = fields.Text("Reason", readonly=True)
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _day_rule_uniq = models.Constraint(
        "UNIQUE(user_id, date, rule_id)", "A rule asks once about a day."
    )
    _due_idx = models.Index("(tell_at) WHERE NOT is_told AND state = 'asked'")

    @api.depends("rule_id", "date")
    def _compute_display_name(self):
        for flag in self:
            flag.display_name = f"{flag.rule_id.name or ''} · {flag.date or ''}"

    @api.depends("rule_id", "evidence", "start", "end")
    @api.depends_context("lang")
    def _compute_question(self):
        for flag in self:
            times = {
                "start": flag.start and local_clock(flag.start, flag.tz),
                "end": flag.end and local_clock(flag.end, flag.tz),
            }
            flag.question = fill(flag.rule_id.question or "", {**(flag.evidence or {}), **times})
            flag.record_so_far = flag.rule_id and flag.rule_id._describe_record_so_far()

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_mine(self):
        for flag in self:
            flag.is_mine = flag.user_id == self.env.user

    # --- asking --------------------------------------------------------------------------------

    def _do_ask(self, policy):
        """Put the question to the person; the leader's turn comes later."""
        now = fields.Datetime.now()
        tell_at = now + timedelta(hours=policy.flag_ask_hours)
        new = self.filtered(lambda flag: flag.state == "new")
        new.write({"state": "asked", "asked_at": now, "tell_at": tell_at})
        for flag in new:
            flag._give_task(flag.user_id, flag.with_context(lang=flag.user_id.lang).question)

    def _give_task(self, user, note):
        """An activity of the person, if he may see the question at all."""
        self.ensure_one()
        if not user or not self.with_user(user).sudo(False).has_access("read"):
            return
        lang = user.lang or "en_US"
        self.sudo().with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.with_context(lang=lang).env._("A question about a track"),
            note=note,
        )

    def _end_tasks(self, user=None):
        self.sudo().activity_unlink(
            ["mail.mail_activity_data_todo"], user_id=user.id if user else None
        )

    def _do_explain(self, text):
        """The person's answer; it can be replaced until somebody has decided.

        :raises FieldRejected: ``bad_payload`` ``already_decided``
        """
        text = (text or "").strip()[:LONGEST_ANSWER]
        if not text:
            raise FieldRejected("bad_payload", self.env._("Please write a few words."))
        for flag in self.sudo():
            if flag.state not in OPEN:
                raise FieldRejected(
                    "already_decided", self.env._("This question is already settled.")
                )
            now = fields.Datetime.now()
            flag.write({"state": "explained", "explanation": text, "explained_at": now})
            flag._end_tasks(flag.user_id)
            flag._tell_leader()
        return self

    def _tell_leader(self):
        """From now on the leader sees the question, and the nearest one has it as a task."""
        for flag in self.filtered(lambda one: not one.is_told):
            flag.is_told = True
            leader = flag._field_employees()[flag.id].parent_id.user_id
            text = flag.explanation or flag.with_context(lang=leader.lang).question
            flag._give_task(leader, text)

    @api.model
    def _cron_tell(self):
        """Who did not answer within the policy's hours: his leader sees the question as well."""
        domain = Domain("state", "=", "asked") & Domain("is_told", "=", False)
        due = self.search(domain & Domain("tell_at", "<=", fields.Datetime.now()), limit=1000)
        due.try_lock_for_update()._tell_leader()

    # --- deciding ------------------------------------------------------------------------------

    def _check_can_decide(self):
        """A leader above the person, an administrator; nobody about himself.

        :raises AccessError:
        """
        self.check_access("read")
        user = self.env.user
        if self.env.su:
            return
        if not user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("Your team leader decides this."))
        if user in self.user_id:
            raise AccessError(self.env._("Somebody else decides questions about your own track."))

    def _do_decide(self, verdict, note=""):
        """Settle questions: ``confirmed`` or ``false_alarm``."""
        self._check_can_decide()
        if any(flag.state not in OPEN for flag in self):
            raise UserError(self.env._("Only open questions can be settled."))
        self.sudo().write(
            {
                "state": verdict,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "verdict_note": (note or "").strip()[:LONGEST_ANSWER],
                "is_told": True,
            }
        )
        self._end_tasks()
        return True

    # --- buttons -------------------------------------------------------------------------------

    def action_answer(self):
        """Open the little form in which the person answers."""
        self.ensure_one()
        self._check_own()
        return self._open_reply("answer", self.env._("Answer"))

    def _check_own(self):
        """:raises AccessError: for questions that are not one's own to answer"""
        self.check_access("read")
        others = self.user_id - self.env.user
        if others:
            names = ", ".join(others.mapped("name"))
            raise AccessError(self.env._("Only %(name)s can answer this.", name=names))

    def action_confirm(self):
        """The leader finds the question justified."""
        self._check_can_decide()
        return self._open_reply("confirmed", self.env._("Confirm"))

    def action_false_alarm(self):
        """The leader finds that nothing was wrong."""
        self._check_can_decide()
        return self._open_reply("false_alarm", self.env._("False alarm"))

    def _open_reply(self, kind, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "field.flag.reply",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_kind": kind, "default_flag_ids": self.ids},
        }

    def action_playback(self):
        """The day on the map."""
        self.ensure_one()
        self.check_access("read")
        domain = [("user_id", "=", self.user_id.id), ("date", "=", self.date)]
        day = self.env["field.track.day"].search(domain)
        if not day:
            raise UserError(self.env._("The track of this day is not kept any more."))
        return day.action_playback()
