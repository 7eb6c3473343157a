from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.payload import read_position

#: Somebody still has to do something about it.
LIVE = ("asked", "open", "seen")

#: A phone's clock is known to about this much: an answer may seem to come before its question.
CLOCK_SLACK = timedelta(seconds=5)


class FieldAlarm(models.Model):
    """Somebody in the field calls for help, or does not answer whether he is all right.

    One at a time for a person. The direct leader is told at once; as long as nobody takes care of
    it, the next one above, and last the administrators. All of it is in the log below it.
    """

    _name = "field.alarm"
    _description = "Safety alarm"
    _inherit = ["field.scope.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "started_at desc, id desc"
    _mail_post_access = "read"

    kind = fields.Selection(
        [("sos", "SOS"), ("check", "Are you all right?")], required=True, readonly=True
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("open", "Needs help"),
            ("seen", "Being taken care of"),
            ("ok", "All right"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    started_at = fields.Datetime(
        "Since", required=True, readonly=True, help="When help was called for, or it was asked."
    )
    received_at = fields.Datetime(
        "Received", readonly=True, help="Later than the call when there was no network."
    )
    answer_by = fields.Datetime("To be answered by", readonly=True)
    escalate_at = fields.Datetime("Next leader at", readonly=True)
    seen_at = fields.Datetime("Taken care of since", readonly=True)
    seen_by_id = fields.Many2one("res.users", "Taken care of by", readonly=True)
    ended_at = fields.Datetime("Over at", readonly=True)
    told_ids = fields.Many2many("res.users", string="Who was told", readonly=True)
    lat = fields.Float("Latitude", digits=(10, 7), readonly=True)
    lng = fields.Float("Longitude", digits=(10, 7), readonly=True)
    accuracy = fields.Float("Accuracy (m)", digits=(10, 1), readonly=True)
    note = fields.Char("What was said", readonly=True)
    subject = fields.Char("At work on", readonly=True)
    outcome = fields.Text("What happened", help="What was found, and what was done.")
    res_model = fields.Char("Document model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    event_uuid = fields.Char("Event", readonly=True)
    phone = fields.Char(compute="_compute_phone", compute_sudo=True)

    _live_uniq = models.UniqueIndex(
        "(user_id) WHERE state IN ('asked', 'open', 'seen')", "One alarm of a person at a time."
    )
    _subject_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    @api.depends("user_id", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alarm in self:
            alarm.display_name = f"{kinds.get(alarm.kind, '')}: {alarm.user_id.name or ''}"

    @api.depends("user_id")
    def _compute_phone(self):
        employees = self._field_employees()
        for alarm in self:
            employee = employees[alarm.id]
            own = alarm.user_id.partner_id.phone
            alarm.phone = employee.mobile_phone or employee.work_phone or own

    # --- beginning -----------------------------------------------------------------------------

    @api.model
    def _find_live(self, user):
        """The person's alarm that is not over (sudo, maybe empty)."""
        return self.sudo().search([("user_id", "=", user.id), ("state", "in", LIVE)], limit=1)

    @api.model
    def _call(self, user, at, position=None, note="", uuid=None):
        """The person calls for help; calling again tells everybody again, with the new place.

        Taken at any hour and under any policy: who needs help is not told that it is switched off.

        :param at: naive UTC datetime
        :param dict position: as sent; none is fine
        :returns: the alarm
        """
        position = read_position(position)
        now = fields.Datetime.now()
        vals = {"kind": "sos", "note": note or False, "event_uuid": uuid, "received_at": now}
        if position:
            vals |= {"lat": position["lat"], "lng": position["lng"]}
            vals["accuracy"] = position["accuracy"] or 0.0
        alarm = self._find_live(user)
        if alarm:
            alarm.write({**vals, "state": "open", "started_at": at.replace(microsecond=0)})
            alarm._tell(alarm.told_ids)
        else:
            alarm = self._begin(user, at, {**vals, "state": "open"})
        alarm._tell_next(now)
        return alarm.with_env(self.env)

    @api.model
    def _ask(self, user, about, minutes, company):
        """Ask somebody whether he is all right.

        :param about: the record he works on (a visit)
        :param int minutes: he has to answer
        """
        now = fields.Datetime.now()
        vals = {"kind": "check", "state": "asked", "answer_by": now + timedelta(minutes=minutes)}
        vals |= {"res_model": about._name, "res_id": about.id, "received_at": now}
        subject = about.sudo().with_context(lang=user.lang).display_name
        env = self.with_company(company)
        alarm = env._begin(user, now, {**vals, "subject": subject, "company_id": company.id})
        alarm._ask_person()
        self._wake(alarm.answer_by)
        return alarm

    @api.model
    def _begin(self, user, at, vals):
        company = self.env.company
        if company not in user.sudo().company_ids:
            company = user.sudo().company_id
        quiet = self.sudo().with_context(mail_create_nosubscribe=True, tracking_disable=False)
        return quiet.create(
            {
                "user_id": user.id,
                "company_id": company.id,
                "started_at": at.replace(microsecond=0),
                **vals,
            }
        )

    def _ask_person(self):
        """Quiet hours do not count: who works now is asked now."""
        alarm = self.with_context(lang=self.user_id.lang)
        time = fields.Datetime.context_timestamp(
            alarm.with_context(tz=self.user_id._field_tz()), self.answer_by
        )
        alarm.message_notify(
            subject=alarm.env._("Are you all right?"),
            body=alarm.env._(
                "You have been at “%(subject)s” for long. Please answer in the app until "
                "%(time)s, else your leader is told.",
                subject=self.subject,
                time=f"{time:%H:%M}",
            ),
            partner_ids=self.user_id.partner_id.ids,
        )

    # --- telling -------------------------------------------------------------------------------

    def _tell_next(self, now):
        """Tell the next one above who does not know yet, after the last the administrators."""
        self.ensure_one()
        left = self.user_id._field_leader_chain(self.company_id) - self.told_ids
        nearest = left[:1] or self.company_id._field_admins() - self.told_ids - self.user_id
        self._tell(nearest)
        policies = self.env["field.policy"].with_company(self.company_id)
        minutes = policies._get_for_users(self.user_id)[self.user_id.id].safety_escalate_min
        at = now + timedelta(minutes=minutes) if nearest else False
        self.write({"escalate_at": at, "told_ids": [(4, user.id) for user in nearest]})
        if at:
            self._wake(at)

    def _tell(self, users):
        """A message, an activity, and a word on the screen of who has Odoo open, in his words."""
        for user in users:
            alarm = self.with_context(lang=user.lang or "en_US")
            title, text = alarm._describe(user)
            alarm.message_notify(subject=title, body=text, partner_ids=user.partner_id.ids)
            if not alarm.activity_ids.filtered(lambda one, user=user: one.user_id == user):
                alarm.activity_schedule(
                    "mail.mail_activity_data_todo", summary=title, note=text, user_id=user.id
                )
            user._bus_send("field_base.alarm", {"id": self.id, "title": title, "text": text})
        if users:
            names = ", ".join(users.mapped("name"))
            self._log(self.env._("Told: %(names)s", names=names))

    def _describe(self, reader):
        """Title and text for who is to help; the place stays in the record, not in mails."""
        name = self.user_id.name
        zone = self.with_context(tz=reader._field_tz())
        since = fields.Datetime.context_timestamp(zone, self.started_at)
        values = {"name": name, "time": f"{since:%H:%M}", "subject": self.subject or ""}
        if self.kind == "sos":
            title = self.env._("SOS: %(name)s needs help", **values)
            text = self.env._("Called for help at %(time)s.", **values)
        else:
            title = self.env._("No answer from %(name)s", **values)
            text = self.env._(
                "Was asked at %(time)s, at “%(subject)s”, and has not answered.", **values
            )
        if self.note:
            text = f"{text} {self.note}"
        return title, text

    def _log(self, text):
        self._message_log(body=text)

    @api.model
    def _wake(self, at):
        """The job looks again at this moment."""
        self.env.ref("field_base.field_alarm_cron_watch").sudo()._trigger(at)

    # --- the end of it -------------------------------------------------------------------------

    @api.model
    def _all_right(self, user, at):
        """The person says that he is all right: what began before is over, all who know are told.

        :returns: the alarm, or an empty recordset when there was none
        """
        alarm = self._find_live(user)
        if alarm and alarm.started_at <= at + CLOCK_SLACK:
            alarm._over(at, alarm.env._("Says that everything is all right"))
        return alarm.with_env(self.env)

    def _over(self, at, text):
        """Nobody has to do anything any more."""
        for alarm in self.filtered(lambda one: one.state in LIVE):
            told = alarm.told_ids
            ended = max(at.replace(microsecond=0), alarm.started_at)
            alarm.write({"state": "ok", "ended_at": ended, "escalate_at": False})
            alarm._log(text)
            alarm.activity_ids.action_feedback(feedback=text)
            for user in told:
                words = alarm.with_context(lang=user.lang or "en_US").env
                alarm.message_notify(
                    subject=words._("%(name)s is all right", name=alarm.user_id.name),
                    body=text,
                    partner_ids=user.partner_id.ids,
                )

    @api.model
    def _work_is_over(self, records):
        """What somebody was asked about has ended as it should (he checked out)."""
        asked = self.sudo().search(
            Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("kind", "=", "check")
            & Domain("state", "in", LIVE)
        )
        asked._over(fields.Datetime.now(), self.env._("The visit has ended"))

    # --- the job -------------------------------------------------------------------------------

    @api.model
    def _cron_watch(self):
        """Ask who has been somewhere for long; raise what was not answered; tell the next."""
        now = fields.Datetime.now()
        self._ask_overdue(now)
        late = self.search([("state", "=", "asked"), ("answer_by", "<=", now)])
        for alarm in late.try_lock_for_update():
            alarm.write({"state": "open", "answer_by": False})
            alarm._tell_next(now)
        waiting = self.search([("state", "=", "open"), ("escalate_at", "<=", now)])
        for alarm in waiting.try_lock_for_update():
            alarm._tell_next(now)

    @api.model
    def _ask_overdue(self, now):
        """Hook: modules ask (:meth:`_ask`) whose work has lasted longer than the policy allows."""

    # --- buttons -------------------------------------------------------------------------------

    def _check_can_help(self):
        """Leaders above and administrators, never the person himself."""
        self.check_access("read")
        leader = self.env.user.has_group("field_base.field_base_group_leader")
        if not leader or self.env.user in self.user_id:
            raise AccessError(self.env._("An alarm is taken care of by the leaders above."))

    def action_acknowledge(self):
        """I take care of it: nobody else is told, the person sees it on his phone."""
        self._check_can_help()
        for alarm in self.sudo().filtered(lambda one: one.state in ("asked", "open")):
            now = fields.Datetime.now()
            vals = {"state": "seen", "seen_at": now, "seen_by_id": self.env.uid}
            alarm.write({**vals, "escalate_at": False, "answer_by": False})
            alarm.activity_ids.filtered(lambda one: one.user_id != self.env.user).unlink()
        return True

    def action_close(self):
        """Over; what happened is written down first."""
        self._check_can_help()
        for alarm in self.sudo().filtered(lambda one: one.state in LIVE):
            if not (alarm.outcome or "").strip():
                raise UserError(self.env._("First write what happened and what was done."))
            now = fields.Datetime.now()
            vals = {"state": "closed", "ended_at": now, "escalate_at": False}
            if not alarm.seen_by_id:
                vals |= {"seen_by_id": self.env.uid, "seen_at": now}
            alarm.write(vals)
            alarm.activity_ids.action_feedback(feedback=alarm.outcome)
        return True

    def action_open_map(self):
        """Where help was called for, on the map, with the way there."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("field_base.field_alarm_action")
        views = [(False, "field_map"), (False, "form")]
        return action | {"views": views, "domain": [("id", "=", self.id)], "context": {}}

    def write(self, vals):
        """By hand only what happened; the rest is written by what people do."""
        self.check_access("write")
        if self and not self.env.su and not vals.keys() <= {"outcome"}:
            raise UserError(self.env._("An alarm stays as it was. Write what happened."))
        return super().write(vals)
