from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .field_position import _month
from odoo.addons.field_base.tools.canonical import sha256_hex
from odoo.addons.field_base.tools.erased import Erased, RetentionKind, erased

_PARTS = (
    *("field.stay", "field.trip", "field.gap"),
    *("field.zone.presence", "field.track.label"),
)
#: Rows of so many devices are deleted in one step, where a month cannot go as a whole.
DEVICES = 5


class FieldRetention(models.AbstractModel):
    """Positions go by whole months: a month nobody may keep any more is dropped as a table."""

    _inherit = "field.retention"

    @api.model
    def _get_kinds(self):
        return [
            *super()._get_kinds(),
            RetentionKind("position", "retention_position_days", self.env._("Positions")),
            RetentionKind("track", "retention_track_days", self.env._("Tracks")),
        ]

    # --- positions -----------------------------------------------------------------------------

    @api.model
    def _erase_position(self, company, users, cutoff, limit):
        """The oldest month that is over for these people, and last positions of that age."""
        last = self._erase_last_positions(company, users, cutoff, limit)
        journal = self._erase_device_journal(company, users, cutoff, limit)
        what = self._erase_going(company, cutoff)
        for month in sorted(self.env["field.position"]._existing_months()):
            if what.count or _month(month, 1) > cutoff.date():
                break
            what = self._erase_month(month, company, users, cutoff)
        return [last, journal, what]

    @api.model
    def _erase_last_positions(self, company, users, cutoff, limit):
        domain = self._mine(company, users) & Domain("ts", "<", cutoff)
        rows = self.env["field.position.last"].search(domain, limit=limit)
        what = erased(rows._name, [(r.ts, f"{r.user_id.id} {r.lat} {r.lng}") for r in rows])
        rows.unlink()
        return what

    @api.model
    def _erase_device_journal(self, company, users, cutoff, limit):
        domain = self._mine(company, users) & Domain("at", "<", cutoff)
        rows = self.env["field.device.journal"].search(domain, order="id", limit=limit)
        what = erased(rows._name, [(r.at, f"{r.user_id.id} {r.kind}") for r in rows])
        rows.unlink()
        return what

    @api.model
    def _erase_month(self, month, company, users, cutoff):
        """Detach a month that is over for everybody, for :meth:`_erase_going`; else delete the rows
        of these people, some devices at a time."""
        Position = self.env["field.position"]
        table = SQL.identifier(f"field_position_{month:%Y_%m}")
        owners = Position._owners(table)
        mine = [device for device, *owner in owners if self._is_of(owner, company, users)]
        if mine and self._is_over(month, owners) and Position._detach_month(month):
            return self._erase_going(company, cutoff)
        return self._describe_positions(Position._delete(table, company, mine[:DEVICES], users))

    @api.model
    def _is_of(self, owner, company, users):
        company_id, user_id = owner
        return company_id == company.id and user_id in users._ids

    @api.model
    def _is_over(self, month, owners):
        """Whether nobody with positions in this month may keep them any longer."""
        end, over = _month(month, 1), set()
        for kind, company, users, days in self._get_jobs():
            cutoff = fields.Date.today() - timedelta(days=days)
            if kind.key == "position" and end <= cutoff:
                over.update((company.id, user_id) for user_id in users.ids)
        return all((company_id, user_id) in over for _device, company_id, user_id in owners)

    @api.model
    def _erase_going(self, company, cutoff):
        """The next slice of a company's rows in months that are detached."""
        Position = self.env["field.position"]
        for month in Position._going_months():
            if _month(month, 1) > cutoff.date():
                break
            if rows := Position._describe_going(month, company):
                return self._describe_positions(rows)
        return erased("field.position", [])

    @api.model
    def _describe_positions(self, rows):
        """:param rows: as of ``field.position._describe``"""
        if not rows:
            return erased("field.position", [])
        text = "\n".join(" ".join(str(value) for value in row) for row in rows)
        return Erased(
            "field.position",
            sum(row[1] for row in rows),
            min(row[2] for row in rows),
            max(row[3] for row in rows),
            sha256_hex(text),
        )

    # --- tracks --------------------------------------------------------------------------------

    @api.model
    def _erase_track(self, company, users, cutoff, limit):
        """Stays, trips, gaps, times inside; a day keeps its figures, which mileage was paid by."""
        result = []
        for model in _PARTS:
            domain = Domain("day_id.company_id", "=", company.id)
            domain &= Domain("day_id.user_id", "in", users.ids) & Domain("end", "<", cutoff)
            rows = self.env[model].search(domain, order="id", limit=limit)
            result.append(erased(model, [(r.start, f"{r.id} {r.day_id.id}") for r in rows]))
            rows.unlink()
        return result
