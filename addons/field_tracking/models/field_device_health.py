from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.health import Signs, find_problems

BRANDS = [
    ("iphone", "iPhone"),
    ("samsung", "Samsung"),
    ("xiaomi", "Xiaomi, Redmi"),
    ("huawei", "Huawei"),
    ("honor", "Honor"),
    ("oppo", "OPPO, OnePlus, realme"),
    ("vivo", "vivo, iQOO"),
    ("other", "Another Android"),
]
LOOK_BACK = timedelta(days=1)


class FieldDevice(models.Model):
    """Is this phone well connected, and if not, what is to be done on it."""

    _inherit = "field.device"

    brand = fields.Selection(
        BRANDS, "Make", help="Each make has its own way of switching off apps in the background."
    )
    last_fix_at = fields.Datetime("Last position", compute="_compute_health")
    health = fields.Selection(
        [("good", "Works"), ("check", "To be checked"), ("bad", "Does not work")],
        "Connection",
        compute="_compute_health",
    )
    health_advice = fields.Html("What to do", compute="_compute_health", sanitize=False)
    brand_help = fields.Html("On this make", compute="_compute_brand_help", sanitize=False)

    def _compute_health(self):
        facts = self._read_health()
        for device in self:
            row = facts.get(device.id, {})
            signs = device.sudo()._get_signs(row)
            problems = find_problems(signs) if device.kind in ("app", "tracker") else []
            bad = problems and problems[0].startswith(("never", "silent", "refused", "permission"))
            device.last_fix_at = row.get("last_ts")
            device.health = "bad" if bad else "check" if problems else "good"
            device.health_advice = device._format_advice(problems, signs)

    def _read_health(self):
        """Facts about the last day of each device, in one query."""
        if not self.ids:
            return {}
        query = SQL(_FACTS, fields.Datetime.now() - LOOK_BACK, tuple(self.ids))
        return {row["device_id"]: row for row in self.env.execute_query_dict(query)}

    def _get_signs(self, row):
        now = fields.Datetime.now()
        others = [
            ("user_id", "=", self.user_id.id),
            ("kind", "=", "tracker"),
            ("id", "not in", self.ids),
            ("last_contact", ">", now - LOOK_BACK),
        ]
        rejects = [("device_id", "in", self.ids), ("received_at", ">", now - LOOK_BACK)]
        return Signs(
            contact_age_s=_age(self.last_contact, now),
            fix_age_s=_age(row.get("last_ts"), now),
            fixes=row.get("fixes", 0),
            interval_s=row.get("interval_s"),
            coarse_share=row.get("coarse_share") or 0.0,
            delay_s=row.get("delay_s"),
            battery=self.tracker_battery or None,
            charging=bool(row.get("charging")),
            rejects=self.env["field.position.reject"].search_count(rejects, limit=1000),
            refusal=self._tracking_refusal() if isinstance(self.id, int) else None,
            status=self.tracker_status or {},
            source=row.get("source"),
            other_devices=self.search_count(others, limit=1) if self.kind == "tracker" else 0,
        )

    def _format_advice(self, problems, signs):
        texts = self._get_problem_texts(signs)
        if not problems:
            return Markup("<p>%s</p>") % self.env._(
                "Nothing is wrong that could be seen from here."
            )
        items = Markup("").join(Markup("<li>%s</li>") % texts[code] for code in problems)
        return Markup("<ul class='mb-0'>%s</ul>") % items

    def _get_problem_texts(self, signs):
        """What each problem means for the person with the phone in his hand."""
        return {
            "refused_revoked": self.env._(
                "The device was disconnected. Connect it again with a new code."
            ),
            "refused_user_archived": self.env._("The person is archived: nothing is kept."),
            "refused_policy": self.env._(
                "The policy of this person allows no continuous track: positions are counted and "
                "thrown away."
            ),
            "refused_consent": self.env._(
                "The consent is missing: until it is signed, positions are thrown away."
            ),
            "never": self.env._(
                "Nothing has arrived yet. Scan the code in the app and switch tracking on."
            ),
            "silent": self.env._(
                "Nothing was heard for more than an hour. Is tracking on in the app, is there a "
                "network, did the phone end the app? See below for this make."
            ),
            "permission": self.env._(
                "The app may not see the location. Allow it “always” (all the time), precise."
            ),
            "no_position": self.env._(
                "The phone is alive but sends no places: location is off, or allowed only while "
                "the app is open."
            ),
            "power_save": self.env._(
                "The power saving mode is on: it stops apps in the background."
            ),
            "battery_saver": self.env._(
                "The battery optimisation applies to the app: set it to “not restricted”."
            ),
            "hibernation": self.env._(
                "The phone puts unused apps to sleep: switch that off for this app."
            ),
            "coarse": self.env._(
                "Most places are off by more than 100 m. Choose the accuracy “high” in the app, "
                "and allow the precise location."
            ),
            "sparse": self.env._(
                "A position comes every %(minutes)s minutes only. Set 60 seconds and 75 m.",
                minutes=round((signs.interval_s or 0) / 60),
            ),
            "late": self.env._(
                "Positions arrive late. Allow the app background data, also with data saving on."
            ),
            "battery": self.env._("The battery is low. A charger in the car helps."),
            "rejects": self.env._(
                "%(count)s messages could not be used; they are listed below.", count=signs.rejects
            ),
            "old_app": self.env._(
                "The app is an old one. Update it, or scan the code in a new one."
            ),
            "two_phones": self.env._(
                "Another phone of this person sends as well. Of the two the better one is used for "
                "each time; disconnect the one that is not carried."
            ),
        }

    @api.depends("brand")
    def _compute_brand_help(self):
        texts = self._get_brand_texts()
        for device in self:
            steps = texts.get(device.brand, [])
            items = Markup("").join(Markup("<li>%s</li>") % step for step in steps)
            device.brand_help = steps and Markup("<ol class='mb-0'>%s</ol>") % items

    def _get_brand_texts(self):
        """The switches that let an app run in the background, in the words of each make."""
        always = self.env._("Location of the app: Allow all the time, with precise location.")
        recent = self.env._(
            "In the list of open apps, lock this one (padlock), and do not swipe it away."
        )
        return {
            "iphone": [
                self.env._(
                    "Settings › Apps › the app › Location: Always, and Precise Location on."
                ),
                self.env._("Settings › Apps › the app: Background App Refresh on."),
                self.env._("Low Power Mode off while at work. Never swipe the app away."),
            ],
            "samsung": [
                always,
                self.env._("Settings › Apps › the app › Battery: Unrestricted."),
                self.env._(
                    "Settings › Battery › Background usage limits: add it to Never sleeping apps."
                ),
            ],
            "xiaomi": [
                always,
                self.env._("Settings › Apps › Permissions › Autostart: on for the app."),
                self.env._("App info › Battery saver: No restrictions."),
                recent,
            ],
            "huawei": [
                always,
                self.env._(
                    "Settings › Battery › App launch: manage manually, all three switches on."
                ),
                recent,
            ],
            "honor": [
                always,
                self.env._(
                    "Settings › Battery › App launch: manage manually, all three switches on."
                ),
                recent,
            ],
            "oppo": [
                always,
                self.env._(
                    "Settings › Battery › the app: allow background activity and auto launch."
                ),
                recent,
            ],
            "vivo": [
                always,
                self.env._(
                    "Settings › Battery › Background power consumption: allow it for the app."
                ),
                self.env._("i Manager › App manager › Autostart: on for the app."),
                recent,
            ],
            "other": [
                always,
                self.env._("Settings › Apps › the app › Battery: Unrestricted (do not optimise)."),
                self.env._("Settings › Apps › the app: Pause app activity if unused, off."),
            ],
        }


def _age(moment, now):
    return (now - moment).total_seconds() if moment else None


_FACTS = """
    SELECT d.id AS device_id,
           (SELECT max(ts) FROM field_position l WHERE l.device_id = d.id) AS last_ts,
           count(p.ts) AS fixes,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY p.step) AS interval_s,
           avg((p.accuracy > 100)::int) AS coarse_share,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY p.lag_s) AS delay_s,
           (array_agg(p.charging ORDER BY p.ts DESC))[1] AS charging,
           (array_agg(p.source ORDER BY p.ts DESC))[1] AS source
      FROM field_device d
      LEFT JOIN LATERAL (
           SELECT ts, lag_s, accuracy, charging, source,
                  extract(epoch FROM ts - lag(ts) OVER (ORDER BY ts)) AS step
             FROM field_position WHERE device_id = d.id AND ts > %s) p ON TRUE
     WHERE d.id IN %s GROUP BY d.id
"""
