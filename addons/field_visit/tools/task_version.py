"""What has changed in a work package since somebody accepted it."""


def diff(before: dict, after: dict) -> dict[str, list]:
    """``{name: [old, new]}`` of what differs."""
    return {
        name: [before.get(name), after.get(name)]
        for name in after
        if before.get(name) != after.get(name)
    }


def since(history: list[dict], version: int) -> dict[str, list]:
    """All changes after ``version`` as one; what was changed and changed back is none.

    :param history: ``[{"version": …, "changes": {name: [old, new]}}]``, the oldest first
    """
    found: dict[str, list] = {}
    for entry in history:
        if entry["version"] > version:
            for name, (old, new) in entry["changes"].items():
                found[name] = [found[name][0] if name in found else old, new]
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}
