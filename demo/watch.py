"""Places that are watched, and things that measure: two zones, a freezer and a shelf that weighs.

The values come in as a gateway sends them; the freezer was left open last night, so its rep has a
task.
"""

import json
import math
from datetime import datetime, timedelta, timezone

from simulator.shifts import TZ

from .places import TERRITORIES

DAYS, EVERY_MIN = 3, 30
DEPOT = {"name": "配送中心 Depot", "lat": 31.2240, "lng": 121.4440, "radius": 250}
DISTRICT = "静安片区 Jing'an district"
FREEZER = ("冷柜 Freezer", "收银台旁，4711号 beside the till, No. 4711", "freezer-1")
SHELF = ("货架秤 Shelf scale", "饮料货架 drinks", "shelf-1")
# The freezer stood open for its last hours.
COLD, WARM, OPEN_MIN = -18.5, -9.0, 150


def draw_zones(env, users):
    """A circle everybody passes and the district of one representative."""
    district = next(territory for territory in TERRITORIES if territory.key == "jingan")
    return env["field.zone"].create(
        [
            {**DEPOT, "shape": "circle", "responsible_id": users["director"].id},
            {
                "name": DISTRICT,
                "shape": "polygon",
                "corners": outline(district),
                "user_ids": [(4, users["rep"].id)],
                "responsible_id": users["leader"].id,
                "alert_on": "leave",
                "tolerance_min": 15,
            },
        ]
    )


def outline(territory):
    """A frame around all streets of a territory, a little wider than they are."""
    points = [end for street in territory.streets for end in (street.start, street.end)]
    lats, lngs = zip(*points, strict=True)
    south, north = min(lats) - 0.003, max(lats) + 0.003
    west, east = min(lngs) - 0.003, max(lngs) + 0.003
    return [[south, west], [south, east], [north, east], [north, west]]


def put_sensors(env, shops, today):
    """A gateway with two sensors in a customer's shop, and what they said until last midnight.

    :param shops: list of (places.Shop, res.partner)
    """
    from odoo.addons.field_tracking.tools import sensors

    partner = next(
        partner for shop, partner in shops if shop.kind == "supermarket" and not shop.prospect
    )
    sender = env["field.device"].create(
        {"name": "网关 Gateway", "kind": "sensor", "user_id": partner.user_id.id}
    )
    limits = (
        {"metric": "temperature", "has_high": True, "high": -15.0, "minutes": 30},
        {"metric": "weight", "has_low": True, "low": 5.0, "minutes": 60},
    )
    env["field.sensor"].create(
        [
            {
                "name": name,
                "asset": asset,
                "code": code,
                "device_id": sender.id,
                "partner_id": partner.id,
                "user_id": partner.user_id.id,
                "limit_ids": [(0, 0, limit)],
            }
            for (name, asset, code), limit in zip((FREEZER, SHELF), limits, strict=True)
        ]
    )
    midnight = datetime(today.year, today.month, today.day, tzinfo=TZ)
    body = json.dumps({"values": list(values(midnight))}).encode()
    sender._receive(sensors.parse(body, midnight.timestamp()), len(body))


def values(until):
    """What both sensors said, oldest first, as a gateway sends it."""
    for step in range(DAYS * 24 * 60 // EVERY_MIN, -1, -1):
        minutes = step * EVERY_MIN
        time = (until - timedelta(minutes=minutes)).astimezone(timezone.utc).isoformat()
        cold = WARM if minutes < OPEN_MIN else COLD
        swing = math.sin(minutes / 90)
        yield {
            "sensor": FREEZER[2],
            "metric": "temperature",
            "value": round(cold + swing, 1),
            "time": time,
        }
        weight = 8.0 + (minutes % (24 * 60)) / 120
        yield {"sensor": SHELF[2], "metric": "weight", "value": round(weight, 2), "time": time}
