"""The version of this program."""

from importlib.metadata import PackageNotFoundError, version


def app_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("latentscape")
    except PackageNotFoundError:
        return "0+source"
