"""How far a long job is; every such job yields it."""

from dataclasses import dataclass

from core.byte_sizes import bytes_said, of_bytes_said


@dataclass(frozen=True)
class Progress:
    """How far a long job is: `total` 0 means not known yet, `seconds_left` None likewise."""

    doing: str
    done: int
    total: int = 0
    seconds_left: float | None = None
    in_bytes: bool = False

    @property
    def counted(self) -> str:
        """As "1,234 of 70,000", or of bytes "4.1 of 12 MB"."""
        if self.in_bytes:
            return of_bytes_said(self.done, self.total) if self.total else bytes_said(self.done)
        return f"{self.done:,} of {self.total:,}" if self.total else f"{self.done:,}"
