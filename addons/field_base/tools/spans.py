"""Sets of time as sorted lists of ``(start, end)`` that neither touch nor overlap."""

from datetime import timedelta


def merge(spans):
    """Any spans as one sorted list; empty and backward ones are dropped."""
    result = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def intersect(left, right):
    """What lies in both."""
    found = [
        (max(a_start, b_start), min(a_end, b_end))
        for a_start, a_end in left
        for b_start, b_end in right
        if a_start < b_end and b_start < a_end
    ]
    return merge(found)


def subtract(left, right):
    """What lies in ``left`` only."""
    result = merge(left)
    for cut_start, cut_end in merge(right):
        result = [
            piece
            for start, end in result
            for piece in ((start, min(end, cut_start)), (max(start, cut_end), end))
            if piece[0] < piece[1]
        ]
    return result


def widen(spans, before_min, after_min):
    """Each span earlier and later by some minutes."""
    before, after = timedelta(minutes=before_min), timedelta(minutes=after_min)
    return merge((start - before, end + after) for start, end in spans)


def covers(spans, start, end):
    """Whether one span holds all of ``[start, end]``; both ends count."""
    return any(low <= start and end <= high for low, high in spans)


def minutes(spans):
    """How long all of it lasts."""
    return sum((end - start).total_seconds() for start, end in spans) / 60
