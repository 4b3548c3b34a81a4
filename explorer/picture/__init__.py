"""The picture at the cursor: how far to trust it, its neighbours, its sliders, and reconstructions."""
