"""Which items somebody has dragged, seen from the order before and the order after."""

from bisect import bisect_left


def moved_items(before, after):
    """The fewest items whose removal leaves both orders the same.

    All others are the longest run that kept its order (patience sorting).

    :returns: set of items
    """
    position = {item: n for n, item in enumerate(before)}
    known = [item for item in after if item in position]
    tails, tail_items, previous = [], [], {}
    for item in known:
        place = bisect_left(tails, position[item])
        if place == len(tails):
            tails.append(position[item])
            tail_items.append(item)
        else:
            tails[place], tail_items[place] = position[item], item
        previous[item] = tail_items[place - 1] if place else None
    kept, item = set(), tail_items[-1] if tail_items else None
    while item is not None:
        kept.add(item)
        item = previous[item]
    return set(known) - kept
