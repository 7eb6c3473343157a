"""Documents as PDF, with reportlab. Chinese is set in STSong-Light, which every reader brings.

The text is never markup: what comes from people is escaped here, once.
"""

import io
from html import escape

from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

CJK_FONT = "STSong-Light"
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
GREY, INK = "#5b6570", "#1f2933"

_SIZES = {"title": (17, 23), "heading": (12, 17), "text": (9.5, 14), "small": (8, 11)}


def markup(text):
    """Paragraph markup of a plain text: escaped, and what Helvetica lacks in a Chinese font."""
    parts, run, foreign = [], "", False
    for char in str(text):
        is_foreign = not _is_western(char)
        if is_foreign != foreign and run:
            parts.append(_wrapped(run, foreign))
            run = ""
        run, foreign = run + char, is_foreign
    parts.append(_wrapped(run, foreign))
    return "".join(parts).replace("\n", "<br/>")


def _wrapped(run, foreign):
    text = escape("".join(c for c in run if c == "\n" or c.isprintable()), quote=False)
    return f'<font name="{CJK_FONT}">{text}</font>' if foreign and text else text


def _is_western(char):
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def paragraph(text, kind="text", color=INK, **options):
    """A paragraph of ``title``, ``heading``, ``text`` or ``small`` size."""
    _register()
    size, leading = _SIZES[kind]
    chinese = any(not _is_western(char) for char in str(text))
    style = ParagraphStyle(
        kind,
        fontName="Helvetica-Bold" if kind in ("title", "heading") else "Helvetica",
        fontSize=size,
        leading=leading,
        textColor=color,
        alignment=TA_LEFT,
        wordWrap="CJK" if chinese else None,  # Chinese has no spaces to break lines at
        spaceAfter=2 if kind == "small" else 4,
        **options,
    )
    return Paragraph(markup(text), style)


def bullet(text):
    """One entry of a list."""
    return paragraph(f"•  {text}", leftIndent=10, firstLineIndent=-10)


def gap(millimetres=3):
    return Spacer(1, millimetres * mm)


def picture(raw, width_mm, height_mm):
    """An image that keeps its proportions within a box."""
    return Image(
        io.BytesIO(raw), width=width_mm * mm, height=height_mm * mm, kind="proportional", hAlign=0
    )


def table(rows, widths, header=True):
    """A table of texts; ``widths`` are shares of the page's width."""
    total = sum(widths)
    cells = [
        [
            paragraph(cell, "small", GREY if header and number == 0 else INK, splitLongWords=1)
            for cell in row
        ]
        for number, row in enumerate(rows)
    ]
    grid = Table(cells, colWidths=[WIDTH * share / total for share in widths], repeatRows=1)
    grid.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, "#d5dae0"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return grid


def build(title, story, footer=""):
    """The document as bytes, with page numbers.

    :param list story: flowables, as the functions of this module make them
    :param str footer: one line at the foot of each page
    """
    _register()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        title=title,
        author="Field Sales",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )

    def foot(canvas, _document):
        line = paragraph(f"{footer}   {canvas.getPageNumber()}".strip(), "small", GREY)
        line.wrapOn(canvas, WIDTH, 20)
        line.drawOn(canvas, MARGIN, 10 * mm)

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def _register():
    if CJK_FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(CJK_FONT))
