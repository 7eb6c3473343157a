"""Who only came along sees a visit, but not how it is judged: neither on the screen nor in exports,
filters, groups and sums. What is kept of the visit stays as it is."""

from odoo import api, models
from odoo.tools import SQL

#: Between the person and his leaders.
JUDGED_FIELDS = frozenset(
    {"truth_score", "late_count", "late_most_min", "explanation"}
    | {"odd_speed_kmh", "odd_repeat_days", "odd_clock_min"}
    | {"photo_doubt", "face_review"}
    | {"review_state", "reviewed_by_id", "reviewed_at", "review_note"}
)
# An object, not a value: no RPC context can carry it.
_FETCH = object()


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def _get_only_company(self):
        """Those of these visits where the reader came along and leads nobody who was there."""
        joint = self.filtered("is_with_me")
        if not joint:
            return joint
        me = self.env.user
        return joint.filtered(lambda visit: me not in visit.user_id.sudo().field_leader_ids)

    def _may_see_truth(self):
        """Who only came along does not judge: the sum is between the person and his leader."""
        return super()._may_see_truth() and not self._get_only_company()

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        hidden = JUDGED_FIELDS & set(fnames)
        if hidden and not self.env.su:
            others = set(self.browse([row["id"] for row in rows])._get_only_company().ids)
            for row in rows:
                if row["id"] in others:
                    row.update(dict.fromkeys(hidden, False))
        return rows

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        hidden = [n for n, path in enumerate(fields) if path and path[0] in JUDGED_FIELDS]
        if not hidden or self.env.su:
            return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        lines = []
        for is_hidden, visits in self._get_runs(self._get_only_company()):
            part = super(FieldVisit, visits)._export_rows(
                fields, _is_toplevel_call=_is_toplevel_call
            )
            for row in part if is_hidden else ():
                row[:] = ["" if n in hidden else value for n, value in enumerate(row)]
            lines += part
        return lines

    def _get_runs(self, others):
        """``[(is it one of the others, neighbours)]``: the lines of an export keep their order."""
        runs = []
        for visit in self:
            is_other = visit in others
            if runs and runs[-1][0] == is_other:
                runs[-1][1].append(visit.id)
            else:
                runs.append((is_other, [visit.id]))
        return [(is_other, self.browse(ids)) for is_other, ids in runs]

    # ---------------------------------------------------------------- filters, groups, sums

    def _fetch_query(self, query, fields):
        """What is fetched is cached for everybody, so it is the truth; see _read_format."""
        fetching = self.with_context(field_visit_fetch=_FETCH)
        return super(FieldVisit, fetching)._fetch_query(query, fields).with_env(self.env)

    def _field_to_sql(self, alias, field_expr, query=None):
        sql = super()._field_to_sql(alias, field_expr, query)
        is_fetch = self.env.context.get("field_visit_fetch") is _FETCH
        if field_expr not in JUDGED_FIELDS or self.env.su or is_fetch:
            return sql
        others = self._find_only_company()
        if not others:
            return sql
        visit = SQL.identifier(alias, "id")
        return SQL("CASE WHEN %s = ANY(%s) THEN NULL ELSE %s END", visit, others, sql)

    @api.model
    def _find_only_company(self):
        """All ids of :meth:`_get_only_company`.

        Asked for by itself: the chain of leaders once for each field made a search so big that the
        database spent seconds on compiling it.
        """
        self.env["field.visit"].flush_model(["companion_ids", "user_id"])
        uid = self.env.uid
        rows = self.env.execute_query(
            SQL(
                """SELECT joint.visit_id
                     FROM field_visit_companion_rel joint
                     JOIN field_visit visit ON visit.id = joint.visit_id
                    WHERE joint.user_id = %s AND visit.user_id NOT IN (%s)""",
                uid,
                self.env["res.users"]._field_below_sql((uid,)),
            )
        )
        return [visit_id for (visit_id,) in rows]
