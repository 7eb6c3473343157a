"""What is wrong with a phone's settings, from how its messages look."""

from dataclasses import dataclass

#: A phone that reports every minute is silent when still; it says so every 15 minutes.
SILENT_S = 3600.0
SPARSE_S = 180.0
COARSE_SHARE = 0.5
LATE_S = 600.0
LOW_BATTERY = 0.2
FEW = 20


@dataclass(frozen=True, slots=True)
class Signs:
    """The last day of one device; seconds, shares 0..1, None where nobody knows."""

    contact_age_s: float | None = None
    fix_age_s: float | None = None
    fixes: int = 0
    interval_s: float | None = None
    coarse_share: float = 0.0
    delay_s: float | None = None
    battery: float | None = None
    charging: bool = False
    rejects: int = 0
    refusal: str | None = None
    status: dict | None = None
    source: str | None = None
    other_devices: int = 0


def find_problems(signs: Signs) -> list[str]:
    """Codes of what should be looked at, the gravest first; nothing when all is well."""
    if signs.refusal:
        return [f"refused_{signs.refusal}"]
    if signs.contact_age_s is None:
        return ["never"]
    status = signs.status or {}
    enough = signs.fixes >= FEW
    checks = (
        ("silent", signs.contact_age_s > SILENT_S),
        ("permission", bool(status.get("loc"))),
        ("no_position", _has_contact_only(signs)),
        ("power_save", status.get("ps") == 1),
        ("battery_saver", status.get("bo") == 1),
        ("hibernation", status.get("hib") == 1),
        ("coarse", enough and signs.coarse_share > COARSE_SHARE),
        ("sparse", enough and (signs.interval_s or 0) > SPARSE_S),
        ("late", enough and (signs.delay_s or 0) > LATE_S),
        ("battery", (signs.battery or 1) <= LOW_BATTERY and not signs.charging),
        ("rejects", signs.rejects > 0),
        ("old_app", signs.source == "query"),
        ("two_phones", signs.other_devices > 0),
    )
    return [code for code, holds in checks if holds]


def _has_contact_only(signs: Signs) -> bool:
    """Heard within the hour, but no place for hours (or never)."""
    if signs.contact_age_s is None or signs.contact_age_s > SILENT_S:
        return False
    return signs.fix_age_s is None or signs.fix_age_s - signs.contact_age_s > 4 * SILENT_S
