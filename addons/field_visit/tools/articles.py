"""The text of an article as plain blocks: a phone shows them without trusting any markup."""

from lxml import html

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BREAKS = HEADINGS | {
    *("p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "section", "br"),
}
SILENT = frozenset({"script", "style"})


class _Reader:
    """Walks through the markup and collects text until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[dict] = []
        self.parts: list[str] = []

    def flush(self, kind: str) -> None:
        text = " ".join("".join(self.parts).split())
        if text:
            self.blocks.append({"kind": kind, "text": text})
        self.parts = []

    def walk(self, node, kind: str) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""  # a comment has none
        inner = "title" if tag in HEADINGS else "item" if tag == "li" else kind
        if tag in BREAKS:
            self.flush(kind)
        if tag and tag not in SILENT:
            self.parts.append(node.text or "")
            for child in node:
                self.walk(child, inner)
        if tag in BREAKS:
            self.flush(inner)
        elif tag in ("td", "th"):
            self.parts.append(" ")
        self.parts.append(node.tail or "")


def read_blocks(markup: str) -> list[dict]:
    """``[{"kind": "title" | "text" | "item", "text": …}]`` in the order of the text.

    Pictures and styles are left out: what belongs to an article are its files.
    """
    if not (markup or "").strip():
        return []
    reader = _Reader()
    reader.walk(html.fragment_fromstring(markup, create_parent="div"), "text")
    return reader.blocks
