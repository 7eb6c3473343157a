"""What the phone needs for kinds, reasons, forms and promises; all of it works offline."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.field_base.tools.collection import Collection, plain

#: So many open matters of colleagues are compared at each pull.
MATTERS = 300
COLLEAGUES = 500


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _form_collections(self):
        shared = [("company_id", "in", (False, self.env.company.id))]
        return {
            "forms": Collection(
                "field.form", shared, ("version", "name"), cap=200, rows=self._forms
            ),
            "shelf_standards": Collection(
                "field.shelf.standard",
                shared,
                ("version", "name", "sequence", "grade_ids", "channel_ids"),
                order="sequence, id",
                cap=200,
                rows=self._shelf_standards,
            ),
            "rivals": Collection(
                "field.rival.product",
                shared,
                ("name", "brand_id"),
                order="brand_id, name, id",
                cap=500,
                rows=self._rivals,
            ),
            "visit_types": Collection(
                "field.visit.type",
                shared,
                ("name", "sequence", "channel", "sop_id", "min_minutes"),
                order="sequence, id",
                cap=100,
                rows=self._visit_types,
                watch={"field.visit.limit": "type_id"},
            ),
            "visit_reasons": Collection(
                "field.visit.reason",
                shared,
                ("name", "usage", "sequence", "is_success", "reached_by_ids"),
                order="sequence, id",
                cap=200,
            ),
            "colleagues": Collection(
                "res.users", self._colleagues_domain(), ("name",), order="name", cap=COLLEAGUES
            ),
            "followups": Collection(
                "mail.activity",
                [("user_id", "=", self.env.uid), ("res_model", "=", "res.partner")],
                ("summary", "date_deadline", "res_id", "field_uuid", "active", "user_id"),
                order="date_deadline, id",
                cap=1000,
            ),
            "matters": Collection(
                "field.matter",
                [("state", "=", "open"), ("user_id", "!=", self.env.uid)],
                order="date_deadline, id",
                cap=MATTERS,
                rows=self._matters,
                digest=True,
            ),
        }

    @api.model
    def _customer_fields(self):
        return (*super()._customer_fields(), "field_grade_id", "field_channel_id")

    @api.model
    def _customers(self, partners):
        """Grade and channel decide on the phone which steps are asked."""
        rows = super()._customers(partners)
        grades = {grade.id: grade.name for grade in partners.field_grade_id}
        for row in rows:
            row["grade"] = grades.get(row["field_grade_id"])
        return rows

    @api.model
    def _colleagues_domain(self):
        """Who may come along: one's leaders and the others they lead."""
        me = self.env.user.sudo()
        leaders = me.field_leader_ids
        return (Domain("id", "in", leaders.ids) | Domain("field_leader_ids", "in", leaders.ids)) & (
            Domain("id", "!=", self.env.uid)
        )

    @api.model
    def _shelf_standards(self, standards):
        return [standard._get_version()._as_app_values() for standard in standards]

    @api.model
    def _matters(self, matters):
        """What colleagues have open with one's customers."""
        names = {user.id: user.name for user in matters.user_id.sudo()}
        return [
            {
                "id": one.id,
                "name": one.name or "",
                "partner_id": one.partner_id.id,
                "date": plain(one.date_deadline),
                "who": names.get(one.user_id.id, ""),
            }
            for one in matters
        ]

    @api.model
    def _rivals(self, rivals):
        return [{"id": one.id, "name": one.name, "brand": one.brand_id.name} for one in rivals]

    @api.model
    def _visit_types(self, types):
        """Kinds with their limits by grade: the phone warns as the office judges."""
        names = ["id", "name", "sequence", "channel", "sop_id", "min_minutes"]
        limits = types.limit_ids.grouped("type_id")
        return [
            {
                **{name: plain(value) for name, value in row.items()},
                "limits": [
                    {"grade_id": one.grade_id.id, "min_minutes": one.min_minutes}
                    for one in limits.get(types.browse(row["id"]), ())
                ],
            }
            for row in types.read(names, load=None)
        ]

    @api.model
    def _forms(self, forms):
        return [form._get_version()._as_app_values() for form in forms]

    @api.model
    def _add_forms(self, visits, steps):
        """The version a running visit began with, whatever the form has become since."""
        running = visits.filtered(lambda visit: visit.state == "in_progress").step_ids
        versions = {
            (step.visit_id.id, step.key): step.form_version_id._as_app_values()
            for step in running
            if step.form_version_id
        }
        for (visit_id, key), values in versions.items():
            row = next(row for row in steps[visit_id] if row["key"] == key)
            row["form"] = values

    @api.model
    def _get_prefill(self, partners):
        """``{partner id: {form id: answers}}`` of each customer's last answered form."""
        if not partners:
            return {}
        self.env["field.visit.step"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (visit.partner_id, version.form_id)
                          visit.partner_id, version.form_id, step.answers
                     FROM field_visit_step step
                     JOIN field_visit visit ON visit.id = step.visit_id
                     JOIN field_form_version version ON version.id = step.form_version_id
                    WHERE visit.partner_id IN %s AND visit.user_id = %s
                      AND step.state = 'done' AND step.answers IS NOT NULL
                    ORDER BY visit.partner_id, version.form_id, step.answered_at DESC""",
                tuple(partners.ids),
                self.env.uid,
            )
        )
        found = {}
        for partner, form, answers in rows:
            found.setdefault(partner, {})[str(form)] = answers
        return found
