"""Signatures of what we send out, so that a receiver knows it is from us and new."""

import hashlib
import hmac


def sign(secret, moment, body):
    """HMAC-SHA256 over ``moment.body``.

    :param str secret: shared with the receiver
    :param int moment: seconds since 1970; the receiver refuses what is old
    :param bytes body: exactly as sent
    :returns: ``t=…,v1=…``, the value of the header ``X-Field-Signature``
    """
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={digest.hexdigest()}"
