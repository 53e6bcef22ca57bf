"""One line of the table."""


def row(what, value, unit, peer=None, ratio=None, reach=None, reached=None):
    """`peer` is a name and a value in the same unit."""
    return {
        "what": what,
        "measured": {"value": value, "unit": unit},
        "peer": {"name": peer[0], "value": peer[1], "unit": unit} if peer else None,
        "ratio": ratio,
        "reach": reach,
        "reached": reached,
    }
