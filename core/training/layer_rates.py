"""How fast each parameter learns, as a multiple of the learning rate."""

from math import prod

from torch import nn

from core.model.networks import ConvDecoder, ConvEncoder
from core.model.vae import VAE

USUAL_INPUTS, FASTEST = 576, 2.0  # what a layer reads that learns at the rate itself; how much faster one may
# A likelihood's scale is one number, on which every pixel's density depends: at the pace of a weight it stays too large
# by a factor of two in the first ten minutes on photographs of 128 × 128 pixels, and the images count for too little.
OF_SCALES = 10.0
Layer = nn.Linear | nn.Conv2d | nn.ConvTranspose2d


def parameter_groups(vae: VAE) -> list[dict[str, object]]:
    """Groups of an optimiser, the learning rate's `multiple` beside the `params` of each.

    Adam moves every weight by as much, so that what a unit says moves in proportion to how many numbers it reads. The
    weights of convolutions, and of what follows them, learn in inverse proportion (Yang et al. 2022, table 3); else the
    encoder's last layer, which reads thousands, puts the code of an odd image anywhere, and training explodes.
    """
    multiples = {id(parameter): OF_SCALES for parameter in vae.likelihood.parameters()}
    networks = [each for each in vae.modules() if isinstance(each, ConvEncoder | ConvDecoder)]
    layers = [layer for network in networks for layer in network.modules() if isinstance(layer, Layer)]
    multiples |= {id(layer.weight): min(FASTEST, USUAL_INPUTS / _inputs(layer)) for layer in layers}
    groups: dict[float, list[nn.Parameter]] = {}
    for parameter in vae.parameters():
        groups.setdefault(multiples.get(id(parameter), 1.0), []).append(parameter)
    return [{"params": parameters, "multiple": multiple} for multiple, parameters in groups.items()]


def _inputs(layer: Layer) -> float:
    """How many numbers a unit of a layer reads."""
    if isinstance(layer, nn.Linear):
        return layer.in_features
    overlap = prod(layer.stride) if isinstance(layer, nn.ConvTranspose2d) else 1
    return layer.in_channels * prod(layer.kernel_size) / overlap
