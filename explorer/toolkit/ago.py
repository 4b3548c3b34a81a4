"""How long ago something was, as a person would say it."""

MINUTE, HOUR, DAY = 60, 3_600, 86_400
STEPS: tuple[tuple[float, float, str], ...] = (  # below so many seconds it is counted in these
    (HOUR, MINUTE, "minute"),
    (DAY, HOUR, "hour"),
    (14 * DAY, DAY, "day"),
    (60 * DAY, 7 * DAY, "week"),
    (730 * DAY, 30.4375 * DAY, "month"),
    (float("inf"), 365.25 * DAY, "year"),
)


def words_for_ago(seconds: float) -> str:
    """As "2 hours ago"; a clock that was set back says nothing of the future."""
    if seconds < MINUTE:
        return "just now"
    unit, name = next((unit, name) for limit, unit, name in STEPS if seconds < limit)
    count = int(seconds // unit)
    return f"{count} {name}{'s' if count > 1 else ''} ago"
