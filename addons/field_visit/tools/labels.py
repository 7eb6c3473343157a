"""Labels on A4, three beside each other and eight below, each with a QR code. Pure."""

import io

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen import canvas

from odoo.addons.field_base.tools.pdf import paragraph

COLUMNS, ROWS = 3, 8
_MARGIN = 8 * mm
_WIDTH = (A4[0] - 2 * _MARGIN) / COLUMNS
_HEIGHT = (A4[1] - 2 * _MARGIN) / ROWS
_QR = 28 * mm


def sheet(title, labels):
    """The PDF as bytes.

    :param list labels: ``[(code, name, note)]``
    """
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4)
    page.setTitle(title)
    for number, label in enumerate(labels):
        place = number % (COLUMNS * ROWS)
        if number and not place:
            page.showPage()
        _draw(page, place, *label)
    page.save()
    return buffer.getvalue()


def _draw(page, place, code, name, note):
    left = _MARGIN + place % COLUMNS * _WIDTH
    bottom = A4[1] - _MARGIN - (place // COLUMNS + 1) * _HEIGHT
    widget = QrCodeWidget(code, barLevel="M")
    x1, y1, x2, y2 = widget.getBounds()
    drawing = Drawing(_QR, _QR, transform=[_QR / (x2 - x1), 0, 0, _QR / (y2 - y1), 0, 0])
    drawing.add(widget)
    renderPDF.draw(drawing, page, left, bottom + (_HEIGHT - _QR) / 2)
    top = bottom + _HEIGHT - 4 * mm
    for text, kind in ((name, "text"), (note, "small")):
        block = paragraph(text or "", kind)
        _width, height = block.wrap(_WIDTH - _QR - 2 * mm, _HEIGHT / 2)
        top -= height
        block.drawOn(page, left + _QR + mm, top)
