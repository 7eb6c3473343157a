"""Which fence holds for a customer, and what a check-in there needs.

Twin of ``static/src/fence/fence_logic.js``; both are tested by ``static/tests/fence_vectors.json``.
Whether a position is inside says ``fence_verdict`` of field_base.
"""

MODES = ("none", "soft", "hard")
#: Verdicts that nobody is asked about.
FINE = ("inside", "maybe", False, None, "")


def resolve_fence(policy, rules, customer):
    """Mode, radius and warn radius: what the customer's card says, else the first rule for
    customers of his kind, else the policy. Each of the three is looked for by itself.

    :param dict policy: ``fence_mode``, ``fence_radius``, ``fence_warn``
    :param list rules: ``{"grades", "channels", "mode", "radius", "warn"}`` in their order; without
        grades (channels) a rule holds for all of them
    :param dict customer: ``mode``, ``radius``, ``warn``, ``grade``, ``channel``; what is empty or 0
        says nothing
    :returns: ``{"mode", "radius", "warn"}``; a warn radius that is not smaller than the radius says
        nothing, and is 0
    """
    rule = next((rule for rule in rules if _concerns(rule, customer)), {})
    levels = (
        customer,
        rule,
        {key: policy.get(f"fence_{key}") for key in ("mode", "radius", "warn")},
    )
    found = {
        key: next((level[key] for level in levels if level.get(key)), 0)
        for key in ("mode", "radius", "warn")
    }
    if found["warn"] >= found["radius"]:
        found["warn"] = 0
    return found


def _concerns(rule, customer):
    grades, channels = rule.get("grades"), rule.get("channels")
    return (not grades or customer.get("grade") in grades) and (
        not channels or customer.get("channel") in channels
    )


def fence_demand(mode, verdict, has_pin, has_position, policy):
    """What has to be said before this check-in: ``"reason"``, ``"exception"`` or ``""``.

    The exception path keeps an honest representative from being locked out at the door. A customer
    without a pin blocks nobody: the place of the check-in becomes its first hint. No verdict at all
    is a call, which has no place.

    :param dict policy: ``proof_position``, ``proof_mode``
    """
    if not verdict:
        return ""
    if not has_position and policy.get("proof_position"):
        demand = {"mark": "reason", "block": "exception"}.get(policy.get("proof_mode"))
        if demand:
            return demand
    if mode == "none" or verdict in FINE:
        return ""
    if mode == "hard" and (verdict == "outside" or has_pin):
        return "exception"
    return "reason" if verdict == "outside" else ""


def fence_photo(rule, verdict, demand):
    """Whether this check-in needs a photo of where one stands.

    :param str rule: of the policy: ``none``, ``exception`` (only who insists) or ``outside``
    """
    if rule == "outside":
        return bool(demand) and (demand == "exception" or verdict == "outside")
    return rule == "exception" and demand == "exception"


def is_near(distance, warn):
    """Inside the fence, but further away than usual: a hint that the pin may be wrong."""
    return bool(warn) and distance is not None and distance is not False and distance > warn
