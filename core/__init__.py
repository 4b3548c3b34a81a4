"""Everything Latentscape knows about images, models and latent spaces; knows nothing of the window.

For scripts and notebooks there is `open_run`; all else may change from one version to the next.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.run import Run, open_run

__all__ = ["Run", "open_run"]


def __getattr__(name: str) -> Any:
    """What is public, imported when it is first asked for: it takes PyTorch with it."""
    if name in __all__:
        from core import run

        return getattr(run, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
