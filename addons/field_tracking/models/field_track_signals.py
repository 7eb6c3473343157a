import base64
from datetime import timedelta

import numpy as np

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import replay, signals

#: Days older than this are not looked at any more; nobody remembers what he did then.
LOOK_BACK = timedelta(days=14)
#: A replayed day is looked for so far back.
REPLAY_BACK = timedelta(days=60)
DAYS_PER_RUN = 200

_COLUMNS = SQL(
    """string_agg(extract(epoch FROM ts)::bigint::text, ',' ORDER BY ts),
       string_agg((lat / 1e7::float8)::text, ',' ORDER BY ts),
       string_agg((lng / 1e7::float8)::text, ',' ORDER BY ts),
       string_agg(COALESCE(accuracy, 'nan')::text, ',' ORDER BY ts),
       string_agg(COALESCE(altitude, 'nan')::text, ',' ORDER BY ts),
       string_agg(COALESCE(speed, 'nan')::text, ',' ORDER BY ts),
       string_agg(COALESCE(course, 'nan')::text, ',' ORDER BY ts),
       string_agg(COALESCE(battery, 'nan')::text, ',' ORDER BY ts),
       string_agg(COALESCE(charging::int::text, 'nan'), ',' ORDER BY ts),
       string_agg(COALESCE(mock, false)::int::text, ',' ORDER BY ts),
       string_agg((extract(epoch FROM ts)::bigint + lag_s)::text, ',' ORDER BY ts),
       string_agg(device_id::text, ',' ORDER BY ts),
       string_agg(('x' || left(md5(COALESCE(source, '')), 6))::bit(24)::int::text, ','
                  ORDER BY ts),
       string_agg(COALESCE(event IN ('p', 'ping', 'heartbeat'), false)::int::text, ','
                  ORDER BY ts),
       string_agg(COALESCE((network = 'w')::int::text, 'nan'), ',' ORDER BY ts)"""
)


class FieldTrackDay(models.Model):
    """Looking through a day for what needs a question."""

    _inherit = "field.track.day"

    signals_at = fields.Datetime(
        "Looked through at", readonly=True, help="For what the rules of the policy ask about."
    )
    replay_print = fields.Binary(attachment=False, readonly=True, groups=fields.NO_ACCESS)
    flag_count = fields.Integer("Questions", compute="_compute_flag_count")

    @api.depends("user_id", "date")
    def _compute_flag_count(self):
        """Of those the user may see."""
        domain = [("user_id", "in", self.user_id.ids), ("date", "in", self.mapped("date"))]
        domain += [("state", "!=", "new")]
        groups = self.env["field.flag"]._read_group(domain, ["user_id", "date:day"], ["__count"])
        counts = {(user.id, date): count for user, date, count in groups}
        for day in self:
            day.flag_count = counts.get((day.user_id.id, day.date), 0)

    @api.model
    def _cron_signals(self):
        """Look through the days that were built since they were last looked through."""
        progress = self.env["ir.cron"]._commit_progress
        days = self._days_to_look_through()
        progress(remaining=len(days))
        for day in days:
            day._look_through()
            if not progress(1):
                break

    @api.model
    def _days_to_look_through(self):
        """Only where somebody switched a rule on."""
        if not self.env["field.policy.flag"].search_count([], limit=1):
            return self.browse()
        self.flush_model()
        query = SQL(
            """SELECT id FROM field_track_day
                WHERE date >= %s AND fix_count > 0
                  AND (signals_at IS NULL OR signals_at < built_at)
                ORDER BY date DESC, id LIMIT %s""",
            fields.Date.today() - LOOK_BACK,
            DAYS_PER_RUN,
        )
        return self.browse([row[0] for row in self.env.execute_query(query)])

    def _look_through(self):
        """Note what the person's policy asks about, and ask when it weighs enough."""
        for day in self.sudo():
            policy = day._get_policy()
            found = day._find_signals(policy._get_flag_thresholds())
            flags = day._sync_flags(found)
            if sum(flags.mapped("weight")) >= policy.flag_ask_weight:
                flags._do_ask(policy)
            day.signals_at = fields.Datetime.now()

    def _find_signals(self, thresholds):
        """``{code: [tools.signals.Hit]}`` in this day's raw positions."""
        self.ensure_one()
        if not thresholds:
            return {}
        fixes = signals.make_fixes(**self._read_signal_columns())
        found = signals.find(fixes, thresholds)
        if "replay" in thresholds and len(fixes) > 1:
            hit = self._find_replay(fixes, int(thresholds["replay"]))
            if hit:
                found["replay"] = [hit]
        if "clock" in thresholds:
            found |= self._find_clock_changes(thresholds["clock"])
        return found

    def _find_clock_changes(self, threshold):
        """How often the phone said on this day that its clock had been set."""
        times = sorted({int(e.at) for e in self._read_journal() if e.kind == "clock"})
        if len(times) < threshold:
            return {}
        return {"clock": [signals.Hit(times[0], times[-1], len(times), {"count": len(times)})]}

    def _read_signal_columns(self):
        """Columns of ``tools.signals.Fixes``; outside working time nothing is looked at."""
        start, end = self._bounds()
        [row] = self.env.execute_query(
            SQL(
                """SELECT %s FROM field_position
                    WHERE device_id = ANY(ARRAY(SELECT id FROM field_device WHERE user_id = %s))
                      AND user_id = %s AND ts >= %s AND ts < %s""",
                _COLUMNS,
                self.user_id.id,
                self.user_id.id,
                start,
                end,
            )
        )
        columns = dict(zip(signals.Fixes.__slots__, map(_numbers, row), strict=True))
        kept = self._keep_working_time(columns["t"])
        return {name: column[kept] for name, column in columns.items()}

    def _keep_working_time(self, moments):
        """Mask of the moments the policy lets us look at."""
        Policy = self.env["field.policy"].with_company(self.company_id)
        kept = np.ones(len(moments), dtype=bool)
        if not len(moments) or not Policy._has_working_time_lock(self.company_id.id):
            return kept
        start, end = self._bounds()
        epoch = fields.Datetime.to_datetime("1970-01-01")
        kept[:] = False
        for low, high in Policy._get_working_times(self.user_id, start, end)[self.user_id.id]:
            kept |= (moments >= (low - epoch).total_seconds()) & (
                moments <= (high - epoch).total_seconds()
            )
        return kept

    # --- replay --------------------------------------------------------------------------------

    def _find_replay(self, fixes, points):
        """Whether a stretch of this day is an earlier day of the same person over again."""
        mine = replay.fingerprint(fixes.lat, fixes.lon)
        self.replay_print = base64.b64encode(mine.tobytes())
        domain = Domain("user_id", "=", self.user_id.id) & Domain("date", "<", self.date)
        domain &= Domain("date", ">=", self.date - REPLAY_BACK)
        earlier = self.search(domain & Domain("replay_print", "!=", False), order="date desc")
        for day in earlier.with_context(bin_size=False):
            other = np.frombuffer(base64.b64decode(day.replay_print), dtype=np.int64)
            if replay.looks_alike(mine, other, points):
                hit = self._compare_with(day, fixes, points)
                if hit:
                    return hit
        return None

    def _compare_with(self, day, fixes, points):
        other = day._read_signal_columns()
        count, first, last = replay.longest_repeat(fixes.lat, fixes.lon, other["lat"], other["lon"])
        if count < points:
            return None
        facts = {"count": count, "other_date": str(day.date)}
        return signals.Hit(int(fixes.t[first]), int(fixes.t[last]), count, facts)

    # --- flags ---------------------------------------------------------------------------------

    def _sync_flags(self, found):
        """The day's questions after what was found now: new ones made, open ones brought up to
        date; one that was only noted goes when its cause is gone. What was asked stays.

        :returns: the flags of the rules that spoke
        """
        Flag = self.env["field.flag"]
        rules = self.env["field.flag.rule"].search([("code", "in", list(found))])
        existing = Flag.search([("user_id", "=", self.user_id.id), ("date", "=", self.date)])
        existing.filtered(lambda f: f.state == "new" and f.rule_id not in rules).unlink()
        by_rule = existing.exists().grouped("rule_id")
        thresholds = self._get_policy()._get_flag_thresholds()
        spoke = Flag
        for rule in rules:
            vals = self._prepare_flag_vals(rule, found[rule.code], thresholds.get(rule.code, 0))
            flag = by_rule.get(rule, Flag)
            if not flag:
                flag = Flag.create(vals)
            elif flag.state in ("new", "asked"):
                flag.write(vals)
            spoke |= flag
        return spoke

    def _prepare_flag_vals(self, rule, hits, threshold):
        worst = hits[0]
        epoch = fields.Datetime.to_datetime("1970-01-01")
        return {
            "user_id": self.user_id.id,
            "company_id": self.company_id.id,
            "date": self.date,
            "tz": self.tz,
            "rule_id": rule.id,
            "weight": rule.weight,
            "threshold": threshold,
            "start": epoch + timedelta(seconds=worst.start),
            "end": epoch + timedelta(seconds=worst.end),
            "hit_count": len(hits),
            "evidence": {"value": worst.value, **worst.facts},
        }

    def action_flags(self):
        """The questions about this day, as far as one may see them."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("field_tracking.field_flag_action")
        domain = [("user_id", "=", self.user_id.id), ("date", "=", self.date)]
        return action | {"domain": domain, "context": {}}


def _numbers(text):
    if not text:
        return np.zeros(0)
    return np.fromstring(text, dtype=np.float64, sep=",")
