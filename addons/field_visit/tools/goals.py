"""Whether a visit reached what it was for. Twin: static/src/goal/goal_logic.js, held together by
static/tests/goal_vectors.json."""


def goal_state(result, reached_by, productive):
    """The result against the goal.

    :param result: id of the result, or False
    :param reached_by: ids of the results that reach the goal; none: whatever came of the visit does
    :param productive: whether something came of the visit
    :returns: ``reached``, ``missed`` or ``unsaid``
    """
    if not reached_by and productive:
        return "reached"
    if not result:
        return "unsaid"
    return "reached" if result in reached_by else "missed"
