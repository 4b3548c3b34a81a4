"""What a person would lose if folders were taken for what they are not: a test that had been learned from."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.config import ImagesConfig
from core.images.image_set import ImageSet
from core.images.scanning.class_folders import is_split, part_of
from core.reports.images import NOTHING_SAID
from tests.core.conftest import built

PETS = tuple(f"{part}/{kind}/{n}.png" for part in ("train", "test", "val") for kind in ("cat", "dog") for n in range(4))


def put(folder: Path, *names: str) -> Path:
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), number % 256).save(folder / name, "PNG")
    return folder


def read(folder: Path, **settings: object) -> ImageSet:
    return built(str(folder), ImagesConfig.model_validate({"image_size": 16, **settings}))


def classes(images: ImageSet) -> dict[str, str]:
    return {name: images.classes[label] for name, label in zip(images.names, images.labels, strict=True)}


def held_out(images: ImageSet) -> set[str]:
    return {images.names[index] for index in np.flatnonzero(images.held_out)}


def under(names: tuple[str, ...] | list[str], *starts: str) -> set[str]:
    return {name for name in names if name.startswith(starts)}


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return put(tmp_path / "pets", *PETS)


def test_split_folders_are_no_classes_and_the_test_part_is_held_out_whole(pets: Path) -> None:
    images = read(pets)
    assert images.classes == ("cat", "dog")
    assert classes(images) == {name: name.split("/")[1] for name in PETS}
    assert held_out(images) == under(PETS, "test/")
    assert images.intake.folders == "Split by folders: test held out, train and val learned from."


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_the_share_is_not_drawn_where_folders_say_what_to_test_on(pets: Path, share: float) -> None:
    assert held_out(read(pets, held_out=share)) == under(PETS, "test/")


def test_nothing_is_held_out_when_nothing_was_asked_for(pets: Path) -> None:
    images = read(pets, held_out=0.0)
    assert not images.held_out.any()
    assert images.intake.folders == "Split by folders, but nothing is held out, as asked."


@pytest.mark.parametrize(
    ("learned", "held"),
    [
        ("train", "test"),
        ("Train", "TEST"),
        ("training", "testing"),
        ("Training ", " Test"),
        ("train", "val"),
        ("TRAIN", "Valid"),
        ("training", "validation"),
        ("training_set", "test_set"),
        ("train", "validation_set"),
        ("trainset", "testset"),
        ("train images", "val images"),
        ("val", "test"),
    ],
)
def test_split_folders_are_known_by_any_of_their_names(tmp_path: Path, learned: str, held: str) -> None:
    names = [f"{part}/{kind}/{n}.png" for part in (learned, held) for kind in ("cat", "dog") for n in range(2)]
    images = read(put(tmp_path / "pets", *names))
    assert images.classes == ("cat", "dog")
    assert held_out(images) == under(names, held + "/")


@pytest.mark.parametrize(
    "name",
    ["trains", "test tubes", "tests", "value", "dev", "eval", "holdout", "train2017", "seg_train", "test1", "contest"],
)
def test_other_names_are_no_parts_of_a_split(name: str) -> None:
    assert part_of(name) is None


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("train", "test"), True),
        (("train", "val"), True),
        (("test", "val"), True),
        (("train", "test", "unlabelled"), True),
        (("train",), False),
        (("test",), False),
        (("train", "Training"), False),
        (("cats", "dogs", "test"), False),
        (("bus", "car", "train"), False),
        (("cats", "test", "val"), False),
    ],
)
def test_a_split_has_a_part_to_learn_from_and_one_to_test_on(names: tuple[str, ...], expected: bool) -> None:
    assert is_split(names) is expected


@pytest.mark.parametrize("odd", ["test", "train", "val"])
def test_a_class_that_is_called_like_a_part_stays_a_class(tmp_path: Path, odd: str) -> None:
    names = [f"{kind}/{n}.png" for kind in ("cats", "dogs", odd) for n in range(4)]
    images = read(put(tmp_path / "kinds", *names))
    assert images.classes == ("cats", "dogs", odd)
    assert images.held_out.sum() == 1
    assert images.intake.folders == ""


def test_a_split_without_classes_is_one_class(tmp_path: Path) -> None:
    names = [f"{part}/{n}.png" for part in ("train", "test") for n in range(3)]
    images = read(put(tmp_path / "moths", *names))
    assert images.classes == ("moths",)
    assert held_out(images) == under(names, "test/")


def test_pictures_of_a_part_without_class_folders_have_none(tmp_path: Path) -> None:
    images = read(put(tmp_path / "pets", "train/cat/1.png", "train/dog/1.png", "test/1.png", "cover.png"))
    assert images.classes == ("cat", "dog", NOTHING_SAID)
    assert classes(images)["test/1.png"] == classes(images)["cover.png"] == NOTHING_SAID
    assert held_out(images) == {"test/1.png"}
    assert images.intake.folders == "Split by folders: test held out, train learned from."


def test_folders_beside_a_split_are_learned_from(tmp_path: Path) -> None:
    names = ["train/cat/1.png", "train/dog/1.png", "test/cat/1.png", "extra/1.png", "more/dog/1.png"]
    images = read(put(tmp_path / "pets", *names))
    found = classes(images)
    assert images.classes == ("cat", "dog", "extra")
    assert (found["extra/1.png"], found["more/dog/1.png"]) == ("extra", "dog")
    assert held_out(images) == {"test/cat/1.png"}
    assert images.intake.folders == "Split by folders: test held out, train, extra and more learned from."


def test_a_folder_beside_a_split_has_its_classes_where_those_of_the_split_stand(tmp_path: Path) -> None:
    names = ["train/cat/1.png", "train/dog/1.png", "test/cat/1.png"]
    beside = ["extra/2024/dog/1.png", "extra/2024/bird/1.png", "more/cat/young/1.png", "more/fox/1.png"]
    images = read(put(tmp_path / "pets", *names, *beside))
    found = classes(images)
    assert [found[name] for name in beside] == ["dog", "bird", "cat", "fox"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("train/train/cat/1.png", "train/train/dog/1.png", "test/cat/1.png"), ("cat", "dog")),
        (("train/cat/1.png", "train/dog/1.png", "test/Testing/cat/1.png"), ("cat", "dog")),
        (("train/train/1.png", "train/train/2.png", "test/1.png"), ("pets",)),
        (("train/cat/1.png", "train/test/1.png", "test/test/1.png"), ("cat", "test")),  # a class of this name
        (("train/train/cat/1.png", "train/dog/1.png", "test/dog/1.png"), ("dog", "train")),  # not alone
    ],
)
def test_a_part_may_be_wrapped_in_its_own_name(
    tmp_path: Path, names: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    images = read(put(tmp_path / "pets", *names))
    assert images.classes == expected
    assert held_out(images) == {name for name in names if name.startswith("test/")}


def test_a_class_that_one_part_lacks_is_a_class(tmp_path: Path) -> None:
    names = ["train/cat/1.png", "train/dog/1.png", "train/dog/2.png", "test/cat/1.png"]
    assert classes(read(put(tmp_path / "one", *names))) == {name: name.split("/")[1] for name in names}
    names = ["train/cat/1.png", "train/cat/2.png", "test/cat/1.png", "test/bird/1.png"]
    images = read(put(tmp_path / "other", *names))
    assert classes(images) == {name: name.split("/")[1] for name in names}
    assert images.intake.folders == "Split by folders: test held out, train learned from. Nothing is learned of bird."


@pytest.mark.parametrize("name", ["images", "JPEGImages", "unknown"])
def test_pictures_that_a_part_keeps_in_one_folder_have_no_class(tmp_path: Path, name: str) -> None:
    """Tiny ImageNet has its classes in train alone."""
    train = [f"train/{kind}/images/{n}.png" for kind in ("n01443537", "n01629819") for n in range(3)]
    images = read(put(tmp_path / "tiny", *train, f"val/{name}/1.png", f"test/{name}/2.png"))
    assert images.classes == ("n01443537", "n01629819", NOTHING_SAID)
    assert classes(images) == {each: each.split("/")[1] for each in train} | dict.fromkeys(
        (f"val/{name}/1.png", f"test/{name}/2.png"), NOTHING_SAID
    )
    assert held_out(images) == {f"test/{name}/2.png"}


def test_a_class_called_images_is_a_class(tmp_path: Path) -> None:
    names = ["train/images/1.png", "train/text/1.png", "test/images/1.png"]
    assert classes(read(put(tmp_path / "pages", *names))) == {name: name.split("/")[1] for name in names}


def test_classes_that_differ_only_in_capitals_are_named(tmp_path: Path) -> None:
    images = read(put(tmp_path / "pets", "Dog/1.png", "dog/1.png", "cat/1.png", "CAT/1.png", "fox/1.png"))
    if len(images.classes) < 5:
        pytest.skip("this file system knows no capitals")
    *said, rest = images.intake.folders.partition(" are classes of their own")
    assert set(said[0].replace(" and ", ", ").split(", ")) == {"CAT", "cat", "Dog", "dog"}
    assert rest == ", and differ only in capitals."


def test_classes_of_a_column_that_differ_only_in_capitals_are_named(tmp_path: Path) -> None:
    folder = put(tmp_path / "pets", "1.png", "2.png", "3.png")
    (folder / "metadata.csv").write_text("file,label\n1.png,Dog\n2.png,dog\n3.png,cat\n")
    said = read(folder).intake.folders
    assert said.endswith("are classes of their own, and differ only in capitals.")
    assert {"Dog", "dog"} <= set(said.split())
    assert "cat" not in said


@pytest.mark.parametrize("way", ["pets", "data", "pets/data", "train", "images/train"])
def test_a_folder_that_stands_alone_is_passed_through(tmp_path: Path, way: str) -> None:
    names = [f"{way}/{kind}/{n}.png" for kind in ("cat", "dog") for n in range(3)]
    images = read(put(tmp_path / "pets", *names))
    assert images.classes == ("cat", "dog")
    assert classes(images) == {name: name.split("/")[-2] for name in names}
    assert images.intake.folders == f"Classes are the folders in {way}."
    assert images.held_out.sum() == 1


def test_a_folder_that_stands_alone_and_holds_the_pictures_is_their_class(tmp_path: Path) -> None:
    assert read(put(tmp_path / "a", "cats/1.png", "cats/2.png")).classes == ("cats",)
    assert read(put(tmp_path / "b", "cats/2021/1.png", "cats/2021/2.png")).classes == ("cats",)
    assert read(put(tmp_path / "c", "cats/1.png", "cats/2021/2.png")).classes == ("cats",)


def test_pictures_beside_a_folder_make_it_no_wrapper(tmp_path: Path) -> None:
    images = read(put(tmp_path / "album", "1.png", "2021/may/1.png", "2021/june/1.png"))
    assert images.classes == ("2021", "album")


@pytest.mark.parametrize("way", ["pets/", "pets/data/", "images/"])
def test_a_split_is_found_behind_wrappers(tmp_path: Path, way: str) -> None:
    names = [way + name for name in PETS]
    images = read(put(tmp_path / "pets", "banner.png", *names))
    assert images.classes == ("cat", "dog", NOTHING_SAID)
    assert held_out(images) == under(names, way + "test/")


def test_wrappers_inside_the_parts_are_passed_through(tmp_path: Path) -> None:
    names = [f"{part}/{part}/{kind}/1.png" for part in ("training_set", "test_set") for kind in ("cats", "dogs")]
    images = read(put(tmp_path / "a", *names))
    assert images.classes == ("cats", "dogs")
    assert held_out(images) == under(names, "test_set/")
    names = [f"{part}/images/{kind}/1.png" for part in ("train", "val") for kind in ("cats", "dogs")]
    assert read(put(tmp_path / "b", *names)).classes == ("cats", "dogs")


def test_of_splits_in_one_another_the_outermost_says_what_is_held_out(tmp_path: Path) -> None:
    names = [f"{part}/{kind}/1.png" for part in ("train/train", "train/val", "test") for kind in ("cat", "dog")]
    images = read(put(tmp_path / "pets", *names))
    assert images.classes == ("cat", "dog")
    assert held_out(images) == under(names, "test/")


def test_classes_that_are_each_split_keep_their_test_parts_out(tmp_path: Path) -> None:
    names = [f"{kind}/{part}/{n}.png" for kind in ("cat", "dog") for part in ("Train", "test") for n in range(3)]
    images = read(put(tmp_path / "pets", *names, "fox/Train/1.png"))
    assert images.classes == ("cat", "dog", "fox")
    assert held_out(images) == {name for name in names if "/test/" in name}
    assert images.intake.folders == "Split by folders: test held out, Train learned from."


@pytest.mark.parametrize("more", ["dog/young/1.png", "dog/1.png", "ape/1.png"])
def test_classes_of_which_only_some_are_split_are_not_split_and_it_is_said(tmp_path: Path, more: str) -> None:
    names = [f"cat/{part}/{n}.png" for part in ("train", "test") for n in range(8)]
    images = read(put(tmp_path / "pets", *names, more))
    assert set(images.classes) == {"cat", more.partition("/")[0]}
    assert images.held_out.sum() == 2  # a tenth of 17
    assert images.intake.folders == (
        "Only cat is split into test and train, and the other folder is not: that split is not used."
    )


def test_a_folder_called_test_in_some_class_is_no_split(tmp_path: Path) -> None:
    images = read(put(tmp_path / "pets", "cat/test/1.png", "cat/garden/1.png", "dog/1.png"))
    assert (images.classes, images.intake.folders) == (("cat", "dog"), "")


def test_files_that_are_no_pictures_have_no_say(pets: Path) -> None:
    for name in ("labels/1.txt", "README.md", ".git/1.png"):
        (pets / name).parent.mkdir(exist_ok=True)
        (pets / name).write_text("words")
    assert read(pets).classes == ("cat", "dog")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("first", ("test", "train", "val")),
        ("second", ("cat", "dog")),
        ("last", ("cat", "dog")),
        ("none", ("pets",)),
        (r"^(\d)", ("0", "1", "2", "3")),
    ],
)
def test_it_can_be_chosen_where_classes_come_from(pets: Path, choice: str, expected: tuple[str, ...]) -> None:
    images = read(pets, classes_from=choice)
    assert images.classes == expected
    if choice == "first":  # as it was before splits were known: a share of everything, 24 images
        assert images.held_out.sum() == 2
        assert images.intake.folders == "test, train and val look like a split, and are classes."
    else:
        assert held_out(images) == under(PETS, "test/")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Egyptian_Mau_12.png", "Egyptian_Mau"),
        ("cat.0.png", "cat"),
        ("tabby cat 007.png", "tabby cat"),
        ("dog-3_left.png", "dog"),
    ],
)
def test_a_pattern_takes_the_class_from_the_names_of_files(tmp_path: Path, name: str, expected: str) -> None:
    images = read(put(tmp_path / "x", name, "sub/" + name), classes_from="^(.+?)[ _.-]*[0-9]")
    assert images.classes == (expected,)


def test_what_a_choice_does_not_fit_is_counted(tmp_path: Path) -> None:
    folder = put(tmp_path / "x", "a/b/1.png", "a/2.png", "3.png")
    images = read(folder, classes_from="second")
    assert images.classes == ("b", NOTHING_SAID)
    assert images.intake.folders == "2 of the images have no second folder."
    images = read(folder, classes_from="^([a-z])")
    assert images.classes == ("x",)
    assert images.intake.folders == "All images are one class: they have no name that fits ^([a-z])."


def test_a_table_goes_on_winning_over_folders(pets: Path) -> None:
    rows = [f"{name},{'big' if name.endswith('0.png') else 'small'},{name[-5]}" for name in PETS]
    (pets / "metadata.csv").write_text("\n".join(["file,class,litter", *rows]))
    images = read(pets)
    assert images.classes == ("big", "small")
    assert images.intake.class_column == "class"
    assert held_out(images) == under(PETS, "test/")
    images = read(pets, class_column="folder", group_column="litter", held_out=0.25)
    assert images.classes == ("cat", "dog")
    litter = {name[-5] for name in held_out(images)}
    assert len(litter) == 1  # of four: 6 of 24 images, from train too
    assert held_out(images) == {name for name in PETS if name[-5] in litter}
    assert images.intake.folders == "Split by folders, but held out by litter, as asked."


def test_many_folders_beside_a_split_do_not_fill_the_window(tmp_path: Path) -> None:
    names = [f"{place}/1.png" for place in ("train", "val", *(f"batch {n}" for n in range(1, 31)))]
    said = read(put(tmp_path / "x", *names)).intake.folders
    assert said == "Split by folders: val held out, train, batch 1, batch 2, batch 3 and 27 others learned from."


@pytest.mark.parametrize("choice", ["auto", "first", "second", "last", "none", "^(.)"])
def test_a_folder_without_a_picture_has_no_class(tmp_path: Path, choice: str) -> None:
    (tmp_path / "empty" / "train").mkdir(parents=True)
    images = read(tmp_path / "empty", classes_from=choice)
    assert images.classes == ()
    assert images.intake.folders == ""
