import json
import logging

from psycopg2 import IntegrityError, InterfaceError, OperationalError
from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import AccessError, ConcurrencyError, LockError, MissingError, UserError
from odoo.fields import Domain
from odoo.tools.json import json_default

from ..tools.errors import FieldConflict, FieldRejected, FieldWaiting
from ..tools.payload import is_uuid

_logger = logging.getLogger(__name__)

WAITING_LIMIT = 500


def _reference(target):
    """Outcome columns for what a handler returned: a record, several or none."""
    if not isinstance(target, models.BaseModel):
        return {}
    return {"res_model": target._name, "res_id": target[:1].id} if target else {}


class FieldEvent(models.Model):
    """Applying journal entries: one savepoint each, every way of failing has its outcome."""

    _inherit = "field.event"

    def _apply(self, final=True):
        """Apply these entries in order, and those that were waiting for one of them.

        :param bool final: a unique key that a twin request was faster to take is refused; when
            False the whole request starts over first, for then the twin's row is visible
        :returns: entries that had been waiting and are now settled
        """
        queue = self._waiting_by_parent()
        resolved = self.browse()
        outcomes = {}
        todo = list(self)
        while todo:
            event = todo.pop(0)
            outcome = event._apply_one(final)
            outcomes[event.id] = outcome
            if event not in self:
                resolved |= event
            if outcome["state"] == "waiting":
                queue.setdefault(outcome["waiting_for"], []).append(event)
            elif outcome["state"] == "applied":
                todo[:0] = event._pop_waiting(queue)
        for event in self | resolved:
            if not event._is_taken_back():
                event.write(outcomes[event.id])  # one UPDATE for all when flushed
        return resolved

    def _waiting_by_parent(self):
        """``{uuid waited for: [events]}`` of the same people, oldest first, in one query."""
        waiting = self.search(
            Domain("user_id", "in", self.user_id.ids)
            & Domain("state", "=", "waiting")
            & Domain("id", "not in", self.ids),
            order="seq, id",
            limit=WAITING_LIMIT,
        )
        queue = {}
        for event in waiting:
            queue.setdefault(event.waiting_for, []).append(event)
        return queue

    def _pop_waiting(self, queue):
        """Who waited for this event, or for a thing it names (its visit, its order …)."""
        if not queue:
            return []
        names = [self.uuid, *(v.lower() for v in self._payload().values() if is_uuid(v))]
        found = [event for name in dict.fromkeys(names) for event in queue.pop(name, ())]
        left = (event for event in found if not event._is_taken_back())
        return sorted(left, key=lambda event: (event.seq, event.id))

    def _apply_one(self, final):
        """Run the handler as the person himself; the outcome as values of the row."""
        event = self.with_user(self.user_id).with_company(self.company_id)
        handler = event._handler()
        if not handler:
            message = self.env._("This server does not know “%(kind)s”.", kind=self.kind)
            return self._outcome("rejected", code="unknown_kind", message=message)
        try:  # nosemgrep: field-serialization-swallowed (_outcome_of_error raises those again)
            with self.env.cr.savepoint():
                target = _reference(handler(self._payload()))
        except Exception as exc:  # one poison event must not take the others along
            return self._outcome_of_error(exc, final)
        return self._outcome("applied", **target)

    def _handler(self):
        return getattr(self, "_apply_" + self.kind.replace(".", "_"), None)

    def _outcome(self, state, **values):
        """All outcome columns, so that a later outcome leaves nothing of an earlier one."""
        names = ("code", "message", "server", "waiting_for", "res_model", "res_id")
        empty = dict.fromkeys(names, False)
        return {"state": state, **empty, **values}

    def _outcome_of_error(self, exc, final):
        """What an exception of a handler means; what only a new try can mend is raised again.

        A savepoint on a connection that broke says InterfaceError in place of what happened.
        """
        if isinstance(exc, OperationalError | InterfaceError | ConcurrencyError):
            raise exc
        if isinstance(exc, LockError) or (isinstance(exc, UniqueViolation) and not final):
            raise ConcurrencyError(str(exc)) from exc
        if isinstance(exc, FieldWaiting):
            message = self._text(exc.message)
            parent = str(exc.uuid).lower()
            return self._outcome("waiting", waiting_for=parent, code="waiting", message=message)
        if isinstance(exc, FieldConflict):
            message = self._text(exc.message)
            server = json.loads(json.dumps(exc.server, default=json_default))
            return self._outcome("conflict", server=server, code="conflict", message=message)
        if isinstance(exc, FieldRejected):
            return self._outcome("rejected", code=exc.code, message=self._text(exc.message))
        return self._outcome("rejected", **self._describe_error(exc))

    def _describe_error(self, exc):
        """Code and sentence for an error that does not bring its own code."""
        if isinstance(exc, IntegrityError):
            return {"code": "invalid", "message": self._constraint_message(exc)}
        if isinstance(exc, AccessError):
            return {"code": "forbidden", "message": self._text(exc.args[0])}
        if isinstance(exc, MissingError):
            return {"code": "not_found", "message": self._text(exc.args[0])}
        if isinstance(exc, UserError):
            return {"code": "invalid", "message": self._text(exc.args[0])}
        _logger.error("Event %s (%s) failed", self.uuid, self.kind, exc_info=exc)
        message = self.env._("The server could not process this. Your administrator can see why.")
        return {"code": "server_error", "message": message}

    def _constraint_message(self, exc):
        table = exc.diag.table_name
        model = next((m for m in self.env.registry.values() if m._table == table), None)
        return self.env[model._name if model is not None else self._name]._sql_error_to_message(exc)

    def _text(self, message):
        """A sentence in the language of whom it is for; lazy translations are resolved here."""
        return message if isinstance(message, str) else message._translate(self.env.lang or "en_US")
