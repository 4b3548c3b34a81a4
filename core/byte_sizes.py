"""Amounts of bytes as people say them."""

_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def bytes_said(amount: int) -> str:
    """As "12 MB" or "1.5 GB": two digits at least, in powers of ten as disks are sold."""
    for name, unit in _UNITS:
        if amount >= 0.995 * unit:
            return _digits(amount / unit) + f" {name}"
    return f"{amount} bytes"


def of_bytes_said(done: int, total: int) -> str:
    """As "4.1 of 12 MB": both in the unit of the total."""
    said = bytes_said(total)
    unit = dict(_UNITS).get(said.split()[1], 1.0)
    return f"{_digits(done / unit)} of {said}"


def _digits(number: float) -> str:
    return f"{number:.1f}" if number < 9.95 else f"{number:,.0f}"
