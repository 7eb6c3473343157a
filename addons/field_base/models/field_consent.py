from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.http import request

from ..tools.errors import FieldRejected

# Levels at which no way is recorded: nothing there that a consent would have to cover.
WITHOUT_TRACK = ("none", "check_in")
SIGNATURE_TYPES = ("image/png", "image/jpeg", "image/webp")
MOST_ADMINS = 10


class FieldConsent(models.Model):
    """One person's signed agreement to what his policy records: the text as he saw it, who, when,
    where from. Signing again supersedes it, a withdrawal ends it; nothing ever changes in it.

    What the law wants asked apart from the rest has a topic of its own, with its own text and
    version; a module adds it to ``topic`` and to the text of the policy.
    """

    _name = "field.consent"
    _description = "Consent"
    _inherit = [
        "field.append.mixin",
        "field.scope.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "signed_at desc, id desc"

    policy_id = fields.Many2one("field.policy", readonly=True, ondelete="restrict")
    topic = fields.Selection(
        [("work", "Recording of work")], required=True, readonly=True, default="work", index=True
    )
    version = fields.Char(
        required=True,
        readonly=True,
        help="Hash of what the policy records, shows and keeps. Another policy that does the same "
        "has the same version, in every language.",
    )
    lang = fields.Char("Language", required=True, readonly=True)
    sections = fields.Json(required=True, readonly=True)
    text = fields.Text(required=True, readonly=True)
    text_hash = fields.Char("SHA-256 of the text", required=True, readonly=True)
    name = fields.Char("Signed as", required=True, readonly=True)
    signed_at = fields.Datetime(required=True, readonly=True)
    received_at = fields.Datetime("Received", required=True, readonly=True)
    signature = fields.Binary(attachment=True, readonly=True)
    signature_uuid = fields.Char("Signature file", readonly=True, index="btree_not_null")
    device_id = fields.Many2one("field.device", readonly=True, ondelete="set null")
    ip_address = fields.Char("Network address", readonly=True)
    user_agent = fields.Char("Browser", readonly=True)
    event_uuid = fields.Char("Event", readonly=True)
    state = fields.Selection(
        [("valid", "Signed"), ("superseded", "Replaced"), ("withdrawn", "Withdrawn")],
        required=True,
        readonly=True,
        default="valid",
        index=True,
    )
    is_current = fields.Boolean(
        "In force",
        compute="_compute_is_current",
        help="Signed, and the person's policy still says what he signed.",
    )
    ended_at = fields.Datetime("Ended", readonly=True)

    _valid_uniq = models.UniqueIndex(
        "(user_id, company_id, topic) WHERE state = 'valid'",
        "There is one valid consent per person and topic.",
    )
    _ended_when_over = models.Constraint(
        "CHECK((state = 'valid') = (ended_at IS NULL))", "A consent that is over has an end."
    )

    @api.depends("user_id", "signed_at")
    def _compute_display_name(self):
        for consent in self:
            date = fields.Date.to_string(consent.signed_at) or ""
            consent.display_name = f"{consent.user_id.sudo().name or ''} {date}".strip()

    @api.depends("state", "version")
    def _compute_is_current(self):
        for company, consents in self.grouped("company_id").items():
            policies = self.env["field.policy"].with_company(company)
            found = policies._get_for_users(consents.user_id) if consents.user_id else {}
            for consent in consents:
                policy = found.get(consent.user_id.id)
                consent.is_current = (
                    bool(policy)
                    and consent.state == "valid"
                    and consent.version == policy._get_consent_version(consent.topic)
                )

    # --- who has agreed ------------------------------------------------------------------------

    @api.model
    def _has_valid(self, users):
        """Ids of the users who signed what their policy says today, in the current company."""
        states = self._get_states(users)
        return {user_id for user_id, state in states.items() if state["valid"]}

    @api.model
    def _is_missing(self, users):
        """Ids of the users of whom positions must not be kept: their policy asks for a consent and
        there is none for its present version."""
        states = self._get_states(users)
        return {uid for uid, state in states.items() if state["required"] and not state["valid"]}

    @api.model
    def _get_states(self, users, topic="work"):
        """What each person has agreed to, in a number of queries that does not grow with them.

        :returns: ``{user.id: {"required", "valid", "version", "signed_at", "withdrawn_at"}}``
        """
        policies = self.env["field.policy"]._get_for_users(users)
        latest = {}
        for consent in self.sudo().search(
            [("user_id", "in", users.ids), ("topic", "=", topic)], order="received_at desc, id desc"
        ):
            latest.setdefault((consent.user_id.id, consent.company_id.id), consent)
        result = {}
        for user_id, policy in policies.items():
            version = policy._get_consent_version(topic)
            consent = latest.get((user_id, policy.company_id.id), self.browse())
            valid = consent.state == "valid" and consent.version == version
            result[user_id] = {
                "required": policy.consent_required,
                "valid": valid,
                "version": version,
                "signed_at": consent.signed_at if valid else False,
                "withdrawn_at": consent.state == "withdrawn" and consent.ended_at,
            }
        return result

    # --- signing -------------------------------------------------------------------------------

    @api.model
    def _sign(
        self,
        user,
        version,
        name,
        at,
        signature_uuid=None,
        signature=None,
        event=None,
        topic="work",
    ):
        """Note that the person agrees to the text of his present policy.

        The same again gives the consent that is there. One signed before is superseded.

        :param str version: of the text that was shown
        :param str name: as typed under it
        :param at: naive UTC datetime
        :param bytes signature: base64 of a picture, when there is one
        :param str topic: what the consent is about
        :raises FieldRejected: ``consent_outdated`` ``bad_payload``
        """
        if user != self.env.user and not self.env.su:
            raise AccessError(self.env._("Everybody signs for himself."))
        name = (name or "").strip()
        if not name:
            raise FieldRejected("bad_payload", self.env._("Please sign with your name."))
        self._check_topic(topic)
        policy = self.env["field.policy"]._get_for_users(user)[user.id]
        if version != policy._get_consent_version(topic):
            message = self.env._("The rules have changed. Please read the new text and sign it.")
            raise FieldRejected("consent_outdated", message)
        Consent = self.sudo()
        domain = [("user_id", "=", user.id), ("company_id", "=", policy.company_id.id)]
        before = Consent.search([*domain, ("topic", "=", topic), ("state", "=", "valid")])
        if before.version == version:
            return before.with_env(self.env)
        before._end("superseded", at)
        vals = self._prepare_sign_vals(user, policy, name, at, topic)
        vals |= {"signature_uuid": signature_uuid, "signature": signature}
        if event:
            vals |= {"device_id": event.device_id.id, "event_uuid": event.uuid}
        quiet = Consent.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        consent = quiet.create(vals).with_env(self.env)
        consent.sudo()._link_signature()
        self.env.registry.clear_cache()  # whether a device may be tracked is remembered a minute
        return consent

    @api.model
    def _check_topic(self, topic):
        """:raises FieldRejected: ``bad_payload``"""
        if topic not in self._fields["topic"].get_values(self.env):
            raise FieldRejected("bad_payload", self.env._("There is no consent of this kind."))

    @api.model
    def _prepare_sign_vals(self, user, policy, name, at, topic="work"):
        lang = user.sudo().lang or "en_US"
        sections = policy._get_consent_sections(user, lang, topic)
        text = policy._get_consent_text(sections)
        return {
            "user_id": user.id,
            "company_id": policy.company_id.id,
            "policy_id": policy.id,
            "topic": topic,
            "version": policy._get_consent_version(topic),
            "lang": lang,
            "sections": sections,
            "text": text,
            "text_hash": policy._hash_consent(text),
            "name": name[:200],
            "signed_at": at.replace(microsecond=0),
            "received_at": fields.Datetime.now(),
            **self._prepare_origin_vals(),
        }

    @api.model
    def _prepare_origin_vals(self):
        if not request:
            return {}
        incoming = request.httprequest
        return {
            "ip_address": incoming.remote_addr,
            "user_agent": (incoming.user_agent.string or "")[:300],
        }

    def _link_signature(self):
        """The picture of the signature may come before or after the consent."""
        waiting = self.filtered(lambda c: c.signature_uuid and not c.signature)
        uuids = waiting.mapped("signature_uuid")
        blobs = self.env["field.blob"].sudo().search([("uuid", "in", uuids)]) if uuids else ()
        by_key = {(b.uuid, b.user_id.id): b for b in blobs if b.mimetype in SIGNATURE_TYPES}
        for consent in waiting:
            blob = by_key.get((consent.signature_uuid, consent.user_id.id))
            if blob:
                consent._opened().signature = blob.attachment_id.datas

    # --- the end of it -------------------------------------------------------------------------

    @api.model
    def _withdraw(self, user, at, topic="work"):
        """End the person's consents of a topic, at once and everywhere; administrators are told.

        One that he signed after ``at`` (the withdrawal came late) stands.

        :returns: the consents that ended
        """
        if user != self.env.user and not self.env.su:
            raise AccessError(self.env._("Everybody withdraws his own consent."))
        self._check_topic(topic)
        domain = [("user_id", "=", user.id), ("state", "=", "valid"), ("signed_at", "<=", at)]
        consents = self.sudo().search([*domain, ("topic", "=", topic)])
        consents._end("withdrawn", at)
        for consent in consents:
            consent._tell_administrators()
        self.env.registry.clear_cache()
        return consents.with_env(self.env)

    def _end(self, state, at):
        if self:
            self._opened().write({"state": state, "ended_at": at.replace(microsecond=0)})
            self.flush_recordset()

    def _tell_administrators(self):
        """An activity each, with the mail Odoo sends about it."""
        for admin in self.company_id._field_admins():
            consent = self.with_context(lang=admin.lang)
            consent.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=consent.env._("%(name)s withdrew the consent", name=self.user_id.name),
                note=consent._describe_withdrawal(),
                user_id=admin.id,
            )

    def _describe_withdrawal(self):
        """Hook: what the withdrawal means, in the language of who reads it."""
        return self.env._(
            "From now on only check-ins are recorded. No position of this person is kept."
        )

    def action_withdraw(self):
        """Withdraw one's own consent (button)."""
        self.check_access("read")
        for consent in self:
            consent._withdraw(consent.user_id, fields.Datetime.now(), consent.topic)
        return True

    def action_print(self):
        """The signed consent as PDF."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/field/consent/{self.id}.pdf"}
