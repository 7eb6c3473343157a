"""How far a visit has come. Twin: static/src/goal/progress_logic.js, held together by
static/tests/progress_vectors.json."""


def progress_of(steps):
    """Percent of the weight that is done; an optional step counts only once it is done.

    :param steps: ``[(state, weight, required)]``
    """
    done = sum(weight for state, weight, _required in steps if state == "done")
    asked = sum(weight for state, weight, required in steps if required or state == "done")
    return (200 * done + asked) // (2 * asked) if asked else 0
