"""How a business method says no, in a way both a screen and a phone understand.

All are ``UserError`` so that a button shows the sentence; the journal additionally keeps the code.
"""

from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# The web client knows exceptions by name; this tells it to treat ours like any UserError instead
# of showing a traceback dialog.
_AS_USER_ERROR = {"exception_class": "odoo.exceptions.UserError"}


class FieldRejected(UserError):
    """The step is refused for good; ``code`` is stable, ``message`` is for the person.

    :param str code: machine-readable reason such as ``outside_fence``
    :param message: a sentence in the user's language, or a lazy translation of one
    """

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message
        self.context = {**_AS_USER_ERROR, "field_code": code}


class FieldWaiting(UserError):
    """The step depends on something that has not arrived yet: keep it and try again later.

    :param str uuid: of the event or of the record (visit, order …) that is missing
    """

    def __init__(self, uuid, message=None):
        message = message or _lt("The step it depends on has not arrived yet.")
        super().__init__(message)
        self.uuid = uuid
        self.message = message
        self.context = _AS_USER_ERROR


class FieldConflict(UserError):
    """Somebody else changed the same thing first; the phone gets the server's version.

    :param dict server: the values that stand, JSON-serialisable
    :param message: a sentence in the user's language
    """

    def __init__(self, server, message):
        super().__init__(message)
        self.server = server
        self.message = message
        self.context = _AS_USER_ERROR
