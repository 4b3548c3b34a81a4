"""Moments of training in words."""

from core.reports.moments import Moment

NOW = "Now"
_WHY = {
    "first": "before it learned anything",
    "time": "kept as training went",
    "better": "the objective had become 5 % better",
    "last": "where training was paused or ended",
}


def kept_for(moment: Moment) -> str:
    """Why a moment was kept."""
    return f"found: {moment.finding}" if moment.why == "finding" else _WHY[moment.why]


def place_said(moment: Moment) -> str:
    """When it was, as "Step 1,240 · epoch 3.1 · 0:42"."""
    return f"Step {moment.step:,} · {time_said(moment)}"


def time_said(moment: Moment) -> str:
    """The same where its step is said beside, as "epoch 3.1 · 0:42"."""
    minutes, seconds = divmod(round(moment.seconds), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"epoch {moment.epoch:.1f} · {clock}"


def now_said(moments: int) -> str:
    """That it is now, and how many moments there are to look back at."""
    return f"{NOW} · {moments} moment{'s' if moments != 1 else ''}"


def real_said(real: float) -> str:
    """What a view that is turned leaves of the movement from a moment to now."""
    return (
        f"{real:.0%} of the movement from here to now is real, the rest is the view: it is turned so that the map lies "
        "as it does now. The model is not."
    )
