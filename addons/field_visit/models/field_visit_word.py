"""The customer's word: a code and a link by mail; either of them says that the visit took place."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.field_base.tools.errors import FieldRejected

HOURS = 72
#: A refused code leaves no trace that survives, so it is too long to be tried out: 40 bits.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 8
RATINGS = [(str(number), str(number)) for number in range(1, 6)]


class FieldVisitWord(models.Model):
    _name = "field.visit.word"
    _description = "Word of the Customer"
    _order = "id desc"
    _rec_name = "visit_id"

    visit_id = fields.Many2one(
        "field.visit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="visit_id.partner_id", store=True, index=True)
    user_id = fields.Many2one(related="visit_id.user_id", store=True, index=True, string="Person")
    company_id = fields.Many2one(related="visit_id.company_id", store=True, index=True)
    token_hash = fields.Char(required=True, readonly=True, groups="base.group_system")
    code_hash = fields.Char(required=True, readonly=True, groups="base.group_system")
    asked_at = fields.Datetime("Asked on", required=True, readonly=True)
    expires_at = fields.Datetime("Valid until", required=True, readonly=True)
    answered_at = fields.Datetime("Answered on", readonly=True)
    state = fields.Selection(
        [("asked", "Asked"), ("confirmed", "Confirmed"), ("denied", "Denied")],
        required=True,
        readonly=True,
        default="asked",
        index=True,
    )
    via = fields.Selection([("code", "Code"), ("link", "Link")], "By", readonly=True)
    rating = fields.Selection(RATINGS, readonly=True)
    remark = fields.Char(readonly=True)

    _token_uniq = models.UniqueIndex("(token_hash)", "The token must be unique.")

    @api.model
    def _hash(self, text):
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    @api.model
    def _ask(self, visit):
        """Mail a fresh code and link to the customer; the ones before are worthless.

        :returns: field.visit.word (sudo)
        :raise FieldRejected: no_email
        """
        partner = visit.partner_id.sudo()
        if not partner.email_normalized:
            raise FieldRejected(
                "no_email",
                self.env._(
                    "%(customer)s has no e-mail address: choose another proof.",
                    customer=partner.display_name,
                ),
            )
        Word = self.sudo()
        old = Word.search([("visit_id", "=", visit.id), ("state", "=", "asked")])
        token, code = (
            secrets.token_urlsafe(24),
            "".join(secrets.choice(LETTERS) for _each in range(LENGTH)),
        )
        now = fields.Datetime.now()
        old.write({"expires_at": now})
        word = Word.create(
            {
                "visit_id": visit.id,
                "token_hash": self._hash(token),
                "code_hash": self._hash(f"{visit.id}|{code}"),
                "asked_at": now,
                "expires_at": now + timedelta(hours=HOURS),
            }
        )
        word._send(token, code)
        return word

    def _send(self, token, code):
        template = self.env.ref("field_visit.field_visit_word_mail_template")
        base = self.visit_id.company_id.get_base_url()
        context = {"field_word_code": code, "field_word_url": f"{base}/field/word/{token}"}
        template.with_context(**context).send_mail(
            self.id, email_layout_xmlid="mail.mail_notification_light"
        )

    @api.model
    def _find(self, token):
        """The open or answered question behind a link, for whoever holds it.

        :returns: field.visit.word (sudo), maybe empty
        """
        return self.sudo().search([("token_hash", "=", self._hash(token or ""))])

    def _is_open(self):
        return self.state == "asked" and self.expires_at > fields.Datetime.now()

    @api.model
    def _check_code(self, visit, code):
        """The customer told his code to the representative.

        :raise FieldRejected: word_wrong
        """
        word = self.sudo().search([("visit_id", "=", visit.id)], limit=1)
        if word.state == "confirmed":
            return word
        clean = "".join(char for char in (code or "").upper() if char.isalnum())
        expected = self._hash(f"{visit.id}|{clean}")
        if word and word._is_open() and hmac.compare_digest(word.code_hash, expected):
            word._answer("confirmed", "code")
            return word
        raise FieldRejected(
            "word_wrong", self.env._("This is not the code the customer was given. Ask him again.")
        )

    def _answer(self, state, via, rating=None, remark=None):
        """What the customer says, once."""
        self.ensure_one()
        self.write(
            {
                "state": state,
                "via": via,
                "answered_at": fields.Datetime.now(),
                "rating": rating if rating in dict(RATINGS) else False,
                "remark": (remark or "").strip()[:500],
            }
        )
        if via == "link":
            self.visit_id._take_word(self)
