from datetime import date as date_type

from odoo import api, fields, models
from odoo.models import MAGIC_COLUMNS

# Whom a policy holds for and since when; every other stored field is a rule.
IDENTITY_FIELDS = frozenset(
    {"name", "active", "company_id", "department_id", "job_id", "user_id", "effective_from"}
    | {"state", "activated_at", "activated_by_id", "profile_id"}
)


class FieldPolicy(models.Model):
    """Which rules hold for whom, from which day on."""

    _name = "field.policy"
    _description = "Field policy"
    _order = "company_id, effective_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one("hr.department", index="btree_not_null", check_company=True)
    job_id = fields.Many2one("hr.job", "Job position", index="btree_not_null", check_company=True)
    user_id = fields.Many2one(
        "res.users", "Person", index="btree_not_null", check_company=True, ondelete="cascade"
    )
    effective_from = fields.Date(required=True, default=fields.Date.context_today)
    scope = fields.Selection(
        [
            ("company", "Whole company"),
            ("department", "Department"),
            ("job", "Job position"),
            ("user", "Person"),
        ],
        compute="_compute_scope",
        string="Holds for",
    )
    tracking_level = fields.Selection(
        [
            ("none", "None"),
            ("check_in", "At check-in only"),
            ("app", "While the app is open"),
            ("continuous", "Continuous during the workday"),
        ],
        required=True,
        default="continuous",
        help="How much of the way is recorded. Nothing is stored beyond this level.",
    )
    fence_mode = fields.Selection(
        [("none", "No check"), ("soft", "Warn and mark"), ("hard", "Refuse outside")],
        required=True,
        default="soft",
        help="What happens when somebody checks in away from the customer.",
    )
    fence_radius = fields.Integer("Fence radius (m)", required=True, default=300)
    fence_accuracy_cap = fields.Integer(
        "Accuracy allowance (m)",
        required=True,
        default=100,
        help="A poor fix is given at most this benefit of the doubt, so that a position good to "
        "two kilometres is no free pass.",
    )
    min_visit_minutes = fields.Integer("Shortest visit (min)", required=True, default=5)
    day_end_hour = fields.Float(
        "Day closes at",
        required=True,
        default=22.0,
        help="Local hour at which a day that was not closed closes itself; 24:00 is midnight.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        check_company=True,
        ondelete="restrict",
        help="Empty takes the working hours of each employee, else those of the company. Leave and "
        "public holidays are no working time.",
    )
    working_time_lock = fields.Selection(
        [
            ("none", "At any time"),
            ("workday", "While the workday is open"),
            ("calendar", "In working hours"),
            ("both", "In working hours, while the workday is open"),
        ],
        "Positions are kept",
        required=True,
        default="none",
        help="What arrives from outside this time is counted, not kept, and no report shows it. "
        "A pause is no working time.",
    )
    grace_start_min = fields.Integer(
        "Grace at the start (min)",
        required=True,
        default=10,
        help="So long before working hours counts as working time, and a day that begins so much "
        "after them is not late.",
    )
    grace_end_min = fields.Integer(
        "Grace at the end (min)",
        required=True,
        default=10,
        help="So long after working hours still counts as working time.",
    )
    pause_limit_min = fields.Integer(
        "Pauses of a day (min)",
        required=True,
        default=0,
        help="A pause ends by itself when the pauses of the day have lasted so long. 0 sets no "
        "limit.",
    )
    track_viewers = fields.Selection(
        [
            ("leaders", "All leaders above"),
            ("direct", "The direct leader only"),
            ("admin", "Administrators only"),
        ],
        "Who sees tracks",
        required=True,
        default="leaders",
        help="Positions, tracks and the live map. Everybody sees his own; auditors read them all.",
    )
    photo_camera_only = fields.Boolean(
        "Photos from the camera only",
        help="Pictures from the album or from a computer are no proof and are refused.",
    )
    photo_watermark = fields.Boolean(
        "Watermark on photos", default=True, help="Time, place and person, on the picture itself."
    )
    photo_long_edge = fields.Integer("Long edge of photos (px)", required=True, default=1600)
    attendance_link = fields.Boolean(
        "Write attendances",
        help="A workday also becomes an attendance when Odoo's Attendances app is installed.",
    )

    _one_selector = models.Constraint(
        "CHECK(num_nonnulls(user_id, job_id, department_id) <= 1)",
        "A policy holds for one person, one job position, one department or the whole company.",
    )
    _fence_range = models.Constraint(
        "CHECK(fence_radius BETWEEN 10 AND 20000 AND fence_accuracy_cap BETWEEN 0 AND 5000)",
        "The fence radius must be between 10 and 20,000 m, the allowance between 0 and 5,000 m.",
    )
    _minutes_range = models.Constraint(
        "CHECK(min_visit_minutes BETWEEN 0 AND 1440)",
        "The shortest visit must be between 0 minutes and a day.",
    )
    _day_end_range = models.Constraint(
        "CHECK(day_end_hour > 0 AND day_end_hour <= 24)",
        "The day must close between 00:01 and 24:00.",
    )
    _times_range = models.Constraint(
        "CHECK(LEAST(grace_start_min, grace_end_min, pause_limit_min) >= 0 AND"
        " GREATEST(grace_start_min, grace_end_min, pause_limit_min) <= 1440)",
        "Grace times and pauses must be between 0 minutes and a day.",
    )
    _photo_range = models.Constraint(
        "CHECK(photo_long_edge BETWEEN 640 AND 8000)",
        "The long edge of a photo must be between 640 and 8,000 pixels.",
    )
    _selector_uniq = models.UniqueIndex(
        "(company_id, effective_from, COALESCE(user_id, 0), COALESCE(job_id, 0),"
        " COALESCE(department_id, 0)) WHERE active AND state = 'active'",
        "There is already a policy for the same people from the same day on.",
    )

    @api.depends("user_id", "job_id", "department_id")
    def _compute_scope(self):
        for policy in self:
            policy.scope = (
                (policy.user_id and "user")
                or (policy.job_id and "job")
                or (policy.department_id and "department")
                or "company"
            )

    @api.model
    def _create_defaults(self, companies):
        """The company-wide policy every company starts with."""
        return self.create(
            [
                {
                    "name": self.env._("Default policy"),
                    "company_id": company.id,
                    "effective_from": date_type(2000, 1, 1),
                }
                for company in companies
            ]
        )

    @api.model
    def _get_rule_names(self):
        """Names of all fields that are rules, those of other modules included."""
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and not (name in MAGIC_COLUMNS or field.compute or field.type == "one2many")
            and name not in IDENTITY_FIELDS
        ]

    def _snapshot(self):
        """Copy of the rules, to be kept with what happened under them."""
        self.ensure_one()
        return {"policy_id": self.id, **self._get_rules()}

    def _get_rules(self):
        """``{field name: value}`` that JSON can hold; records become their ids."""
        self.ensure_one()
        return {name: self._get_plain_value(name) for name in self._get_rule_names()}

    def _get_plain_value(self, name):
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            return value.id
        if field.type == "many2many":
            return sorted(value.ids)
        if field.type in ("date", "datetime"):
            return value and value.isoformat()
        return value
