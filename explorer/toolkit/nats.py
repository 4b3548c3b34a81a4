"""Nats, as they are said."""


def nats_said(nats: float) -> str:
    """As "−1,234.57": with a true minus, and no more digits than can matter."""
    return f"{nats:,.{1 if abs(nats) >= 1000 else 2}f}".replace("-", "−")
