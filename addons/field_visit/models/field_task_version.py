"""Versions of a work package: what was agreed, what has changed since, who still has to see it."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import format_duration

from ..tools.articles import read_blocks
from ..tools.task_version import diff, since

# What somebody has agreed to when he accepted: a change of it asks him again.
AGREED = (
    *("kind", "goal", "instructions", "attachment_ids"),
    *("date_from", "deadline", "time_from", "time_to", "about_id"),
)
_HOURS = ("time_from", "time_to")
_DAYS = ("date_from", "deadline")
_READ_ANEW = ("instructions", "about_id")
# What a form writes: the document is kept by its id.
_WRITTEN = {*AGREED, "about_ref"}


class FieldTask(models.Model):
    _inherit = "field.task"

    version = fields.Integer(readonly=True, default=1, copy=False)
    history = fields.Json(
        readonly=True,
        copy=False,
        help="Changes of what was agreed, version by version.",
    )
    history_text = fields.Text("Versions", compute="_compute_history_text")

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        tasks._own_material()
        return tasks

    def write(self, vals):
        """A change of what was agreed is a new version, to be accepted again."""
        before = {}
        if vals.keys() & _WRITTEN:
            before = {task.id: task._get_agreed() for task in self if task.sudo().work_ids}
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_material()
        for task in self.filtered(lambda task: task.id in before):
            changes = diff(before[task.id], task._get_agreed())
            if changes:
                task._begin_version(changes)
        return result

    def _own_material(self):
        """Files belong to the package: who may read it may read them, whoever uploaded them."""
        for task in self:
            free = task.sudo().attachment_ids.filtered(lambda file: not file.res_id)
            if free:
                free.write({"res_model": task._name, "res_id": task.id})

    def _get_agreed(self):
        """What is agreed, as plain values that can be kept and compared."""
        self.ensure_one()
        values = {name: self[name] or None for name in AGREED}
        values["instructions"] = "\n".join(b["text"] for b in read_blocks(self.instructions))
        values["attachment_ids"] = sorted(self.sudo().attachment_ids.mapped("name"))
        return values | {name: fields.Date.to_string(self[name]) for name in _DAYS}

    def _begin_version(self, changes):
        entry = {
            "version": self.version + 1,
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "by": self.env.uid,
            "changes": changes,
        }
        self.write({"version": self.version + 1, "history": [*(self.history or []), entry]})
        works = self.sudo().work_ids
        works._ask_again()
        works._follow(changes)

    def _describe(self, changes):
        """Changes in the reader's words: ``[{"name", "old", "new"}]``."""
        known = self.sudo().fields_get(list(changes), ["string", "selection"])
        return [
            {
                "name": known[name]["string"],
                "old": self._say(name, changes[name][0], known),
                "new": self._say(name, changes[name][1], known),
            }
            for name in AGREED
            if name in changes
        ]

    def _say(self, name, value, known):
        """One value in words; of guide and document only that they changed: they are read anew."""
        if name in _READ_ANEW or not value:
            return ""
        if name in _DAYS:
            return format_date(self.env, value)
        if name in _HOURS:
            return format_duration(value)
        if name == "attachment_ids":
            return ", ".join(value)
        return dict(known[name].get("selection") or []).get(value, value)

    @api.depends("history")
    @api.depends_context("lang", "tz")
    def _compute_history_text(self):
        users = {entry["by"] for task in self for entry in task.history or []}
        names = {u.id: u.name for u in self.env["res.users"].sudo().browse(users).exists()}
        for task in self:
            task.history_text = "\n".join(
                "{version} · {at} · {by}: {what}".format(
                    version=entry["version"],
                    at=format_date(self.env, entry["at"]),
                    by=names.get(entry["by"], ""),
                    what=self._in_one_line(task._describe(entry["changes"])),
                )
                for entry in reversed(task.history or [])
            )

    @api.model
    def _in_one_line(self, changes):
        lines = []
        for one in changes:
            pair = " → ".join(part for part in (one["old"], one["new"]) if part)
            lines.append(f"{one['name']} {pair}".strip())
        return "; ".join(lines)


class FieldTaskWork(models.Model):
    _inherit = "field.task.work"

    is_changed = fields.Boolean(
        "Changed since accepted", compute="_compute_change", compute_sudo=True
    )
    change_text = fields.Text("What has changed", compute="_compute_change", compute_sudo=True)
    material = fields.Html(compute="_compute_material", compute_sudo=True, sanitize=False)

    @api.depends("accepted_version", "task_id.history")
    @api.depends_context("lang")
    def _compute_change(self):
        for work in self:
            changes = work._get_changes()
            work.is_changed = bool(changes)
            work.change_text = "\n".join(
                work.task_id._in_one_line([one]) for one in work.task_id._describe(changes)
            )

    def _get_changes(self):
        """``{name: [old, new]}`` since the person accepted; nothing before he ever did."""
        self.ensure_one()
        if not self.accepted_version:
            return {}
        return since(self.task_id.sudo().history or [], self.accepted_version)

    @api.depends("task_id.attachment_ids")
    def _compute_material(self):
        """Links that hold for who may read the work, though he may not read the package."""
        link = Markup('<li><a href="/field/work/%s/file/%s">%s</a></li>')
        for work in self:
            files = work.task_id.attachment_ids
            links = [link % (work.id, file.id, file.name) for file in files]
            work.material = Markup("<ul>%s</ul>") % Markup("").join(links) if links else False

    def _ask_again(self):
        """A new version: who had accepted the old one is asked again, if the work asks at all."""
        again = self.filtered(lambda w: w.state == "accepted" and w.task_id.needs_acceptance)
        again._with_step().write({"accepted_at": False})

    def _follow(self, changes):
        """Visits that are still to come keep to the new window and goal."""
        planned = self.visit_id.sudo().filtered(lambda visit: visit.state == "planned")
        window = {name: pair[1] or 0 for name, pair in changes.items() if name in _HOURS}
        if window:
            planned._with_planner().write(window)
        if "goal" in changes:
            old, new = changes["goal"]
            told = planned.filtered(lambda visit: visit.note == old)
            told._with_planner().write({"note": new})
