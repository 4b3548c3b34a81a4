"""`cache`: how much decoded images take up, and making them take less."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from core.commands.parsing import parse
from core.commands.usage import UsageError


@dataclass(frozen=True)
class CacheFlags:
    """Say how much decoded images take up on disk; they can always be decoded again."""

    clear: bool = False
    """Forget all decoded images."""
    limit_gb: float | None = None
    """From now on, let the sets that were not used for longest go beyond this many gigabytes."""
    json: bool = False
    """Print the result as one JSON object."""


def cache(words: Sequence[str]) -> None:
    """Show the cache, after clearing or limiting it."""
    flags = parse(CacheFlags, "cache", words)
    from core.images import cache as decoded
    from core.places import cache_folder

    if flags.limit_gb is not None:
        if not 0 < flags.limit_gb < 1e6:
            raise UsageError(f"--limit-gb {flags.limit_gb:g}: it must be more than 0 and less than 1,000,000.")
        decoded.set_limit(round(flags.limit_gb * decoded.GIGABYTE))
    if flags.clear:
        decoded.clear()
    usage, limit = decoded.usage(), decoded.limit()
    if flags.json:
        print(json.dumps({**asdict(usage), "limit": limit, "folder": str(cache_folder())}))
        return
    sets = "1 image set" if usage.sets == 1 else f"{usage.sets:,} image sets"
    gigabytes = f"{usage.bytes / decoded.GIGABYTE:.2f} of {limit / decoded.GIGABYTE:g} GB"
    print(f"{cache_folder()}: {sets} decoded, {gigabytes}")
