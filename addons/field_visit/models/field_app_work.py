"""Work packages on the phone: what is to be done, with its material; see docs/sync-protocol.md."""

from odoo import api, models

from ..tools.articles import read_blocks
from .field_knowledge_file import MAX_OFFLINE, TYPES
from odoo.addons.field_base.tools.collection import Collection, plain

WORKS = 300
OPEN = ("new", "accepted", "in_progress")


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        works = Collection(
            "field.task.work",
            self._works_domain(),
            ("state", "task_id", "partner_id", "visit_id", "accepted_version", "refuse_reason"),
            order="deadline, id",
            cap=WORKS,
            rows=self._works,
        )
        packages = Collection(
            "res.users", [("id", "=", self.env.uid)], rows=self._work_packages, digest=True
        )
        return super()._collections() | {"works": works, "work_packages": packages}

    @api.model
    def _works_domain(self):
        """What is open, and what was closed lately: one sees that it is."""
        open_or_late = ["|", ("state", "in", OPEN), ("deadline", ">=", "-7d")]
        return [("user_id", "=", self.env.uid), *open_or_late]

    @api.model
    def _works(self, works):
        """With the name of a customer who may not be on the phone."""
        names = ["id", "state", "task_id", "partner_id", "visit_id", "accepted_version"]
        customers = {work.id: work.partner_id.sudo().display_name or None for work in works}
        return [
            {**{n: plain(v) for n, v in row.items()}, "partner_name": customers[row["id"]]}
            for row in works.read([*names, "refuse_reason"], load=None)
        ]

    @api.model
    def _work_packages(self, users):
        """One row with all packages of the person: a campaign travels once, whatever its works."""
        Work = self.env["field.task.work"]
        works = Work.search(self._works_domain(), order="deadline, id", limit=WORKS)
        packages = [
            self._work_package(task, mine) for task, mine in works.grouped("task_id").items()
        ]
        return [{"id": user.id, "packages": packages} for user in users]

    @api.model
    def _work_package(self, task, works):
        """:param works: the person's own of this package"""
        task = task.sudo()
        seen = {work.accepted_version: work for work in works}
        return {
            "id": task.id,
            "name": task.name,
            "by": task.user_id.name,
            "kind": dict(task._fields["kind"]._description_selection(self.env))[task.kind],
            "goal": task.goal or "",
            "about": self._work_about(task.with_env(self.env)),
            "blocks": read_blocks(task.instructions),
            "date_from": plain(task.date_from),
            "deadline": plain(task.deadline),
            "time_from": task.time_from,
            "time_to": task.time_to,
            "minutes": task.plan_minutes,
            "asks": task.needs_acceptance,
            "version": task.version,
            "changes": {
                str(version): task._describe(work._get_changes()) for version, work in seen.items()
            },
            "files": [self._work_file(file) for file in task.attachment_ids],
        }

    @api.model
    def _work_about(self, task):
        """The document a package is about, for who may read it; nothing for others."""
        document = task._get_about()
        if not document:
            return None
        return {"model": document._name, "id": document.id, "name": document.display_name}

    @api.model
    def _work_file(self, file):
        """What a phone knows of a file before it has it."""
        return {
            "id": file.id,
            "name": file.name,
            "type": file.mimetype if file.mimetype in TYPES else "application/octet-stream",
            "size": file.file_size,
            "sum": file.checksum,
            "offline": file.file_size <= MAX_OFFLINE,
        }
