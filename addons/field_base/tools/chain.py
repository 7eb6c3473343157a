"""Checking the hash chain of one device: what was changed, left out or written twice is named."""

import json
from dataclasses import dataclass

from .canonical import GENESIS, event_hash


@dataclass(frozen=True)
class Link:
    """One journal row as it stands in the database."""

    id: int
    uuid: str
    seq: int
    kind: str
    captured_at: str
    payload: str
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class Finding:
    """:param str code: ``altered`` ``broken`` ``gap`` ``fork``
    :param Link link: the row at which it shows
    :param tuple numbers: first and last number concerned
    """

    code: str
    link: Link
    numbers: tuple


def check_chain(device, links, erased=-1):
    """What is wrong with the chain of a device.

    ``altered``: a row does not give the hash it carries. ``fork``: two rows have one number.
    ``gap``: numbers are missing. ``broken``: a row does not follow from the one before.

    :param str device: uuid of the device
    :param list links: its rows, by number
    :param int erased: highest number that the retention rule has erased; the chain begins after it
    """
    findings, before = [], None
    for link in links:
        if _altered(device, link):
            findings.append(Finding("altered", link, (link.seq, link.seq)))
        if before is None:
            findings += _check_start(link, erased)
        elif link.seq == before.seq:
            findings.append(Finding("fork", link, (link.seq, link.seq)))
            continue
        elif link.seq > before.seq + 1:
            findings.append(Finding("gap", link, (before.seq + 1, link.seq - 1)))
        elif link.prev_hash != before.hash:
            findings.append(Finding("broken", link, (before.seq, link.seq)))
        before = link
    return findings


def _altered(device, link):
    event = {
        "uuid": link.uuid,
        "seq": link.seq,
        "kind": link.kind,
        "captured_at": link.captured_at,
    }
    try:
        event["payload"] = json.loads(link.payload)
        return event_hash(device, event, link.prev_hash) != link.hash
    except (ValueError, TypeError):
        return True


def _check_start(link, erased):
    if link.seq <= erased + 1 or link.prev_hash == GENESIS:
        return []
    return [Finding("gap", link, (erased + 1, link.seq - 1))]
