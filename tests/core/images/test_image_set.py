"""What a person would lose if the image set were wrong, slow to come back, or half-made."""

import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images import cache as store
from core.images import from_folder
from core.images.cache_entry import read_entry
from core.images.decoding.decode import read_picture
from core.images.held_out import held_out
from core.images.image_set import ImageSet, build_image_set, too_few
from core.images.scanning.walk import Found, walk
from core.reports.images import ImageSetReady, ImagesPreview
from core.reports.progress import Progress
from core.skipped_file import Skipped

CONFIG = ImagesConfig(image_size=16)


def put(path: Path, colour: tuple[int, int, int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        Image.new("RGB", (20, 20), colour).save(file, "PNG")


def built(source: Path | str, config: ImagesConfig = CONFIG) -> ImageSet:
    *_, last = build_image_set(str(source), config)
    assert isinstance(last, ImageSetReady)
    return last.image_set


def cache(home: Path) -> list[Path]:
    return sorted((home / "cache" / "image_sets").glob("*"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for index in range(12):
        put(tmp_path / "set" / ("blue" if index % 2 else "red") / f"{index}.png", (index * 20, 0, 255 * (index % 2)))
    (tmp_path / "set" / "red" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    return tmp_path / "set"


def test_each_image_keeps_its_pixels_label_and_file(folder: Path) -> None:
    images = built(folder)
    assert images.shape == (16, 16, 3)
    assert len(images) == 12
    assert images.classes == ("blue", "red")
    for index, name in enumerate(images.names):
        path = images.path(index)
        assert path is not None
        assert path.is_file()
        number = int(path.stem)
        assert images.classes[images.labels[index]] == name.split("/")[0]
        assert (images.pixels[index] == (number * 20, 0, 255 * (number % 2))).all()
    assert [(each.path, each.reason) for each in images.skipped] == [("red/broken.png", "damaged")]
    assert not images.pixels.flags.writeable


def test_reports_come_in_order(folder: Path) -> None:
    reports = list(build_image_set(str(folder), CONFIG))
    assert isinstance(reports[-1], ImageSetReady)
    previews = [each for each in reports if isinstance(each, ImagesPreview)]
    assert previews
    assert previews[0].pixels.shape[1:] == (16, 16, 3)
    last = [each for each in reports if isinstance(each, Progress) and each.doing.startswith("Decoding")][-1]
    assert (last.done, last.total) == (13, 13)


def test_an_unchanged_folder_is_not_decoded_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = built(folder)
    monkeypatch.setattr(from_folder.Decoders, "decode", lambda *_: pytest.fail("decoded again"))
    monkeypatch.setattr(from_folder, "sniff", lambda *_: pytest.fail("read again"))
    again = built(folder, CONFIG.model_copy(update={"held_out": 0.5}))
    assert again.key == first.key
    assert (again.pixels == first.pixels).all()
    assert (again.names, again.classes, again.skipped) == (first.names, first.classes, first.skipped)
    assert again.held_out.sum() == 6


def test_a_folder_whose_files_come_in_another_order_is_unchanged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, real = built(folder), from_folder.walk
    monkeypatch.setattr(from_folder, "walk", lambda folder: reversed(list(real(folder))))
    monkeypatch.setattr(from_folder.Decoders, "decode", lambda *_: pytest.fail("decoded again"))
    assert built(folder).key == first.key


def same(one: ImageSet, other: ImageSet) -> bool:
    return (
        np.array_equal(one.pixels, other.pixels)
        and (one.names, one.classes, one.skipped) == (other.names, other.classes, other.skipped)
        and (one.labels.tolist(), one.intake) == (other.labels.tolist(), other.intake)
    )


def test_a_changed_folder_decodes_only_what_changed(folder: Path, decoded: list[str]) -> None:
    before = built(folder)
    decoded.clear()
    put(folder / "red" / "0.png", (1, 2, 3))
    put(folder / "green" / "a.png", (0, 200, 0))
    put(folder / "blue" / "1b.png", (0, 0, 9))
    (folder / "blue" / "5.png").unlink()
    after = built(folder)
    assert sorted(decoded) == ["blue/1b.png", "green/a.png", "red/0.png"]
    assert after.key != before.key
    store.clear()
    assert same(after, built(folder))


def test_a_new_hidden_file_costs_no_copy(folder: Path, decoded: list[str], home: Path) -> None:
    built(folder)
    pixels = next(home.glob("cache/image_sets/*/pixels.bin"))
    inode = pixels.stat().st_ino
    decoded.clear()
    (folder / "red" / ".DS_Store").write_bytes(b"x")
    after = built(folder)
    assert not decoded
    assert "red/.DS_Store" in {each.path for each in after.skipped}
    assert sys.platform == "win32" or next(home.glob("cache/image_sets/*/pixels.bin")).stat().st_ino == inode


def test_images_in_hand_outlive_a_change_of_their_folder(folder: Path) -> None:
    before = built(folder)
    pixels = np.array(before.pixels)
    shutil.rmtree(folder / "red")
    assert len(built(folder)) == 6
    assert (before.pixels == pixels).all()


def test_a_colour_picture_among_grey_ones_is_the_only_one_decoded(tmp_path: Path, decoded: list[str]) -> None:
    for index in range(4):
        put(tmp_path / "set" / f"{index}.png", (50 * index, 50 * index + 3, 50 * index))  # as grey as JPEG leaves it
    assert built(tmp_path / "set").shape == (16, 16, 1)
    put(tmp_path / "set" / "one.png", (200, 0, 0))
    decoded.clear()
    after = built(tmp_path / "set")
    assert decoded == ["one.png"]
    assert after.shape == (16, 16, 3)
    assert after.pixels[2, 0, 0].tolist() == [102, 102, 102]
    store.clear()
    assert same(after, built(tmp_path / "set"))
    (tmp_path / "set" / "one.png").unlink()
    decoded.clear()
    assert built(tmp_path / "set").shape == (16, 16, 1)
    assert not decoded


@pytest.mark.parametrize(("every", "channels"), [(3, 3), (60, 3), (100, 1)])
def test_grey_and_broken_pictures_among_others_keep_their_places(tmp_path: Path, every: int, channels: int) -> None:
    for index in range(61):
        is_colour = (index + 1) % every == 0
        put(tmp_path / "set" / f"{index}.png", (index, 0, 200) if is_colour else (index, index, index))
        if index % 7 == 0 and not is_colour:
            (tmp_path / "set" / f"{index}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    images = built(tmp_path / "set")
    assert images.shape == (16, 16, channels)
    assert len(images) + len(images.skipped) == 61
    assert len(images.skipped) > 5
    for pixels, name in zip(images.pixels, images.names, strict=True):
        np.testing.assert_array_equal(pixels, read_picture(tmp_path / "set" / name, 16, channels))


def test_what_one_run_asks_for_does_not_decide_what_auto_comes_to(tmp_path: Path) -> None:
    for index in range(4):
        put(tmp_path / "set" / f"{index}.png", (50 * index,) * 3)
    grey = CONFIG.model_copy(update={"channels": 1})
    assert built(tmp_path / "set").shape == built(tmp_path / "set", grey).shape == (16, 16, 1)
    put(tmp_path / "set" / "one.png", (200, 0, 0))
    assert built(tmp_path / "set", grey).shape == (16, 16, 1)
    assert built(tmp_path / "set").shape == (16, 16, 3)


def test_a_file_that_may_be_read_again_is_used_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = from_folder.sniff
    closed = Skipped("red/0.png", "cannot be opened", "Permission denied")
    monkeypatch.setattr(
        from_folder, "sniff", lambda folder, name: closed if name == closed.path else real(folder, name)
    )
    assert closed in built(folder).skipped
    assert closed in built(folder).skipped
    monkeypatch.setattr(from_folder, "sniff", real)
    assert "red/0.png" in built(folder).names


def test_a_drive_unplugged_while_it_was_read_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unplugged(folder: Path) -> Iterator[Found | Skipped]:
        yield from walk(folder)
        folder.rename(folder.with_name("elsewhere"))

    monkeypatch.setattr(from_folder, "walk", unplugged)
    assert not len(built(folder))
    monkeypatch.setattr(from_folder, "walk", walk)
    folder.with_name("elsewhere").rename(folder)
    assert len(built(folder)) == 12


@pytest.mark.parametrize("change", [{"image_size": 32}, {"fit": "pad"}, {"background": "black"}, {"channels": 1}])
def test_another_transform_is_another_entry(folder: Path, change: dict[str, object]) -> None:
    assert built(folder, CONFIG.model_copy(update=change)).key != built(folder).key


@pytest.mark.parametrize("name", ["pixels.bin", "names.bin", "about.json", "labels.npy", "files.sqlite"])
def test_a_damaged_cache_entry_is_made_again(folder: Path, home: Path, name: str) -> None:
    built(folder)
    next(home.glob(f"cache/image_sets/*/{name}")).write_bytes(b"gone")
    assert len(built(folder)) == 12


def test_the_sets_not_used_for_longest_make_room(folder: Path) -> None:
    for size in (16, 32, 64):
        built(folder, CONFIG.model_copy(update={"image_size": size}))
    for age, entry in enumerate(sorted(store._entries(), key=lambda entry: (entry / "pixels.bin").stat().st_size)):
        os.utime(entry, (age, age))
    assert store.usage().sets == 3
    store.set_limit(store.usage().bytes - 1)
    assert store.usage().sets == 2
    assert {len(read.pixels[0]) for read in map(read_entry, store._entries()) if read} == {32, 64}
    store.set_limit(1)
    assert store.usage().sets == 0
    assert len(built(folder)) == 12  # what is in hand stays, however little may be kept
    assert store.usage().sets == 1
    store.clear()
    assert store.usage() == store.CacheUsage(0, 0)


def test_cancelling_leaves_nothing_half_made(folder: Path, home: Path) -> None:
    reports = build_image_set(str(folder), CONFIG)
    for report in reports:
        if isinstance(report, Progress) and report.doing.startswith("Decoding"):
            break
    assert cache(home)
    reports.close()  # type: ignore[attr-defined]
    assert cache(home) == []


def test_a_run_is_safe_from_its_deleted_folder(folder: Path) -> None:
    images = built(folder)
    shutil.rmtree(folder)
    assert np.asarray(images.pixels).sum() > 0


def test_grey_only_when_every_picture_is_grey(tmp_path: Path) -> None:
    for index in range(4):
        put(tmp_path / "grey" / f"{index}.png", (50 * index,) * 3)
    images = built(tmp_path / "grey")
    assert images.shape == (16, 16, 1)
    assert [int(image[0, 0, 0]) for image in images.pixels] == [0, 50, 100, 150]
    put(tmp_path / "grey" / "one.png", (200, 0, 0))
    assert built(tmp_path / "grey").shape == (16, 16, 3)


def test_a_folder_without_pictures_says_what_was_found(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("dear")
    none = built(tmp_path / "letters")
    assert (len(none), [each.path for each in none.skipped]) == (0, ["a.txt"])
    assert "no usable picture" in (too_few(none) or "")
    assert "letters (found: 1 × not a picture)" in (too_few(none) or "")
    put(tmp_path / "letters" / "a.png", (1, 2, 3))
    one = built(tmp_path / "letters")
    assert len(one) == 1
    assert "too few" in (too_few(one) or "")
    put(tmp_path / "letters" / "b.png", (1, 2, 3))
    assert too_few(built(tmp_path / "letters")) is None
    (tmp_path / "empty").mkdir()
    assert "There is no file in" in (too_few(built(tmp_path / "empty")) or "")


@pytest.mark.parametrize("source", ["no-such-set", "/no/such/folder"])
def test_an_unknown_source_is_a_sentence(source: str) -> None:
    with pytest.raises(ImagesError, match="no folder"):
        built(source)


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes only there")
def test_odd_names_survive_the_cache(tmp_path: Path) -> None:
    names = {os.fsdecode(b"caf\xe9.png"), "new\nline.png", "日本.png"}
    for name in names:
        put(tmp_path / "odd" / name, (1, 2, 3))
    built(tmp_path / "odd")
    images = built(tmp_path / "odd")
    assert set(images.names) == names
    assert all(path and path.is_file() for path in map(images.path, range(3)))


def test_the_held_out_images_stay_the_same_ones() -> None:
    names = [f"class/{index}.png" for index in range(1000)]
    before = held_out(names, 0.1)
    after = held_out([*names, "class/new.png"], 0.1)
    assert before.sum() == 100
    assert (before != after[:-1]).sum() <= 1
    assert (held_out(names[::-1], 0.1)[::-1] == before).all()
    assert held_out(names[:2], 0.01).sum() == 1
    assert held_out(names, 0.0).sum() == 0


def test_a_full_disk_is_a_sentence(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 100))
    with pytest.raises(ImagesError, match="free"):
        built(folder)
    assert cache(home) == []


def test_faces_are_ready_out_of_the_box() -> None:
    images = built("faces", ImagesConfig())
    assert images.shape == (64, 64, 3)
    assert (len(images), images.held_out.sum()) == (4000, 400)
    assert images.path(0) is None
    assert min(Counter(images.labels.tolist()).values()) > 4000 / 6 * 0.8


def test_reading_is_ended_at_once_while_the_index_is_busy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    monkeypatch.setattr("core.images.scanning.file_index._NUMBER", endless)
    reading = build_image_set(str(folder), CONFIG)
    while next(reading) != Progress("Sorting files", 0):
        pass
    began = time.monotonic()
    reading.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 1.0
    assert store.usage().sets == 0


def test_a_program_that_reads_the_same_folder_does_not_take_it_from_under_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other stands where it puts its own in place, while this one opens what it has just put there."""
    expected, replace = built(folder).pixels, os.replace
    stands, may_go = threading.Event(), threading.Event()
    other = threading.Thread(target=lambda: list(build_image_set(str(folder), CONFIG, is_anew=True)))

    def replaced(source: Path, target: Path) -> None:
        is_done = Path(source).name.startswith(".making")
        if is_done and threading.current_thread() is other:
            stands.set()
            assert may_go.wait(60)
        replace(source, target)
        if is_done and threading.current_thread() is not other:
            other.start()
            assert stands.wait(60)

    monkeypatch.setattr("core.images.cache.os.replace", replaced)
    try:
        *_, last = build_image_set(str(folder), CONFIG, is_anew=True)
    finally:
        may_go.set()
        other.join(60)
    assert isinstance(last, ImageSetReady)
    np.testing.assert_array_equal(last.image_set.pixels, expected)
    np.testing.assert_array_equal(built(folder).pixels, expected)
    assert len(cache(Path(os.environ["LATENTSCAPE_HOME"]))) == 1
