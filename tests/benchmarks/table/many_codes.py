"""The bundled run with as many codes as wanted: its own, each a little off, in place of those of so many images."""

import numpy as np

from core.latent.latent_space import freeze
from core.latent.open_run import open_run
from core.places import bundled_run
from explorer.workspace.place_in_hand import Table
from tests.explorer.opened import Opened


def show_codes(program: Opened, count: int) -> None:
    """So many codes in the window."""
    opened = open_run(bundled_run())
    space, random = opened.latent_space, np.random.default_rng(0)
    which = random.integers(0, len(space.codes), count)
    codes = space.codes[which] + random.normal(0, 0.05, (count, space.latent_dims)).astype(np.float32)
    many = freeze(space.vae, codes, space.kl_per_dim, space.plane, space.step, space.classes)
    held_out = np.arange(count) % 10 == 0
    object.__setattr__(many, "held_out", held_out)
    names = [f"{number:07}.png" for number in range(count)]
    program.workspace.viewing.show(many, Table(names, opened.labels[which], opened.classes, held_out))
