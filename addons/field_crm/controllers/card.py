from odoo import http
from odoo.http import request
from odoo.tools import LazyTranslate

from ..tools import card, card_reader
from odoo.addons.field_base.controllers.dispatcher import ApiError

_lt = LazyTranslate(__name__)

MAX_PICTURE = 4 * 1024 * 1024


class FieldCardApi(http.Controller):
    # nosemgrep: field-csrf-off (the token of the device is checked by its own way to log in)
    @http.route(
        "/field/api/v1/card",
        type="field_api",
        api_methods=("POST",),
        auth="field_device",
        csrf=False,
        save_session=False,
        max_content_length=MAX_PICTURE,
    )
    def card(self):
        """Read the photo of a business card; nothing is kept, the person looks it over first."""
        if not card_reader.is_there():
            text = _lt(
                "This server has no reader for business cards. Type the card, or scan its code; "
                "your administrator can install the reader (requirements-optional.txt)."
            )
            raise ApiError(422, "no_reader", text)
        try:
            lines = card_reader.read_lines(request.httprequest.get_data(cache=False))
        except card_reader.CardUnreadable as exc:
            text = _lt("This is no picture that can be read. Take the photo again.")
            raise ApiError(422, "unreadable", text) from exc
        except card_reader.CardReaderBusy as exc:
            raise ApiError(503, "busy", retry_after=10) from exc
        answer = {"fields": card.read_card(lines), "lines": [line.text for line in lines]}
        return request.make_json_response(answer, [("Cache-Control", "no-store")])
