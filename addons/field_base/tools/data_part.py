"""What one kind of data about a person is made of, for his own eyes."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DataPart:
    """A kind of data that is stored about people; modules name theirs in
    ``field.privacy._get_data_parts()``.

    :param str key: stable name in the exported file
    :param str model: of the records
    :param str owner: field that names the person, may be dotted
    :param tuple fields: names to show and export, the most telling first
    :param str label: in the reader's language
    :param str retention: the policy field that says how many days it is kept, if any
    :param extra: a domain beside the owner
    """

    key: str
    model: str
    fields: tuple
    label: str
    owner: str = "user_id"
    retention: str = ""
    order: str = "id desc"
    extra: list = field(default_factory=list)
