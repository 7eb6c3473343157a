"""One word about a visit that is over. Pure; minutes are floats, 0 means no limit."""

NEAR = ("inside", "maybe")


def judge(on_site, fence, presence, pin_pending, minutes, least, most, productive, witnessed=False):
    """Weigh where somebody was, then how long.

    :param bool on_site: a phone or video visit has no place to verify
    :param fence: verdict at the check-in, or the one after the pin was corrected
    :param presence: what the track says: unknown, verified, partial or contradicted
    :param bool pin_pending: a report that the pin is wrong waits for a decision
    :param bool productive: something came of it; then it was long enough
    :param bool witnessed: the customer's code was scanned there, or he says so himself; only a
        track that was elsewhere counts more
    :returns: valid, short, long, unverifiable or pending
    """
    if on_site and presence != "verified":
        if witnessed and presence != "contradicted":
            fence = "maybe"
        if fence not in NEAR and pin_pending:
            return "pending"
        if presence == "contradicted" or (fence not in NEAR and presence != "partial"):
            return "unverifiable"
    if minutes < least and not productive:
        return "short"
    if most and minutes > most:
        return "long"
    return "valid"
