"""What a rep does beside the steps of a visit: promises, a pin that is wrong, a shop he found.

Drawn apart from the day, so that it changes nothing else of it.
"""

import random
from datetime import timedelta

from . import texts

METRE = 1 / 111195.0


def companions(visit, leader):
    """The leader comes along now and then.

    :param leader: id of his user, or None
    """
    return [leader] if leader and random.Random(f"along/{visit}").random() < 0.08 else []


def beside_visit(visit, shop, date, position, make_uuid):
    """``[(kind, payload)]`` of one visit.

    :param date: local day of the visit
    :param dict position: where he stands
    """
    rng = random.Random(f"besides/{visit}")
    events = []
    if rng.random() < 0.2:
        on = date + timedelta(days=rng.randint(1, 9))
        promise = {
            "uuid": make_uuid(visit, "promise"),
            "partner_id": shop.id,
            "name": rng.choice(texts.PROMISES),
            "date": on.isoformat(),
            "visit_uuid": visit,
        }
        events.append(("followup.add", promise))
    if rng.random() < 0.12:
        events.append(("contact.log", _call(rng, visit, shop, make_uuid)))
    if rng.random() < 0.04:
        change = {"phone": f"021 5550 {rng.randint(3000, 8999)}"}
        told = {"partner_id": shop.id, "values": change, "reason": rng.choice(texts.CHANGES)}
        events.append(("customer.propose", told | {"uuid": make_uuid(visit, "change")}))
    if rng.random() < 0.05:
        moved = position | {"lat": position["lat"] + 60 * METRE, "accuracy": 6.0}
        events.append(("customer.pin", {"partner_id": shop.id, "position": moved}))
    return events


def _call(rng, visit, shop, make_uuid):
    """He rings the shop up after the visit, or writes."""
    call = {
        "uuid": make_uuid(visit, "call"),
        "partner_id": shop.id,
        "channel": rng.choice(("call", "call", "mail")),
        "note": rng.choice(texts.CALLS),
    }
    result = one_of(shop, "contact", visit)
    return call | ({"result_id": result} if result else {})


def one_of(shop, usage, *key):
    """A reason that can be chosen for this, or None; drawn apart from the day."""
    reasons = shop.reasons_for(usage)
    return random.Random(f"{usage}/{key}").choice(reasons) if reasons else None


def found_shop(key, stops, make_uuid):
    """A shop that nobody has in his books yet, near one of the visits; on one day of five.

    :returns: payload of ``customer.add``, or None
    """
    rng = random.Random(f"found/{key}")
    if not stops or rng.random() > 0.2:
        return None
    near = rng.choice(stops).shop
    return {
        "name": f"{rng.choice(texts.NEW_SHOPS)} {rng.randint(2, 999)}",
        "lat": near.lat + rng.uniform(260, 420) * METRE,
        "lng": near.lng + rng.uniform(-200, 200) * METRE,
        "customer_uuid": make_uuid(key, "found"),
    }
