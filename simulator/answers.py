"""What a rep answers to the steps of a procedure, by their kind."""

from . import texts

#: What the customer was told before a talk was recorded.
INFORMED = "本次谈话将被录音 · This talk is recorded"
#: Kinds that are answered with pictures, and what is in them.
PICTURED = {"photo": "shelf", "document": "paper", "signature": "paper"}


def answer(step, shop, rng, take):
    """The payload of a step, without the visit and the step; None when it cannot be done.

    :param Step step: what is asked
    :param Shop shop: where
    :param rng: random.Random
    :param take: callable (number, what is in it) → uuid of a file that follows
    """
    if step.kind in PICTURED:
        files = range(max(1, step.min_photos))
        return {"blobs": [take(number, PICTURED[step.kind]) for number in files]}
    if step.kind == "code":
        return {"value": shop.code} if shop.code else None
    return _ANSWERS.get(step.kind, lambda *_rest: {})(step, rng, take)


def _note(_step, rng, _take):
    return {"note": rng.choice(texts.NOTES)}


def _order(_step, rng, _take):
    return {"note": f"{rng.choice(texts.ORDERS)} × {rng.randint(2, 12)}"}


def _count(step, rng, _take):
    return {"lines": [_look_at(rng, *item) for item in step.items]}


def _look_at(rng, product, usual):
    """What stands on the shelf: now and then nothing."""
    count = 0 if rng.random() < 0.02 else rng.randint(6, max(7, round(usual * 1.2)))
    return {"product_id": product, "qty": count, "facings": min(count, rng.randint(6, 9))}


def _rivals(step, rng, _take):
    """Now and then cheaper, with the place they have on the shelf."""
    lines = [{"rival_id": one, "price": _price(rng, usual)} for one, usual in step.items]
    return {"lines": [{**line, "facings": 2 + round(100 * line["price"]) % 6} for line in lines]}


def _prices(step, rng, _take):
    lines = [{"product_id": one, "price": _price(rng, usual)} for one, usual in step.items]
    return {"lines": lines}


def _price(rng, usual):
    return round(usual * rng.uniform(0.86, 1.08), 2)


def _money(_step, rng, _take):
    return {"money": {"received": 50.0 * rng.randint(1, 20)}}


def _talk(_step, rng, take):
    seconds = rng.randint(40, 400)
    return {"recordings": [{"uuid": take(0, "sound"), "seconds": seconds, "informed": INFORMED}]}


def _form(step, rng, _take):
    return {"answers": {key: _fill_in(kind, choices, rng) for key, kind, choices in step.items}}


def _fill_in(kind, choices, rng):
    if kind in ("choice", "multi"):
        chosen = rng.choice(choices)
        return chosen if kind == "choice" else [chosen]
    if kind == "yes_no":
        return rng.random() < 0.7
    if kind in ("number", "price"):
        return rng.randint(1, 9)
    return rng.choice(texts.NOTES)


_ANSWERS = {
    "note": _note,
    "order": _order,
    "stock": _count,
    "price": _prices,
    "competitor": _rivals,
    "collection": _money,
    "audio": _talk,
    "form": _form,
}
