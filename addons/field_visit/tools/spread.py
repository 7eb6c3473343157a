"""Who of a team takes which customer. Pure functions."""

from collections import Counter


def spread(customers, members):
    """Every customer to his owner when he is in the team, the others to who has fewest by then.

    :param customers: ``[(customer, owner or False)]``
    :param members: people, in the order in which they get what nobody looks after
    :return: ``[(customer, member)]`` in the order of the customers
    """
    chosen = {customer: owner for customer, owner in customers if owner in members}
    load = Counter(chosen.values())
    for customer, _owner in customers:
        if customer not in chosen:
            chosen[customer] = min(members, key=lambda member: load[member])
            load[chosen[customer]] += 1
    return [(customer, chosen[customer]) for customer, _owner in customers]
