"""One core for what is looked at: the others learn."""

import torch


def use_one_core() -> None:
    """Keep this thread's arithmetic on one core; costs nothing when it is so already."""
    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)
