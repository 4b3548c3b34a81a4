"""Numbers of a code, as they are said."""


def signed(value: float) -> str:
    """As "+0.50" or "−1.20", always the same width while a hand drags; nothing is no less than nothing."""
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "−")
