"""Answers to work packages that arrive from a phone; ``self`` is the journal row, acting as the
person."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "work.accept": self.env._("Work accepted"),
            "work.refuse": self.env._("Work refused"),
            "work.done": self.env._("Work done"),
        }

    def _apply_work_accept(self, payload):
        """work.accept {work_id, version}: the version that was on the screen"""
        values = require_payload(payload, {"work_id": int, "version": int})
        work = self._find_own_work(values["work_id"])
        self._check_version(work, values["version"])
        if work.accepted_at and work.accepted_version == values["version"]:
            return work  # from another phone, or the other way to say so
        if work.state != "expired" or not work._is_in_time(self.happened_at):
            work._check_can_accept()
        work._do_accept(self.happened_at)
        return work

    def _apply_work_refuse(self, payload):
        """work.refuse {work_id, reason}"""
        values = require_payload(payload, {"work_id": int, "reason": str})
        work = self._find_own_work(values["work_id"])
        if work.state != "refused":
            work.action_refuse(values["reason"])
        return work

    def _apply_work_done(self, payload):
        """work.done {work_id}: one without a visit"""
        work = self._find_own_work(require_payload(payload, {"work_id": int})["work_id"])
        if work.state != "done":
            work._do_done(self.happened_at)
        return work

    def _find_own_work(self, work_id):
        """:raise FieldRejected: not_found"""
        Work = self.env["field.task.work"]
        work = Work.search([("id", "=", work_id), ("user_id", "=", self.env.uid)])
        if not work:
            raise FieldRejected("not_found", self.env._("This work is not yours any more."))
        return work

    def _check_version(self, work, version):
        """What somebody agrees to is what he has read; nobody changes it meanwhile.

        :raise FieldRejected: work_changed
        """
        task = work.task_id.sudo()
        # shared: many answer at once, and only a new version has to wait for them
        self.env.execute_query(
            SQL("SELECT version FROM field_task WHERE id = %s FOR SHARE", task.id)
        )
        if task.version != version:
            message = self.env._(
                "“%(work)s” was changed before your answer arrived. Look at what is new in it, "
                "then accept it again.",
                work=task.name,
            )
            raise FieldRejected("work_changed", message)
