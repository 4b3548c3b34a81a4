"""What helps where files are no pictures: by what they are."""

from collections import Counter
from collections.abc import Sequence

from core.images.decoding.decode import LFS_POINTER
from core.skipped_file import Skipped

VIDEO, ARRAY, ZIP, ARCHIVE, CONTAINER = "video", "NumPy array", "ZIP archive", "archive", "container of arrays"
_CONVERT = "Save them as PNG or JPEG files first."
_HELP = {  # what no picture is, and what to do about it
    LFS_POINTER: "The pictures themselves are not here: `git lfs pull` in their repository fetches them.",
    VIDEO: "Save the frames of a video as pictures first, such as by `ffmpeg -i film.mp4 frames/%05d.png`.",
    ARRAY: "Save the images of an array as PNG files first, such as by Pillow's `Image.fromarray(array).save(name)`.",
    CONTAINER: "Save the images in it as PNG or TIFF files first.",
    ZIP: "A ZIP archive inside a folder is not looked into: open it by itself, or unpack it.",
    ARCHIVE: "Unpack it first, and open the folder that comes of it.",
    **dict.fromkeys(("HEIC", "HEIF", "JPEG XL", "Photoshop", "PDF", "PostScript", "SVG", "FITS"), _CONVERT),
}


def advice(skipped: Sequence[Skipped]) -> str:
    """A sentence on what most of the files are that could be used if something were done; empty when none is known."""
    kinds = Counter(kind for kind in map(kind_of, skipped) if kind in _HELP)
    return _HELP[kinds.most_common(1)[0][0]] if kinds else ""


def kind_of(skipped: Skipped) -> str:
    """In a word: what it is where that is known, else why it is not used."""
    return skipped.detail if skipped.detail in _HELP else skipped.reason


def help_for(kind: str) -> str:
    """The sentence for one kind; empty when none is known."""
    return _HELP.get(kind, "")


def with_article(kind: str) -> str:
    """As in "an archive"."""
    return kind if kind.startswith("a ") else f"a{'n' if kind[0] in 'aeiouAEIOU' else ''} {kind}"
