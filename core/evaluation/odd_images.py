"""Whether what held-out images cost hangs on a few that are unlike all others."""

from core.evaluation.symptoms import Symptoms
from core.reports.evaluation import Finding

ODD = 0.1  # share of what was learned that the costliest hundredth may add to the mean: of usual images it is 0.01


def images_unlike_all_others(seen: Symptoms) -> Finding | None:
    """The costliest hundredth of the held-out images makes up much of what they cost on average.

    So much that their mean says little of the others: an advice that follows it (to stop early, a narrower network) is
    one for these few alone.
    """
    if not (seen.held_out and seen.is_settled):
        return None
    last, learned = seen.held_out[-1], seen.learned
    mean, usual, left_out = last.terms.objective, last.usual, last.left_out
    if not left_out or learned <= 0.0 or mean - usual <= ODD * learned:
        return None
    each = usual + (mean - usual) * last.images / left_out
    return Finding(
        "images unlike all others",
        f"The {left_out:,} costliest of {last.images:,} held-out images cost {each:,.0f} nats on average, the others "
        f"{usual:,.1f}: the mean of all, {mean:,.1f}, says little of most.",
        "They are like nothing that was learned from. Colour the map by Objective to find them, and leave them out of "
        "the folder or add more of their kind.",
        {},
    )
