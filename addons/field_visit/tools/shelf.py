"""The shelf of a customer against its standard. Pure; the phone has a twin (shelf_logic.js), both
are tested on ``static/tests/shelf_vectors.json``.

A line of the standard: ``{"product_id", "must", "facings", "target", "from", "to"}``; what was
counted: ``{product id: {"qty", "facings", "price", "until"}}``, the first three a number or None,
``until`` the earliest use-by date on the shelf as YYYY-MM-DD.
"""

import math

PILLARS = ("present", "facings", "price", "stock")


def is_present(count):
    """On the shelf: something was counted, or stands there."""
    return bool(count and ((count.get("qty") or 0) > 0 or (count.get("facings") or 0) > 0))


def _present(lines, counted):
    return [float(is_present(counted.get(line["product_id"]))) for line in lines if line["must"]]


def _facings(lines, counted):
    return [
        min(1.0, (counted.get(line["product_id"], {}).get("facings") or 0) / line["facings"])
        for line in lines
        if line["facings"]
    ]


def _stock(lines, counted):
    return [
        min(1.0, (counted.get(line["product_id"], {}).get("qty") or 0) / line["target"])
        for line in lines
        if line["target"]
    ]


def _price(lines, counted):
    seen = [(line, counted.get(line["product_id"], {}).get("price")) for line in lines]
    return [
        float(_fits(line, price))
        for line, price in seen
        if (line["from"] or line["to"]) and price is not None
    ]


def _fits(line, price):
    return price >= line["from"] and (not line["to"] or price <= line["to"])


_SHARES = {"present": _present, "facings": _facings, "price": _price, "stock": _stock}


def pillars(lines, weights, counted):
    """``{pillar: (points, most)}`` of the pillars that weigh something and apply here.

    Points are the weight times the mean over the lines that ask for it; prices that nobody has
    read say nothing.
    """
    found = {}
    for name in PILLARS:
        shares = _SHARES[name](lines, counted)
        weight = weights.get(name) or 0
        if weight and shares:
            found[name] = (weight * sum(shares) / len(shares), weight)
    return found


def score(lines, weights, counted):
    """0 to 100: the points of all pillars by the most they could have, halves rounded up."""
    found = pillars(lines, weights, counted).values()
    most = sum(weight for _points, weight in found)
    if not most:
        return 0
    return math.floor(100 * sum(points for points, _weight in found) / most + 0.5)


def gaps(lines, counted, limit=None):
    """``[(product id, what)]``: ``missing`` (must be there), ``out`` (listed, none left),
    ``facings``, ``price``, ``expiry``.

    :param str limit: a use-by date up to this day, YYYY-MM-DD, is too near
    """
    found = []
    for line in lines:
        count = counted.get(line["product_id"]) or {}
        price = count.get("price")
        if line["must"] and not is_present(count):
            found.append((line["product_id"], "missing"))
        elif count.get("qty") == 0:
            found.append((line["product_id"], "out"))
        elif line["facings"] and (count.get("facings") or 0) < line["facings"]:
            found.append((line["product_id"], "facings"))
        if price is not None and not _fits(line, price):
            found.append((line["product_id"], "price"))
        if limit and count.get("until") and count["until"] <= limit:
            found.append((line["product_id"], "expiry"))
    return found


def suggested(lines, counted):
    """``{product id: how many are missing to the target}``, only where some are."""
    found = {}
    for line in lines:
        have = (counted.get(line["product_id"]) or {}).get("qty") or 0
        if line["target"] > have:
            found[line["product_id"]] = line["target"] - have
    return found


def shares(own, others):
    """``{group: (our facings, all facings)}`` of the groups where those of others were counted.

    :param list own: ``[(group, facings)]``, a group as often as it has products
    :param dict others: ``{group: facings}``
    """
    ours = dict.fromkeys(others, 0)
    for group, facings in own:
        if group in ours:
            ours[group] += facings
    found = {group: (ours[group], ours[group] + facings) for group, facings in others.items()}
    return {group: pair for group, pair in found.items() if pair[1]}


def share(pairs):
    """Percent of ours over several groups, halves rounded up; None where nothing stands."""
    pairs = list(pairs)
    ours, every = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    return math.floor(100 * ours / every + 0.5) if every else None
