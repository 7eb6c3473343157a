from odoo import fields, models


class FieldScopeMixin(models.AbstractModel):
    """A row that belongs to one person in one company.

    Gives the two fields that the scope rules stand on (company, own, team, all, auditor: see
    ``security/field_workday_security.xml`` for the pattern to repeat) and the way to the employee.
    """

    _name = "field.scope.mixin"
    _description = "Row owned by a field user"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )

    def _field_employees(self):
        """Employee of each row's person in the row's company, in one query.

        :returns: ``{row.id: hr.employee (sudo, maybe empty)}``
        """
        Employee = self.env["hr.employee"].sudo().with_context(active_test=False)
        employees = Employee.search(
            [
                ("user_id", "in", self.user_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        by_key = {(e.user_id.id, e.company_id.id): e for e in employees}
        return {
            row.id: by_key.get((row.user_id.id, row.company_id.id), Employee.browse())
            for row in self
        }
