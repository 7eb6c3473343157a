from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.field_base.tools.times import in_quiet_hours

CODES = [
    ("silent", "Phone is silent"),
    ("stopped", "Stopped on the way"),
    ("battery", "Low battery"),
    ("imprecise", "Positions too imprecise"),
]
#: A phone that is expected to speak every quarter of an hour is silent after three of them.
SILENT_AFTER = timedelta(minutes=45)
LOW, WELL = 0.20, 0.30
#: A day of at least so many positions, most of them too coarse to use.
COARSE_FIXES = 20
MOVING_M_S = 5.0
PEOPLE_PER_RUN = 1000


class FieldTrackNote(models.Model):
    """A service to the person: his phone fell silent, its battery is low, its positions are poor.

    No reproach and no leader's business: it is told to the person alone, once, and ends by itself.
    """

    _name = "field.track.note"
    _description = "Word about one's phone"
    _inherit = ["field.scope.mixin"]
    _order = "id desc"
    _log_access = False

    user_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one(readonly=True)
    code = fields.Selection(CODES, "What", required=True, readonly=True)
    at = fields.Datetime("Noticed", required=True, readonly=True)
    ended_at = fields.Datetime("Over", readonly=True)
    text = fields.Char(compute="_compute_text")

    _open_uniq = models.UniqueIndex(
        "(user_id, code) WHERE ended_at IS NULL", "A person is told once."
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_text(self):
        texts = self._get_texts()
        for note in self:
            note.text = texts.get(note.code, "")

    @api.model
    def _get_texts(self):
        """What to do, in the reader's language."""
        return {
            "silent": self.env._(
                "Nothing has come from your phone for a while. Open the app, and check that it may "
                "run in the background."
            ),
            "stopped": self.env._(
                "Your phone fell silent on the way. Often its maker has switched the tracker off: "
                "allow it to run in the background."
            ),
            "battery": self.env._("Your battery is low. Please charge it when you can."),
            "imprecise": self.env._(
                "Most positions of today are too imprecise. Allow the precise location and switch "
                "the battery saver off."
            ),
        }

    # --- job -----------------------------------------------------------------------------------

    @api.model
    def _cron_notes(self):
        """Every five minutes: tell people what is wrong with their phone, end what is over."""
        found = self._find_troubles()
        self._end_others(found)
        self._tell(found)

    @api.model
    def _find_troubles(self):
        """``{(user_id, company_id): {code}}`` of everybody who is at work now."""
        now = fields.Datetime.now()
        self.env["field.workday"].flush_model()
        self.env["field.track.day"].flush_model()
        query = SQL(
            """SELECT w.user_id, w.company_id, w.date, l.battery, l.charging IS TRUE, l.speed,
                      GREATEST(d.last_contact, l.ts, w.open_at), t.fix_count, t.coarse_count
                 FROM field_workday w
                 LEFT JOIN field_position_last l ON l.user_id = w.user_id
                 LEFT JOIN field_device d ON d.id = l.device_id
                 LEFT JOIN field_track_day t ON t.user_id = w.user_id AND t.date = w.date
                WHERE w.state = 'open' AND w.open_at > %s
                  AND NOT EXISTS (SELECT FROM field_workday_pause p
                                   WHERE p.workday_id = w.id AND p.end_at IS NULL)
                LIMIT %s""",
            now - timedelta(days=1),
            PEOPLE_PER_RUN,
        )
        rows = self.env.execute_query(query)
        wanted = self._who_wants_notes({(row[0], row[1]) for row in rows}, now)
        return {
            (user_id, company_id): _troubles(now, *rest)
            for user_id, company_id, _date, *rest in rows
            if (user_id, company_id) in wanted
        }

    @api.model
    def _who_wants_notes(self, keys, now):
        """Those whose policy asks for positions all day and for notes, outside quiet hours."""
        wanted = set()
        for company in self.env["res.company"].browse({company_id for _user, company_id in keys}):
            users = self.env["res.users"].browse([u for u, c in keys if c == company.id])
            policies = self.env["field.policy"].with_company(company)._get_for_users(users)
            for user in users:
                policy = policies[user.id]
                quiet = in_quiet_hours(now, user._field_tz(), policy.quiet_from, policy.quiet_until)
                if policy.service_notes and policy.tracking_level == "continuous" and not quiet:
                    wanted.add((user.id, company.id))
        return wanted

    @api.model
    def _end_others(self, found):
        """A battery note ends with a well charged battery, any other with its cause."""
        still = {(user, code) for (user, _company), codes in found.items() for code in codes}
        for note in self.sudo().search([("ended_at", "=", False)], limit=5000):
            if (note.user_id.id, note.code) not in still and not note._is_weak():
                note.ended_at = fields.Datetime.now()

    def _is_weak(self):
        """Between the two limits a battery that was low stays low: no second word at 21 %."""
        if self.code != "battery":
            return False
        last = self.env["field.position.last"].sudo().search([("user_id", "=", self.user_id.id)])
        return bool(last) and not last.charging and 0 < last.battery < WELL

    @api.model
    def _tell(self, found):
        users = [user for user, _company in found]
        open_notes = self.sudo().search([("ended_at", "=", False), ("user_id", "in", users)])
        told = {(note.user_id.id, note.code) for note in open_notes}
        notes = self.sudo().create(
            [
                {"user_id": user, "company_id": company, "code": code, "at": fields.Datetime.now()}
                for (user, company), codes in found.items()
                for code in sorted(codes)
                if (user, code) not in told
            ]
        )
        for note in notes:
            note._notify()

    def _notify(self):
        note = self.with_context(lang=self.user_id.lang)
        label = dict(note._fields["code"]._description_selection(note.env))[note.code]
        self.env["field.notice"]._notify("track_note", self.user_id, label, note.text, record=self)


def _troubles(now, battery, charging, speed, heard, fixes, coarse):
    """Codes of what is wrong with one phone."""
    codes = set()
    if now - heard > SILENT_AFTER:
        codes.add("stopped" if (speed or 0) > MOVING_M_S else "silent")
    if battery and 0 < battery <= LOW and not charging:
        codes.add("battery")
    if (fixes or 0) >= COARSE_FIXES and (coarse or 0) > fixes / 2:
        codes.add("imprecise")
    return codes
