from odoo import fields, models

# Days a kind of data is kept; 0 keeps it until the company decides.
RETENTION_FIELDS = (
    "retention_position_days",
    "retention_track_days",
    "retention_place_days",
    "retention_photo_days",
    "retention_audio_days",
    "retention_journal_days",
    "retention_hours_days",
    "retention_log_days",
)


class FieldPolicy(models.Model):
    """What a policy says about people's data: consent, who looks, how long, when to be quiet."""

    _inherit = "field.policy"

    consent_required = fields.Boolean(
        help="Without a valid consent nothing but check-ins is recorded: positions are refused and "
        "not kept."
    )
    access_reason_required = fields.Boolean(
        "Reason to look required",
        help="Who opens somebody's positions, track or photos must say why. The person sees it.",
    )
    quiet_from = fields.Float(
        "Quiet from", default=21.0, help="Local hour from which no notification is sent."
    )
    quiet_until = fields.Float(
        "Quiet until", default=8.0, help="Local hour until which no notification is sent."
    )
    retention_position_days = fields.Integer(
        "Positions kept (days)",
        help="The single positions of a track. They go by whole calendar months. 0 keeps them.",
    )
    retention_track_days = fields.Integer(
        "Tracks kept (days)", help="Stays, trips and gaps made of the positions. 0 keeps them."
    )
    retention_place_days = fields.Integer(
        "Places kept (days)",
        help="Coordinates of check-ins, check-outs and workdays. The visits stay. 0 keeps them.",
    )
    retention_photo_days = fields.Integer("Photos kept (days)", help="0 keeps them.")
    retention_audio_days = fields.Integer(
        "Recordings kept (days)", default=90, help="0 keeps them."
    )
    retention_journal_days = fields.Integer(
        "Journal kept (days)",
        help="What the phone sent, word for word. The hash of each entry stays. 0 keeps it.",
    )
    retention_hours_days = fields.Integer("Working hours kept (days)", help="0 keeps them.")
    retention_log_days = fields.Integer(
        "Access log kept (days)", help="Who looked at whose data. 0 keeps it."
    )

    _retention_range = models.Constraint(
        "CHECK(LEAST({}) >= 0 AND GREATEST({}) <= 36500)".format(
            ", ".join(RETENTION_FIELDS), ", ".join(RETENTION_FIELDS)
        ),
        "Data can be kept for 1 to 36,500 days, or with 0 for as long as the company wants.",
    )
    _quiet_range = models.Constraint(
        "CHECK(quiet_from BETWEEN 0 AND 24 AND quiet_until BETWEEN 0 AND 24)",
        "Quiet hours are hours of the day, from 0:00 to 24:00.",
    )
