"""The errors a user can read: each message is one sentence saying what, where and what to do."""


class LatentscapeError(Exception):
    """Something a user can mend; `str(error)` is the whole sentence to show."""


class ImagesError(LatentscapeError):
    """The images cannot be used: no such folder, nothing readable in it, an unknown named set."""


class RunError(LatentscapeError):
    """A run folder cannot be used: missing, damaged, of a newer format, or busy elsewhere."""


class ConfigError(LatentscapeError):
    """A configuration asks for something impossible."""


class TrainingError(LatentscapeError):
    """Training cannot go on: not enough images, or the numbers are no longer finite."""
