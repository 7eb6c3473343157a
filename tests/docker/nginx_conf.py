"""A small reader of nginx's configuration: enough to ask what a location does."""

import re

TOKEN = re.compile(r"""\s+|\#[^\n]*|(?P<token>"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|[{};]|[^\s{};]+)""")


class Block:
    """A directive with its arguments and, for a block, what is inside."""

    def __init__(self, name, arguments=(), children=None):
        self.name = name
        self.arguments = list(arguments)
        self.children = children

    def all(self, name, *arguments):
        """Directives of that name directly inside, which start with these arguments."""
        count = len(arguments)
        return [
            child
            for child in self.children or ()
            if child.name == name and tuple(child.arguments[:count]) == arguments
        ]

    def one(self, name, *arguments):
        """The only directive of that name; an assertion error when there are none or several."""
        found = self.all(name, *arguments)
        assert len(found) == 1, f"{len(found)} × {name} {' '.join(arguments)} in {self.name}"
        return found[0]

    def walk(self):
        """All directives below, with their parents."""
        for child in self.children or ():
            yield self, child
            yield from child.walk()


def parse(text):
    """The configuration as a `Block`.

    :raises ValueError: braces or semicolons do not fit
    """
    tokens = [m.group("token") for m in TOKEN.finditer(text) if m.group("token")]
    root = Block("main", children=[])
    stack, words = [root], []
    for token in tokens:
        if token == ";":
            stack[-1].children.append(Block(words[0], words[1:]))
            words = []
        elif token == "{":
            block = Block(words[0], words[1:], children=[])
            stack[-1].children.append(block)
            stack.append(block)
            words = []
        elif token == "}":
            if words or len(stack) == 1:
                raise ValueError(f"unexpected }} after {words}")
            stack.pop()
        else:
            words.append(token[1:-1] if token[0] in "\"'" else token)
    if words or len(stack) != 1:
        raise ValueError(f"not closed: {stack[-1].name} {words}")
    return root
