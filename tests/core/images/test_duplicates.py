"""What a person would lose if copies were not found: a test on what was learned; or if others were: half of the set."""

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from core.config import ImagesConfig, ModelConfig, RunConfig
from core.images import duplicates as twins_module
from core.images.duplicates import count_pictures, duplicates, find_twins, without_blank
from core.images.held_out import hashes_of, held_out
from core.images.image_set import ImageSet, build_image_set
from core.reports.images import Column, ImageSetReady
from core.returned import returned
from core.training.checksums import CHECKSUMS
from core.training.run_folder import Kept, read_config, write_config


def scene(seed: int, size: int = 240) -> Image.Image:
    """A picture such as a camera's: soft light, and things in it."""
    random = np.random.default_rng(seed)
    light = Image.fromarray(random.integers(0, 256, (5, 5, 3), np.uint8)).resize((size, size), Image.Resampling.BICUBIC)
    things = Image.fromarray(random.integers(0, 256, (20, 20, 3), np.uint8)).resize(
        (size, size), Image.Resampling.BICUBIC
    )
    return Image.blend(light, things, 0.3)


def encoded(picture: Image.Image, quality: int, scale: float) -> bytes:
    file = io.BytesIO()
    side = round(picture.width * scale)
    picture.resize((side, side), Image.Resampling.LANCZOS).save(file, "JPEG", quality=quality)
    return file.getvalue()


def read(folder: Path | str, **images: object) -> ImageSet:
    *_, last = build_image_set(str(folder), ImagesConfig(**images))  # type: ignore[arg-type]
    assert isinstance(last, ImageSetReady)
    return last.image_set


def found_in(pixels: NDArray[np.uint8]) -> list[list[int]]:
    return [part.tolist() for part in duplicates(returned(find_twins(pixels)))]


def as_names(image_set: ImageSet) -> list[set[str]]:
    assert image_set.twins is not None
    return [{image_set.names[index] for index in part} for part in duplicates(image_set.twins)]


@pytest.fixture
def doubled(tmp_path: Path) -> Path:
    """Forty pictures, each there twice: copied, as another file of the same pixels, or encoded anew."""
    folder = tmp_path / "doubled"
    folder.mkdir()
    for number in range(40):
        first = folder / f"{number}.png"
        scene(number).save(first)
        if number % 4 == 0:
            shutil.copyfile(first, folder / f"{number} copy.png")
        elif number % 4 == 1:
            scene(number).save(folder / f"{number}.tif")
        else:
            quality, scale = ((90, 0.5), (40, 1.0))[number % 2]
            (folder / f"{number}.jpg").write_bytes(encoded(scene(number), quality, scale))
    return folder


@pytest.mark.parametrize("size", [16, 32, 64, 128])
def test_forty_pictures_there_twice_are_forty_pictures(doubled: Path, size: int) -> None:
    image_set = read(doubled, image_size=size)
    assert image_set.twins is not None
    assert count_pictures(image_set.twins) == 40
    stems = [{name.split(".")[0].split(" ")[0] for name in names} for names in as_names(image_set)]
    assert sorted(stems, key=min) == sorted(({str(number)} for number in range(40)), key=min)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
def test_no_picture_is_learned_from_and_held_out(doubled: Path, share: float) -> None:
    image_set = read(doubled, held_out=share)
    sides = {
        number: {
            bool(side) for name, side in zip(image_set.names, image_set.held_out, strict=True) if part(name) == number
        }
        for number in map(str, range(40))
    }
    assert all(len(side) == 1 for side in sides.values())
    assert image_set.held_out.sum() == round(80 * share)
    assert image_set.count_learned_and_held_out() == 0


def part(name: str) -> str:
    return name.split(".")[0].split(" ")[0]


def test_frames_of_a_burst_are_one_picture_from_first_to_last() -> None:
    wide = np.asarray(scene(1, 256).resize((80, 64), Image.Resampling.LANCZOS)).astype(np.float32)
    noise = np.random.default_rng(0)
    frames = [np.clip(wide[:, 8:72] + noise.normal(at / 4, 2.0, (64, 64, 3)), 0, 255) for at in range(8)]
    others = [np.asarray(scene(seed, 64)) for seed in range(10, 30)]
    assert found_in(np.stack([*frames, *others]).astype(np.uint8)) == [list(range(8))]


def test_pictures_that_differ_in_one_detail_are_two() -> None:
    plain = np.full((64, 64, 1), 20, np.uint8)
    plain[8:56, 16:48] = 200
    badge, eye = plain.copy(), plain.copy()
    badge[20:26, 22:28] = 90
    eye[40:44, 32:36] = 60
    assert found_in(np.stack([plain, badge, eye])) == []


def test_another_brightness_contrast_or_colour_is_another_picture() -> None:
    picture = np.asarray(scene(3, 64))
    darker, flatter = picture // 2, picture // 2 + 64
    tinted = picture.copy()
    tinted[..., 0], tinted[..., 2] = picture[..., 2], picture[..., 0]
    assert found_in(np.stack([picture, darker, flatter, tinted])) == []


def test_of_blank_pictures_only_equal_ones_are_one() -> None:
    noise = np.random.default_rng(0)
    nearly = [np.clip(250 + noise.normal(0, 1.0, (32, 32, 1)), 0, 255).astype(np.uint8) for _ in range(20)]
    blank = [np.full((32, 32, 1), level, np.uint8) for level in (255, 255, 0, 254, 0)]
    assert found_in(np.stack([*blank, *nearly, nearly[3]])) == [[0, 1], [2, 4], [8, 25]]


def test_images_of_one_colour_do_not_join_groups() -> None:
    pixels = np.stack([np.full((16, 16, 1), 255, np.uint8)] * 3 + [np.asarray(scene(1, 16))[..., :1]] * 2)
    twins = np.array([0, 0, 0, 3, 3])
    assert without_blank(twins, pixels).tolist() == [0, 1, 2, 3, 3]


@pytest.mark.parametrize("shape", [(0, 64, 64, 3), (1, 64, 64, 3), (2, 28, 28, 1)])
def test_few_images_or_none_are_no_trouble(shape: tuple[int, ...]) -> None:
    assert found_in(np.zeros(shape, np.uint8)) == ([[0, 1]] if shape[0] == 2 else [])


def test_an_unchanged_folder_is_not_searched_again(doubled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read(doubled)

    def search(pixels: NDArray[np.uint8]) -> None:
        raise AssertionError("searched again")

    monkeypatch.setattr(twins_module, "find_twins", search)
    after = read(doubled, held_out=0.3)
    assert np.array_equal(before.twins, after.twins)


def test_a_copy_that_comes_later_is_found(doubled: Path) -> None:
    read(doubled)
    shutil.copyfile(doubled / "7.png", doubled / "later.png")
    assert {"7.png", "7.jpg", "later.png"} in as_names(read(doubled))


# the split


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=60),
    st.lists(st.integers(0, 5), min_size=60, max_size=60),
    st.booleans(),
)
def test_pictures_and_groups_that_share_one_stay_on_one_side(
    pictures: list[int], groups: list[int], grouped: bool
) -> None:
    count = len(pictures)
    twins = np.array([pictures.index(picture) for picture in pictures])
    group = Column("who", tuple("abcdef"), np.array(groups[:count])) if grouped else None
    sides = held_out(hashes_of(map(str, range(count))), 0.25, group, twins)
    names = [{("picture", pictures[at])} | ({("group", groups[at])} if grouped else set()) for at in range(count)]
    components: list[tuple[set[tuple[str, int]], set[int]]] = []
    for at, keys in enumerate(names):
        touching = [each for each in components if each[0] & keys]
        components = [each for each in components if not each[0] & keys]
        components.append((keys.union(*(each[0] for each in touching)), {at}.union(*(each[1] for each in touching))))
    if len(components) > 1:
        assert all(len({bool(sides[at]) for at in images}) == 1 for _, images in components)
        assert 0 < sides.sum() < count
        if max(len(images) for _, images in components) < count and len(set(twins.tolist())) < count:
            assert not any(sides[at] for _, images in components if 2 * len(images) > count for at in images)


def test_a_set_of_one_picture_is_split_all_the_same() -> None:
    hashes = hashes_of(map(str, range(20)))
    assert np.array_equal(held_out(hashes, 0.2, twins=np.zeros(20, np.int64)), held_out(hashes, 0.2))


def test_without_twins_nothing_changes() -> None:
    hashes = hashes_of(map(str, range(50)))
    assert np.array_equal(held_out(hashes, 0.2, twins=np.arange(50)), held_out(hashes, 0.2))


def test_another_order_gives_the_same_split() -> None:
    names = [f"{at}.png" for at in range(60)]
    pictures = [at // 2 for at in range(60)]
    order = np.random.default_rng(0).permutation(60)
    mixed = [pictures[at] for at in order]
    sides = held_out(hashes_of(names), 0.2, twins=np.array([pictures.index(each) for each in pictures]))
    again = held_out(hashes_of([names[at] for at in order]), 0.2, twins=np.array([mixed.index(each) for each in mixed]))
    assert np.array_equal(sides[order], again)


def test_a_run_of_before_keeps_its_split(tmp_path: Path, doubled: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    config = RunConfig(source=str(doubled), images=ImagesConfig(image_size=64, channels=3), model=ModelConfig())
    write_config(run, Kept(config, (64, 64, 3)))
    assert read_config(run).config.images.duplicates == "together"
    content = json.loads((run / "config.json").read_text())
    del content["images"]["duplicates"]  # as every version before wrote it
    (run / "config.json").write_text(json.dumps(content))
    images = read_config(run).config.images
    image_set = read(doubled, **images.model_dump())
    assert images.duplicates == "apart"
    assert np.array_equal(image_set.held_out, held_out(hashes_of(image_set.names), images.held_out))
    assert image_set.count_learned_and_held_out() > 0


# what is said


def test_scan_counts_and_lists(doubled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from core.commands.scanning import scan

    scan([str(doubled), "--json"])
    facts = json.loads(capsys.readouterr().out)
    assert (facts["used"], facts["pictures"], len(facts["duplicates"])) == (80, 40, 40)
    assert {"0.png", "0 copy.png"} in map(set, facts["duplicates"])
    assert facts["learned_and_held_out"] == 0
    scan([str(doubled)])
    assert "80 files, 40 pictures" in capsys.readouterr().out
    scan([str(doubled), "--duplicates", "apart"])
    assert "held out though the same picture is learned from" in capsys.readouterr().out


def test_different_clothes_are_hardly_ever_one_picture() -> None:
    from core.images.named_sets.catalogue import list_named_sets

    if not any(each.name == "fashion-mnist" and each.available for each in list_named_sets()):
        pytest.skip("fashion-mnist is not installed")
    image_set = read("fashion-mnist")
    assert image_set.twins is not None
    assert 0 < len(image_set) - count_pictures(image_set.twins) < 140  # two in a thousand
    assert np.count_nonzero(image_set.held_out) == 10_000  # the official part


def test_no_face_is_another() -> None:
    image_set = read("faces")
    assert image_set.twins is not None
    assert count_pictures(image_set.twins) == len(image_set)


def test_a_run_of_before_is_resumed_and_evaluated_on_its_own_split(
    doubled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.__main__ import main

    run = tmp_path / "run"
    words = ["--image-size", "16", "--width", "4", "--network", "mlp", "--device", "cpu", "--duplicates", "apart"]
    assert main(["train", str(doubled), "--run", str(run), "--epochs", "1", "--json", *words]) == 0
    sides = (run / "images.csv").read_text()
    (run / CHECKSUMS).unlink()  # as no version before wrote it
    content = json.loads((run / "config.json").read_text())
    del content["images"]["duplicates"]
    (run / "config.json").write_text(json.dumps(content))
    capsys.readouterr()
    assert main(["evaluate", str(run), "--importance-samples", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["images"] == 8
    assert main(["resume", str(run), "--epochs", "2", "--json"]) == 0
    assert (run / "images.csv").read_text() == sides
    assert json.loads((run / "config.json").read_text())["images"]["duplicates"] == "apart"


def test_a_picture_that_is_more_than_half_of_the_set_is_learned_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.commands.scanning import scan

    for number in range(20):
        scene(0 if number < 13 else number).save(tmp_path / f"{number}.png")
    scan([str(tmp_path), "--held-out", "0.5", "--json"])
    assert json.loads(capsys.readouterr().out)["held_out"] == 7  # all others
    scan([str(tmp_path), "--held-out", "0.5"])
    said = capsys.readouterr().out
    assert "20 files, 8 pictures" in said
    assert "13  of one picture are more than half of all, so they are learned from" in said


@pytest.mark.parametrize(("quality", "scale"), [(95, 1.0), (75, 1.0), (30, 1.0), (90, 0.5), (60, 0.5)])
def test_copies_are_found_at_other_qualities_and_sizes(quality: int, scale: float) -> None:
    scenes = [scene(seed, 300) for seed in range(30)]
    copies = [Image.open(io.BytesIO(encoded(each, quality, scale))) for each in scenes]
    pixels = [np.asarray(each.resize((64, 64), Image.Resampling.BOX)) for each in (*scenes, *copies)]
    found = found_in(np.stack(pixels))
    assert len([pair for pair in found if pair in [[at, at + 30] for at in range(30)]]) == len(found) >= 29


def test_progress_ends_at_its_end() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 16, 16, 1), np.uint8)
    pixels[20:] = pixels[:20] ^ 1  # nearly the same
    reports = list(find_twins(pixels))
    assert {report.doing for report in reports} == {"Looking for duplicates", "Comparing pictures that look alike"}
    assert all(report.total and report.done <= report.total for report in reports)
