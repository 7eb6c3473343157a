from datetime import date, datetime, timedelta

from odoo.addons.hr_expense.tests.common import TestExpenseCommon

REP = "field_base.field_base_group_rep"
LEADER = "field_base.field_base_group_leader"
DAY = date(2026, 11, 23)


class MileageCommon(TestExpenseCommon):
    """Accounting of a company, a leader above a rep, a rate of 0.75 per km and tracked days.

    Days are made directly: how they come from positions is field_tracking's business.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.product = cls.env.ref("hr_expense.expense_product_mileage")
        cls.product.with_company(cls.company).standard_price = 9.99  # must not become the price
        cls.product.supplier_taxes_id = False
        cls.leader = cls._new_user("mileage_leader", LEADER)
        cls.rep = cls._new_user("mileage_rep", REP)
        cls.boss = cls._new_employee(cls.leader)
        cls.employee = cls._new_employee(cls.rep, parent_id=cls.boss.id)
        cls.rate = cls._new_rate(date(2026, 1, 1), 0.75)

    @classmethod
    def _new_user(cls, login, groups, company=None):
        company = company or cls.company
        return (
            cls.env["res.users"]
            .sudo()
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login,
                    "login": login,
                    "email": f"{login}@example.com",
                    "tz": "Asia/Shanghai",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "group_ids": [(6, 0, [cls.env.ref(xmlid).id for xmlid in groups.split(",")])],
                }
            )
        )

    @classmethod
    def _new_employee(cls, user, **values):
        return (
            cls.env["hr.employee"]
            .sudo()
            .create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": user.company_id.id,
                    "work_contact_id": user.partner_id.id,
                    **values,
                }
            )
        )

    @classmethod
    def _new_rate(cls, effective_from, rate, vehicle_kind=False, company=None):
        return cls.env["field.mileage.rate"].create(
            {
                "company_id": (company or cls.company).id,
                "effective_from": effective_from,
                "rate": rate,
                "vehicle_kind": vehicle_kind,
            }
        )

    @classmethod
    def _new_day(cls, day=DAY, distance_m=42_340.0, user=None, **values):
        user = user or cls.rep
        midnight = datetime.combine(day, datetime.min.time())
        return (
            cls.env["field.track.day"]
            .sudo()
            .create(
                {
                    "user_id": user.id,
                    "company_id": user.company_id.id,
                    "date": day,
                    "tz": "Asia/Shanghai",
                    "state": "built",
                    "distance_m": distance_m,
                    "first_fix": midnight + timedelta(minutes=12),
                    "last_fix": midnight + timedelta(hours=9, minutes=45),
                    **values,
                }
            )
        )
