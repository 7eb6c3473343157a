from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.funnel import build

# The median of a stage is taken from its latest stays, at most so many: exact for nearly every
# company, and no longer to be told from exact where there are more.
MOST_STAYS = 20000
LOSS_FIELDS = {
    "reason": "lost_reason_id",
    "stage": "stage_id",
    "user": "user_id",
    "product": "field_product_line_id",
    "competitor": "field_lost_competitor_id",
}
MOST_LOSSES = 12
SEE_ALL = (
    "sales_team.group_sale_salesman_all_leads,field_base.field_base_group_admin,"
    "field_base.field_base_group_auditor"
)


class FieldFunnel(models.AbstractModel):
    """The funnel of a cohort: deals by the day they entered the pipeline, so that young deals do
    not spoil the conversion of old ones. All is read with the rights of the person who asks."""

    _name = "field.funnel"
    _description = "Funnel"

    @api.model
    def get_funnel(self, filters=None):
        """Everything the funnel screen shows.

        :param dict filters: ``date_from``, ``date_to`` (ISO dates of entry, the latter included),
            ``team_id``, ``user_id``, ``loss_by`` (a key of ``LOSS_FIELDS``); all optional
        :return: ``{"steps": [...], "total", "won", "lost", "open", "losses": [...], "cohorts":
            [...], "currency_id", "teams", "users"}``
        """
        filters = self._read_filters(filters)
        domain = self._get_domain(filters)
        # Compiling these few statements would take longer than running them.
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        counts, losses = self._get_counts(filters, domain)
        order = self._get_order(filters, {stage for row in counts for stage in row[1:3]})
        medians = self._get_medians(filters, order.ids)
        steps = build(order.ids, [row[1:] for row in counts])
        stages = {stage.id: stage for stage in order}
        return {
            "steps": [
                {
                    **vars(step),
                    "name": stages[step.stage].name,
                    "weight": stages[step.stage].field_weight,
                    "is_won": stages[step.stage].is_won,
                    "median_days": medians.get(step.stage),
                }
                for step in steps
            ],
            **self._get_totals(counts),
            "cohorts": self._get_cohorts(order.ids, counts),
            "losses": self._name_losses(filters["loss_by"], losses),
            "currency_id": self.env.company.currency_id.id,
            **self._get_choices(),
        }

    @api.model
    def get_drill_action(self, filters, what, value=None):
        """Open the deals behind a figure of the funnel.

        :param dict filters: as in `get_funnel`
        :param str what: ``reached``, ``standing``, ``lost``, ``won``, ``all``, ``cohort`` or
            ``loss``
        :param value: the stage; for ``cohort`` the first day of its month; for ``loss`` the id of
            the reason, stage, … or False
        """
        filters = self._read_filters(filters)
        domain = self._get_domain(filters) & self._get_drill_domain(filters, what, value)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deals"),
            "res_model": "crm.lead",
            "views": [
                (self.env.ref("crm.crm_case_tree_view_oppor").id, "list"),
                (False, "kanban"),
                (False, "form"),
            ],
            "domain": list(domain),
            "context": {"active_test": False, "create": False},
        }

    # ------------------------------------------------------------
    # What is asked for
    # ------------------------------------------------------------

    def _read_filters(self, filters):
        """:raises UserError: a filter is none of ours, or no value of its kind"""
        filters = filters or {}
        today = fields.Date.context_today(self)
        try:
            found = {
                "date_from": fields.Date.to_date(filters.get("date_from") or None),
                "date_to": fields.Date.to_date(filters.get("date_to") or None) or today,
                "team_id": int(filters.get("team_id") or 0),
                "user_id": int(filters.get("user_id") or 0),
                "loss_by": filters.get("loss_by") or "reason",
            }
        except (TypeError, ValueError, AttributeError) as exc:
            raise UserError(self.env._("This filter cannot be read.")) from exc
        if found["loss_by"] not in LOSS_FIELDS:
            raise UserError(self.env._("This filter cannot be read."))
        found["date_from"] = found["date_from"] or fields.Date.subtract(found["date_to"], years=1)
        return found

    def _get_domain(self, filters):
        domain = Domain(
            [
                ("type", "=", "opportunity"),
                ("field_entered_on", ">=", filters["date_from"]),
                ("field_entered_on", "<=", filters["date_to"]),
                ("company_id", "in", (self.env.company.id, False)),
            ]
        )
        if filters["team_id"]:
            domain &= Domain("team_id", "=", filters["team_id"])
        people = self._get_people(filters)
        return domain if people is None else domain & Domain("user_id", "in", people)

    def _get_order(self, filters, used=()):
        """The stages of the funnel: those of everybody, of the team asked for, and those of other
        teams in which deals of the selection are.

        :param used: ids of the latter
        """
        domain = Domain("team_ids", "=", False) | Domain("id", "in", tuple(used))
        if filters["team_id"]:
            domain |= Domain("team_ids", "in", filters["team_id"])
        return self.env["crm.stage"].search(domain)

    def _get_drill_domain(self, filters, what, value):
        order = self.env["crm.stage"].search([("id", "!=", False)]).ids
        if what == "reached" and value in order:
            return Domain("field_top_stage_id", "in", order[order.index(value) :])
        if what == "standing":
            return Domain([("stage_id", "=", value), ("won_status", "=", "pending")])
        if what == "lost":
            stage = Domain("stage_id", "=", value) if value else Domain.TRUE
            return stage & Domain("won_status", "=", "lost")
        if what == "won":
            return Domain("won_status", "=", "won")
        if what == "cohort":
            first = fields.Date.to_date(value)
            return Domain("field_entered_on", ">=", first) & Domain(
                "field_entered_on", "<", fields.Date.add(first, months=1)
            )
        if what == "loss":
            return Domain("won_status", "=", "lost") & Domain(
                LOSS_FIELDS[filters["loss_by"]], "=", value or False
            )
        return Domain.TRUE

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    def _leads(self):
        return self.env["crm.lead"].with_context(active_test=False)

    def _get_counts(self, filters, domain):
        """Everything that is counted, read once: a million deals are not looked at a second time
        for why the lost ones were lost.

        :return: ``(rows, losses)``: rows ``(month, farthest stage id, stage id, status, deals,
            amount)``, several of which may be alike, and ``{record id: (deals, amount)}``
        """
        loss_by = filters["loss_by"]
        together = loss_by in ("reason", "stage")  # few of them: one table holds all
        rows, losses = [], {}
        for month, top, stage, status, reason, deals, amount in self._read_groups(
            filters, domain, loss_by == "reason"
        ):
            rows.append((month, top, stage, status, deals, amount))
            if together and status == "lost":
                key = reason if loss_by == "reason" else stage
                count, total = losses.get(key, (0, 0.0))
                losses[key] = (count + deals, total + amount)
        return rows, losses if together else self._get_losses(domain, loss_by)

    @api.model
    def _read_groups(self, filters, domain, with_reason):
        """The deals of a domain, counted.

        :return: list of ``(month, farthest stage id, stage id, status, reason id, deals, amount)``
        """
        by = ["field_entered_on:month", "field_top_stage_id", "stage_id", "won_status"]
        by += ["lost_reason_id"] if with_reason else []
        groups = self._leads()._read_group(domain, by, ["__count", "expected_revenue:sum"])
        return [
            (month, top.id, stage.id, status, reason[0].id if reason else False, deals, amount or 0)
            for month, top, stage, status, *reason, deals, amount in groups
        ]

    def _get_totals(self, counts):
        totals = {"total": 0, "won": 0, "lost": 0, "open": 0, "won_amount": 0.0}
        names = {"pending": "open"}
        for _month, _top, _stage, status, deals, amount in counts:
            totals["total"] += deals
            totals[names.get(status, status)] += deals
            if status == "won":
                totals["won_amount"] += amount
        return totals

    def _get_cohorts(self, order, counts):
        """Per month of entry: how many deals, and the share that came at least so far."""
        by_month = {}
        for month, *row in counts:
            by_month.setdefault(month, []).append(row)
        return [
            {
                "month": fields.Date.to_string(month),
                "total": sum(row[3] for row in rows),
                "reached": [step.reached for step in build(order, rows)],
            }
            for month, rows in sorted(by_month.items())
        ]

    def _get_losses(self, domain, loss_by):
        groups = self._leads()._read_group(
            domain & Domain("won_status", "=", "lost"),
            [LOSS_FIELDS[loss_by]],
            ["__count", "expected_revenue:sum"],
        )
        return {record.id: (count, amount or 0.0) for record, count, amount in groups}

    def _name_losses(self, loss_by, losses):
        """The most frequent losses, with names.

        :param losses: ``{record id or False: (deals, amount)}``
        """
        records = self.env[self.env["crm.lead"]._fields[LOSS_FIELDS[loss_by]].comodel_name].sudo()
        total = sum(count for count, _amount in losses.values())
        ranked = sorted(losses.items(), key=lambda item: (-item[1][0], item[0] or 0))
        return [
            {
                "id": key,
                "name": records.browse(key).display_name if key else self.env._("Not stated"),
                "count": count,
                "amount": amount,
                "share": count / total,
            }
            for key, (count, amount) in ranked[:MOST_LOSSES]
        ]

    def _get_medians(self, filters, stage_ids):
        """Median days of the stays that ended, per stage.

        Few people's deals are taken as they are, counted for who had them. Of everybody's, the
        latest stays of each stage are enough: read from an index in the order in which they ended,
        which favours neither short nor long ones.

        :return: ``{stage id: days}``
        """
        if not stage_ids:
            return {}
        self.env["crm.lead"].flush_model(["stage_id", "type", "won_status"])
        people = self._get_people(filters)
        if people is not None:
            query = self._get_own_medians_query(filters, people)
        else:
            parts = [self._get_median_query(filters, stage_id) for stage_id in stage_ids]
            query = SQL(" UNION ALL ").join(parts)
        rows = self.env.execute_query(query)
        return {stage_id: round(days, 1) for stage_id, days in rows if days is not None}

    def _sees_all(self):
        return self.env.user.has_groups(SEE_ALL)

    def _get_people(self, filters):
        """Ids of the people whose deals are counted; ``None``: everybody's."""
        chosen = filters["user_id"]
        if self._sees_all():
            return [chosen] if chosen else None
        mine = self.env.user | self.env.user._field_subordinates()
        return [uid for uid in mine.ids if not chosen or uid == chosen] or [0]

    def _get_own_medians_query(self, filters, people):
        """Of people the person leads, so that the rules of the deals need not be asked again."""
        team = SQL("AND team_id = %s", filters["team_id"]) if filters["team_id"] else SQL()
        return SQL(
            """SELECT from_stage_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
                 FROM field_stage_history
                WHERE user_id IN %s AND from_stage_id IS NOT NULL
                  AND entered_on BETWEEN %s AND %s AND (company_id = %s OR company_id IS NULL) %s
                GROUP BY from_stage_id""",
            tuple(people),
            filters["date_from"],
            filters["date_to"],
            self.env.company.id,
            team,
        )

    def _get_median_query(self, filters, stage_id):
        domain = Domain(
            [
                ("from_stage_id", "=", stage_id),
                ("entered_on", ">=", filters["date_from"]),
                ("entered_on", "<=", filters["date_to"]),
                ("company_id", "in", (self.env.company.id, False)),
            ]
        )
        if filters["team_id"]:
            domain &= Domain("team_id", "=", filters["team_id"])
        History = self.env["field.stage.history"]
        query = History._search(domain, order="at desc", limit=MOST_STAYS)
        days = History._field_to_sql(query.table, "days", query)
        return SQL(
            "(SELECT %s, percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.days) FROM (%s) stay)",
            stage_id,
            query.select(SQL("%s AS days", days)),
        )

    def _get_choices(self):
        """The teams and people one may choose from: those whose deals one sees."""
        teams = self.env["crm.team"].search_read(
            [("company_id", "in", (self.env.company.id, False))], ["name"]
        )
        domain = [("share", "=", False), ("company_ids", "in", self.env.company.id)]
        user = self.env.user
        if not self._sees_all():
            domain += ["|", ("id", "=", user.id), ("field_leader_ids", "in", [user.id])]
        people = self.env["res.users"].sudo().search(domain)
        return {
            "teams": [{"id": team["id"], "name": team["name"]} for team in teams],
            "users": [{"id": person.id, "name": person.name} for person in people],
        }
