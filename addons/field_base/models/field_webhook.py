"""What happens, told to other systems: signed, in the background, again until received."""

import json
import secrets
import time
from datetime import timedelta

import requests

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL, ormcache

from ..tools.signature import sign

TIMEOUT_S = 10
# Minutes until the next attempt; after the last one it is given up.
RETRY_MIN = (1, 5, 15, 60, 240, 720, 1440)
BATCH = 50
KEEP_DAYS = 30


class FieldWebhookTopic(models.Model):
    """Something that happens and can be told. Modules bring theirs as data."""

    _name = "field.webhook.topic"
    _description = "Topic of webhooks"
    _order = "code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is one topic of this name.")


class FieldWebhook(models.Model):
    _name = "field.webhook"
    _description = "Webhook"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    url = fields.Char("Address", required=True, tracking=True)
    secret = fields.Char(
        required=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(32),
        groups="field_base.field_base_group_admin",
        help="Shared with the receiver, who checks the header X-Field-Signature with it.",
    )
    topic_ids = fields.Many2many("field.webhook.topic", string="Told about", tracking=True)
    delivery_ids = fields.One2many("field.webhook.delivery", "webhook_id", "Deliveries")

    @api.constrains("url")
    def _check_url(self):
        if any(not hook.url.startswith(("https://", "http://")) for hook in self):
            raise ValidationError(self.env._("An address begins with https:// or http://."))

    # A company that has no webhooks pays nothing: which topics anybody wants is remembered.

    @api.model
    @ormcache()
    def _topics_in_use(self):
        """Codes of the topics that any webhook, in whatever company, is told about."""
        return frozenset(self.sudo().search([("topic_ids", "!=", False)]).topic_ids.mapped("code"))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _queue(self, topic, records):
        """Note for everybody who wants to hear of it that something happened to records.

        :param str topic: code of a field.webhook.topic, ``thing.what_happened``
        :param records: of a model that is a resource of the API, with company_id
        """
        if not records or topic not in self._topics_in_use():
            return
        records, at = records.sudo(), fields.Datetime.now()
        hooks = self.sudo().search([("topic_ids.code", "=", topic)])
        rows = self.env["field.open.api"]._rows_of_model(records)
        thing = topic.split(".")[0]
        self.env["field.webhook.delivery"].sudo().create(
            [
                {
                    "webhook_id": hook.id,
                    "company_id": hook.company_id.id,
                    "topic": topic,
                    "res_model": record._name,
                    "res_id": record.id,
                    "next_at": at,
                    "body": json.dumps(
                        {"event": topic, "at": f"{at.isoformat()}Z", thing: row}, default=str
                    ),
                }
                for hook in hooks
                for record, row in zip(records, rows, strict=True)
                if not record.company_id or record.company_id == hook.company_id
            ]
        )


class FieldWebhookMixin(models.AbstractModel):
    """Rows whose state is told to other systems."""

    _name = "field.webhook.mixin"
    _description = "Rows told by webhooks"

    @api.model
    def _get_webhook_topics(self):
        """Hook.

        :returns: ``{state: code of a field.webhook.topic}``
        """
        return {}

    @api.model
    def _is_told(self):
        topics = self._get_webhook_topics().values()
        return not self.env["field.webhook"]._topics_in_use().isdisjoint(topics)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if self._is_told():
            rows._queue_webhooks(dict.fromkeys(rows.ids))
        return rows

    def write(self, vals):
        if "state" not in vals or not self._is_told():
            return super().write(vals)
        before = {row.id: row.state for row in self}
        result = super().write(vals)
        self._queue_webhooks(before)
        return result

    def _queue_webhooks(self, before):
        topics = self._get_webhook_topics()
        moved = self.filtered(lambda row: row.state != before[row.id])
        for state, rows in moved.grouped("state").items():
            if state in topics:
                self.env["field.webhook"]._queue(topics[state], rows)


class FieldWebhookDelivery(models.Model):
    _name = "field.webhook.delivery"
    _description = "Delivery of a Webhook"
    _order = "id desc"
    _rec_name = "topic"

    webhook_id = fields.Many2one(
        "field.webhook", readonly=True, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    topic = fields.Char(readonly=True, required=True)
    res_model = fields.Char("Document model", readonly=True, required=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    body = fields.Text(readonly=True, required=True)
    state = fields.Selection(
        [("pending", "To be sent"), ("done", "Received"), ("failed", "Given up")],
        default="pending",
        required=True,
        readonly=True,
    )
    tries = fields.Integer(readonly=True)
    next_at = fields.Datetime("Next Attempt", readonly=True)
    status = fields.Char("Last Answer", readonly=True)

    _due_idx = models.Index("(next_at) WHERE state = 'pending'")

    @api.model
    def _cron_deliver(self):
        """Send what is due, oldest first; several of these may run at once."""
        Cron = self.env["ir.cron"]
        due = [("state", "=", "pending"), ("next_at", "<=", fields.Datetime.now())]
        Cron._commit_progress(remaining=self.search_count(due))
        while rows := self.search(due, order="next_at, id", limit=BATCH).try_lock_for_update():
            for row in rows:
                row._deliver()
                if not Cron._commit_progress(1):
                    return

    def _deliver(self):
        self.ensure_one()
        hook, moment = self.webhook_id.sudo(), int(time.time())
        body = self.body.encode()
        headers = {
            "Content-Type": "application/json",
            "X-Field-Event": self.topic,
            "X-Field-Delivery": str(self.id),
            "X-Field-Signature": sign(hook.secret, moment, body),
        }
        try:
            answer = requests.post(
                hook.url, data=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False
            )
            status, received = str(answer.status_code), 200 <= answer.status_code < 300
        except requests.RequestException as exc:
            status, received = type(exc).__name__, False
        self._note_attempt(status, received)

    def _note_attempt(self, status, received):
        vals = {"tries": self.tries + 1, "status": status}
        if received:
            vals |= {"state": "done", "next_at": False}
        elif self.tries >= len(RETRY_MIN):
            vals |= {"state": "failed", "next_at": False}
        else:
            wait = timedelta(minutes=RETRY_MIN[self.tries])
            vals["next_at"] = fields.Datetime.now() + wait
        self.write(vals)

    def action_retry(self):
        """Send deliveries that were given up once more.

        :raises AccessError: only for administrators
        """
        self.check_access("read")
        if not self.env.user.has_group("field_base.field_base_group_admin"):
            raise AccessError(self.env._("Only an administrator sends again."))
        failed = self.sudo().filtered(lambda row: row.state == "failed")
        failed.write({"state": "pending", "tries": 0, "next_at": fields.Datetime.now()})
        return True

    @api.autovacuum
    def _gc_deliveries(self):
        self.env.cr.execute(
            SQL(
                "DELETE FROM field_webhook_delivery WHERE state != 'pending' "
                "AND create_date < (now() AT TIME ZONE 'UTC') - make_interval(days => %s)",
                KEEP_DAYS,
            )
        )
