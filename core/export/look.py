"""How something is saved, in the words that window and exports share; imports nothing."""

from dataclasses import dataclass
from typing import Literal, get_args

Background = Literal["white", "black", "none"]
BACKGROUNDS: tuple[Background, ...] = get_args(Background)


@dataclass(frozen=True)
class Look:
    """A format, how many times larger, whether its pixels are blended or squares, and what is behind."""

    format: str = "png"
    scale: int = 1
    is_smooth: bool = False
    background: Background = "white"
