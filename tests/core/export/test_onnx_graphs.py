"""A model that says something else in another program is worse than none: every kind of network, asked in ONNX Runtime.

What it should say comes from PyTorch here, and not from the check that an export makes of itself.
"""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from PIL import Image

from core.config import ImagesConfig, ModelConfig, RunConfig, TrainingConfig
from core.errors import ConfigError, RunError
from core.export.onnx_model import graphs as onnx_graphs
from core.export.onnx_model.agreement import largest_difference
from core.export.onnx_model.card import card
from core.export.onnx_model.export import OPSET
from core.export.onnx_model.graphs import check_size, facts_of, to_onnx
from core.export.onnx_model.parts import parts_of
from core.latent.latent_space import LatentSpace, freeze
from core.latent.outside_pictures import read_file
from core.latent.plane import first_two_dims
from core.latent.reports import RunOpened
from core.model.conditions import Given
from core.model.tensor_model import to_pixels, to_tensor
from core.model.vae import VAE
from core.onnx_runtime import open_session
from core.reports.export import Compared

CLASSES, DIMS, SIZE = 3, 5, 16
LARGE = 64  # pixels, from which on a decoder of convolutions has two stages
NAMES = ("a", 'b\n"\udcff', "c")  # a line break, a quote, and a byte that is no text
Traced = tuple[VAE, dict[str, bytes]]
FACTS = {"classes": json.dumps(["måne", "a, b"])}
# Each network, condition and posterior; the likelihoods that do more than clip. Tracing one takes two seconds.
KINDS = [
    ("linear", "bernoulli", "class", "planar", 1, "pad"),
    ("mlp", "continuous-bernoulli", "completion", "diagonal", 3, "stretch"),
    ("conv", "discretised-logistic", "none", "iaf", 3, "crop"),
]


def model(network: str, likelihood: str, conditional: str, posterior: str, channels: int) -> VAE:
    """Weights from nowhere, so that no layer is silent as it is at first."""
    config = {"network": network, "likelihood": likelihood, "conditional": conditional, "posterior": posterior}
    torch.manual_seed(0)
    side = LARGE if network == "conv" else SIZE
    vae = VAE(ModelConfig(latent_dims=DIMS, width=4, flows=2, **config), (side, side, channels), CLASSES)
    vae.eval().requires_grad_(False)
    for weights in vae.parameters():
        weights.add_(0.1 * torch.randn_like(weights))
    return vae


@cache
def traced(network: str, likelihood: str, conditional: str, posterior: str, channels: int) -> Traced:
    """Do not change it: tracing takes seconds."""
    vae = model(network, likelihood, conditional, posterior, channels)
    return vae, {part.name: to_onnx(part, FACTS, OPSET) for part in parts_of(vae)}


def ask(graph: bytes, known: Mapping[str, torch.Tensor]) -> dict[str, np.ndarray]:
    session = open_session(graph, threads=1)
    names = [each.name for each in session.get_outputs()]
    inputs = {each.name: known[each.name].numpy() for each in session.get_inputs()}
    return dict(zip(names, session.run(names, inputs), strict=True))


@pytest.mark.parametrize(("network", "likelihood", "conditional", "posterior", "channels", "fit"), KINDS)
@pytest.mark.long
def test_every_kind_of_model_says_the_same_and_so_do_the_lines_of_its_card(
    network: str, likelihood: str, conditional: str, posterior: str, channels: int, fit: str, tmp_path: Path
) -> None:
    vae, graphs = traced(network, likelihood, conditional, posterior, channels)
    assert set(graphs) == {"encoder", "decoder", *(["prior"] if conditional == "completion" else [])}
    for count in (1, 7):
        check_graphs(vae, graphs, count)
    for name, graph in graphs.items():
        (tmp_path / f"{name}.onnx").write_bytes(graph)
    check_card(vae, ImagesConfig(fit=fit, background="black"), tmp_path)


def check_graphs(vae: VAE, graphs: Mapping[str, bytes], count: int) -> None:
    random = torch.Generator().manual_seed(count)
    side, _, channels = vae.image_shape
    image = torch.rand(count, channels, side, side, generator=random)
    visible = (torch.rand(count, 1, side, side, generator=random) < 0.5).float()
    label, z = torch.arange(count) % CLASSES, 3.0 * torch.randn(count, DIMS, generator=random)
    known, given = {"image": image, "label": label, "visible": visible, "z": z}, Given(label, visible)
    posterior, prior = vae.posterior(image, given), vae.prior(image, given)
    codes = {"mean": posterior.mean, "log_variance": posterior.log_variance}
    codes |= {"code": posterior.code} if posterior.is_flow else {}
    picture = {"picture": vae.mean_image(z, vae.condition(image, given))}
    wanted = {"encoder": codes, "decoder": picture, "prior": prior._asdict()}
    hidden = known | {"image": torch.where(visible > 0, image, 1.0 - image)}
    for name, graph in graphs.items():
        found = ask(graph, known)
        assert found.keys() == wanted[name].keys()
        for output, values in found.items():
            assert values.shape == wanted[name][output].shape
            np.testing.assert_allclose(values, wanted[name][output], rtol=1e-4, atol=1e-5, err_msg=output)
        if name != "encoder":  # what is hidden reaches neither decoder nor prior
            np.testing.assert_array_equal(next(iter(ask(graph, hidden).values())), next(iter(found.values())))


def check_card(vae: VAE, images: ImagesConfig, folder: Path) -> None:
    """As somebody runs it who has the graphs and a picture, against what the program makes of that picture."""
    rows, columns = np.mgrid[0:30, 0:40]
    pixels = np.stack((6 * columns, 8 * rows, 3 * (rows + columns)), axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "picture.png")
    codes = np.zeros((2, DIMS), np.float32)
    space = freeze(vae, codes, codes[0], first_two_dims(DIMS), 0, NAMES, unlearned=frozenset({0}))
    text = card_of(space, images)
    assert ('Labels: 0 is "a", 1 is "b\\n\\"\udcff", 2 is "c".' in text) == (vae.conditional == "class")
    assert ("`code` is where it takes that mean" in text) == (vae.flow is not None)
    (lines,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    run_as_script(lines, folder)
    own = read_file(folder / "picture.png", space, images)
    if vae.conditional == "completion":
        visible = np.broadcast_to(np.arange(SIZE) < SIZE // 2, (SIZE, SIZE))
        x, given = to_tensor(own[None]), Given(visible=torch.from_numpy(visible[None, None].astype(np.float32)))
        noise = np.random.default_rng(0).standard_normal((1, DIMS), np.float32)
        z = vae.prior(x, given).sample(torch.from_numpy(noise))
        wanted = np.where(visible[..., None], own, to_pixels(vae.mean_image(z, vae.condition(x, given)))[0])
    else:
        wanted = space.decode(space.encode(own[None])[0])[0]
    with Image.open(folder / "decoded.png") as decoded:
        found = np.asarray(decoded).reshape(wanted.shape).astype(int)
    assert np.abs(found - wanted).max() <= 1
    assert wanted.std() > 5.0  # it is not all one grey


def card_of(space: LatentSpace, images: ImagesConfig) -> str:
    """What stands beside the graphs of a run that was saved before it learned anything."""
    config = RunConfig(source="/pictures/faces", images=images, training=TrainingConfig(batch_size=2))
    assert json.loads(facts_of(space, config)["classes"].encode("ascii")) == list(NAMES)
    held_out = np.zeros(2, np.bool_)
    known = (("1.png", "2.png"), held_out.astype(np.int64), NAMES, held_out, (), (), (), False, True, "")
    opened = RunOpened(Path("gone"), "faces", config, space, *known)
    text = card(opened, tuple(parts_of(space.vae)), Compared(1e-6, 100, are_own=False), OPSET)
    assert "no images were held out" in text.lower()
    return text


def run_as_script(lines: str, folder: Path) -> None:
    (folder / "script.py").write_text(lines, encoding="utf-8")
    done = subprocess.run([sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def small() -> Traced:
    """The first of them."""
    return traced(*KINDS[0][:-1])


def test_the_same_model_is_the_same_file(small: Traced) -> None:
    (decoder,) = (part for part in parts_of(small[0]) if part.name == "decoder")
    assert to_onnx(decoder, FACTS, OPSET) == small[1]["decoder"]


def test_a_graph_describes_itself_and_nothing_of_the_machine(small: Traced) -> None:
    model = onnx.load_from_string(small[1]["encoder"])
    assert [(each.domain, each.version) for each in model.opset_import] == [("", OPSET)]
    assert {each.key: each.value for each in model.metadata_props} == FACTS
    ports = {each.name: each for each in (*model.graph.input, *model.graph.output)}
    assert list(ports) == ["image", "label", "mean", "log_variance", "code"]
    assert ports["image"].doc_string == "pixels in [0, 1]"
    assert [each.type.tensor_type.shape.dim[0].dim_param for each in ports.values()] == ["batch"] * 5
    assert not [content for content in small[1].values() if b".py" in content]


@pytest.mark.parametrize("part", ["encoder", "decoder"])
def test_a_graph_that_says_something_else_is_refused(small: Traced, part: str) -> None:
    vae, graphs = small
    pixels = np.random.default_rng(0).integers(0, 256, (4, SIZE, SIZE, 1), np.uint8)
    assert largest_difference(vae, graphs, pixels, made_up=3) < 1e-5
    assert largest_difference(vae, graphs, None, made_up=3) < 1e-5
    other = onnx.load_from_string(graphs[part])
    weights = onnx.numpy_helper.to_array(other.graph.initializer[0])
    other.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(weights * 1.01, other.graph.initializer[0].name))
    with pytest.raises(RunError, match="on 4 images ONNX Runtime and PyTorch differ by up to"):
        largest_difference(vae, graphs | {part: other.SerializeToString()}, pixels, made_up=3)


def test_what_is_no_number_agrees_with_nothing(small: Traced) -> None:
    vae, graphs = copy.deepcopy(small[0]), small[1]
    for weights in vae.encoder.parameters():
        weights.fill_(3e38)
    with pytest.raises(RunError, match="differ by up to inf"):
        largest_difference(vae, graphs, None, made_up=3)


def test_a_model_that_no_file_can_hold_is_a_sentence(small: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    vae, graphs = small
    largest = max(map(len, graphs.values()))
    monkeypatch.setattr(onnx_graphs, "MOST_BYTES", largest)
    check_size(vae)
    monkeypatch.setattr(onnx_graphs, "MOST_BYTES", largest // 2)
    with pytest.raises(ConfigError, match="too large for ONNX: its weights take"):
        check_size(vae)
