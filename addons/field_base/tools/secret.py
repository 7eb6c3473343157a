"""Columns that a copy of the database alone must not tell: encrypted with a key from outside.

The key stands in ``FIELD_SECRET_KEY`` (environment of the server), any long text. Without one a key
made of the database's own secret is used: better than plain text, but it lies beside the data.
"""

import base64
import hashlib
import os

from cryptography.fernet import Fernet, InvalidToken

VARIABLE = "FIELD_SECRET_KEY"


def has_own_key():
    """Whether the key comes from outside of the database."""
    return bool(os.environ.get(VARIABLE))


def _fernet(fallback):
    secret = os.environ.get(VARIABLE) or f"field:{fallback}"
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))


def encrypt(text, fallback):
    """:param str fallback: the database's secret, for a server without a key of its own"""
    return _fernet(fallback).encrypt(text.encode()).decode()


def decrypt(text, fallback):
    """The text, or ``None`` when it was encrypted with another key."""
    try:
        return _fernet(fallback).decrypt(text.encode()).decode()
    except InvalidToken:
        return None
