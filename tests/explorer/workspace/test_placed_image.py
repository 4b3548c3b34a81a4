"""Images from outside, and ours found again: each must end up where it lies, whatever the model does meanwhile."""

import numpy as np
import pytest
import torch
from PySide6.QtGui import QImage

from core.config import ImagesConfig, ModelConfig
from core.export.pictures import exact, facts_of, save_picture
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import Plane, first_two_dims
from core.model.vae import VAE
from explorer.map.marks.posterior_controller import Outlining
from explorer.toolkit.image_conversion import to_qimage
from explorer.workspace.place_in_hand import Near, Table, Viewing
from explorer.workspace.placed_image import Placing

SHAPE = (16, 16, 1)
IMAGES = ImagesConfig(image_size=16, channels=1)


def space_of(seed: int, dims: int = 2, fingerprint: str = "") -> LatentSpace:
    torch.manual_seed(seed)
    vae = VAE(ModelConfig(network="mlp", width=4, latent_dims=dims, likelihood="bernoulli"), SHAPE)
    codes = np.random.default_rng(seed).standard_normal((60, dims)).astype(np.float32)
    kl = np.ones(dims, np.float32)
    return freeze(vae, codes, kl, first_two_dims(dims), seed, held_out=np.arange(60) % 4 == 0, fingerprint=fingerprint)


def table() -> Table:
    return Table([f"{i}.png" for i in range(60)], np.zeros(60, np.int64), ("all",), np.arange(60) % 4 == 0)


class Images:
    """As much of an image set as is asked for."""

    def __init__(self) -> None:
        self.pixels = np.random.default_rng(0).integers(0, 256, (60, *SHAPE), np.uint8)
        self.labels, self.classes, self.held_out = np.zeros(60, np.int64), ("all",), np.arange(60) % 4 == 0
        self.names = [f"{i}.png" for i in range(60)]

    def __len__(self) -> int:
        return 60


@pytest.fixture
def viewing(qtbot):
    viewing = Viewing()
    viewing.show(space_of(1, fingerprint="one"), table())
    yield viewing
    viewing.stop()


@pytest.fixture
def placing(viewing):
    placing = Placing(viewing)
    viewing.map_changed.connect(placing.show_map)
    yield placing
    placing.stop()


def drawing(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, SHAPE, np.uint8)


def test_a_drawing_is_placed_where_its_code_lies_and_the_cursor_goes_there(qtbot, viewing, placing):
    with qtbot.waitSignal(placing.placed) as signal:
        placing.place_drawing(drawing(), IMAGES)
    placed = signal.args[0]
    codes, log_variances = viewing.latent_space.encode(drawing()[None])
    np.testing.assert_array_equal(placed.placement.z, codes[0])
    assert placed.point == pytest.approx(codes[0].tolist())
    middle, covariance = placed.ellipse
    np.testing.assert_allclose(middle, codes[0])
    np.testing.assert_allclose(covariance, np.diag(np.exp(log_variances[0])), atol=1e-6)
    np.testing.assert_array_equal(viewing.z, codes[0])
    expected = np.abs(drawing().astype(float) - viewing.latent_space.decode(codes)[0])[..., 0] / 255
    np.testing.assert_allclose(placed.placement.error, expected, atol=1e-6)


def test_dragged_away_it_can_be_gone_back_to_and_taken_away(qtbot, viewing, placing):
    with qtbot.waitSignal(placing.placed):
        placing.place_drawing(drawing(), IMAGES)
    z = placing.last.z
    viewing.look_at(z + 1)
    placing.go_back()
    np.testing.assert_array_equal(viewing.z, z)
    with qtbot.waitSignal(placing.taken_away):
        placing.take_away()
    viewing.look_at(z + 1)
    placing.go_back()
    np.testing.assert_array_equal(viewing.z, z + 1)


def test_as_the_model_learns_the_image_lies_elsewhere_and_the_cursor_stays_with_it(qtbot, viewing, placing):
    with qtbot.waitSignal(placing.placed):
        placing.place_drawing(drawing(), IMAGES)
    newer = space_of(2)
    with qtbot.waitSignal(placing.placed):
        viewing.show(newer)
    expected = newer.encode(drawing()[None])[0][0]
    np.testing.assert_array_equal(placing.last.z, expected)
    np.testing.assert_array_equal(viewing.z, expected)
    viewing.look_at(expected + 1)  # dragged away: the cursor is the hand's
    with qtbot.waitSignal(placing.placed):
        viewing.show(space_of(3))
    np.testing.assert_array_equal(viewing.z, expected + 1)


def test_a_turned_plane_moves_the_star_without_encoding_anew(qtbot, viewing, placing):
    with qtbot.waitSignal(placing.placed):
        placing.place_drawing(drawing(), IMAGES)
    last, turned = placing.last, Plane(np.zeros(2, np.float32), np.array([[0, 1], [1, 0]], np.float32), ("b", "a"))
    with qtbot.waitSignal(placing.placed) as signal:
        viewing.choose_plane(turned)
    assert signal.args[0].placement is last
    assert signal.args[0].point == pytest.approx(last.z[::-1].tolist())


def test_an_image_of_another_model_is_taken_away_with_it(qtbot, viewing, placing):
    with qtbot.waitSignal(placing.placed):
        placing.place_drawing(drawing(), IMAGES)
    with qtbot.waitSignal(placing.taken_away):
        viewing.show(space_of(4, dims=3), table())
    assert placing.last is None


def test_a_drop_while_the_model_learns_is_not_lost(qtbot, viewing, placing):
    with qtbot.waitSignal(placing.placed):
        placing.place_drawing(drawing(0), IMAGES)
    with qtbot.waitSignal(placing.brought) as signal:
        placing.place_drawing(drawing(1), IMAGES)
        for seed in range(5, 10):
            viewing.show(space_of(seed))
    np.testing.assert_array_equal(signal.args[0].pixels, drawing(1))
    newest = viewing.latent_space
    qtbot.waitUntil(lambda: placing.last.latent_space.vae is newest.vae)
    np.testing.assert_array_equal(placing.last.pixels, drawing(1))


def test_a_pasted_picture_is_fitted_as_files_are(qtbot, viewing, placing, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    to_qimage(pixels).save(str(tmp_path / "a.png"))
    found = []
    for place in (
        lambda: placing.place_picture("Pasted picture", to_qimage(pixels), IMAGES),
        lambda: placing.place_file(tmp_path / "a.png", IMAGES),
    ):
        with qtbot.waitSignal(placing.brought) as signal:
            place()
        found.append(signal.args[0].pixels)
    np.testing.assert_array_equal(*found)


def test_what_is_transparent_in_a_pasted_picture_has_the_background(qtbot, viewing, placing):
    picture = QImage(20, 20, QImage.Format.Format_ARGB32)
    picture.fill(0)
    for background, level in (("white", 255), ("black", 0)):
        with qtbot.waitSignal(placing.brought) as signal:
            placing.place_picture("a", picture, ImagesConfig(image_size=16, channels=1, background=background))
        assert (signal.args[0].pixels == level).all()


@pytest.mark.parametrize(
    ("model", "said"), [("one", "decoded here"), ("two", "another model (faces-3, step 1)"), (None, "not saved")]
)
def test_a_saved_picture_goes_back_to_its_place_and_says_whether_the_model_is_the_same(
    qtbot, viewing, placing, tmp_path, model, said
):
    z = np.array([0.1, -1.2345679], np.float32)
    facts = {
        key: value for key, value in facts_of("faces-3", viewing.latent_space, z=exact(z)).items() if key != "model"
    }
    save_picture(tmp_path / "a.png", drawing(), facts if model is None else {**facts, "model": model})
    with qtbot.waitSignal(placing.found_again) as signal:
        placing.place_file(tmp_path / "a.png", IMAGES)
    assert signal.args[0].z.tobytes() == z.tobytes()
    assert said in signal.args[0].said
    assert placing.last is None


@pytest.mark.parametrize("z", [[1.0], [1.0, float("nan")], "junk", {"a": 1}, [[1.0, 2.0]], [None, 1.0], [1e400, 0.0]])
def test_a_picture_that_names_no_place_of_this_model_is_an_image_like_any_other(qtbot, viewing, placing, tmp_path, z):
    save_picture(tmp_path / "a.png", drawing(), {"run": "x", "z": z})
    with qtbot.waitSignal(placing.brought) as signal:
        placing.place_file(tmp_path / "a.png", IMAGES)
    np.testing.assert_array_equal(signal.args[0].pixels, drawing())


def test_a_file_that_is_no_picture_is_one_sentence(qtbot, viewing, placing, tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    with qtbot.waitSignal(placing.failed) as signal:
        placing.place_file(tmp_path / "a.png", IMAGES)
    assert "a.png" in signal.args[0]
    with qtbot.waitSignal(placing.placed):  # and the next is placed
        placing.place_drawing(drawing(), IMAGES)


def test_without_a_model_it_says_what_to_do(qtbot):
    viewing = Viewing()
    placing = Placing(viewing)
    with qtbot.waitSignal(placing.failed) as signal:
        placing.place_drawing(drawing(), IMAGES)
    assert "open a run or train one" in signal.args[0]
    placing.stop()
    viewing.stop()


def test_how_typical_it_is_comes_after_it_is_placed(qtbot, viewing, placing):
    with qtbot.waitSignal(placing.weighed) as signal:
        placing.place_drawing(drawing(), IMAGES)
    assert "once the images are read" in signal.args[0].why_not
    viewing.images_shown.connect(placing.show_images)
    with qtbot.waitSignal(placing.weighed) as signal:
        viewing.show_images(Images())
    assert signal.args[0].standing is not None
    with qtbot.waitSignal(placing.weighed) as signal:
        placing.place_drawing(viewing.image_set.pixels[0], IMAGES)
    standing = signal.args[0].standing
    assert 0.0 <= standing.share <= 1.0
    assert standing.nats > 0
    assert standing.error == pytest.approx(placing.last.mean_error)
    assert standing.place == viewing.latent_space.support.verdict(placing.last.z).verdict


def test_ellipses_are_of_what_is_hovered_gone_to_selected_and_placed(qtbot, viewing, placing):
    from core.exploration import Exploration

    outlining, seen = Outlining(viewing), []
    outlining.changed.connect(seen.append)
    viewing.show_images(Images())

    def means() -> set[tuple[float, ...]]:
        return {tuple(np.round(middle, 4).tolist()) for middle, _, _ in seen[-1]} if seen else set()

    def code(index: int) -> tuple[float, ...]:
        return tuple(np.round(viewing.latent_space.encode(viewing.image_set.pixels[[index]])[0][0], 4).tolist())

    outlining.hover(3)
    qtbot.waitUntil(lambda: means() == {code(3)})
    outlining.show_near([Near(5, None, "5.png", "all", 0.0)])
    outlining.show_selection(Exploration(selection=np.array([7, 9])), frozenset({"selection"}))
    qtbot.waitUntil(lambda: means() == {code(3), code(5), code(7), code(9)})
    outlining.hover(-1)
    outlining.show_near([Near(5, None, "5.png", "all", 0.2)])
    outlining.show_selection(Exploration(selection=np.arange(40)), frozenset({"selection"}))
    assert means() == set(), "forty ellipses hide what they are drawn on"
    placing.placed.connect(outlining.show_placed)
    placing.place_drawing(drawing(), IMAGES)
    qtbot.waitUntil(lambda: len(means()) == 1)
    outlining.clear()
    assert means() == set()
    outlining.stop()
