"""Everything Latentscape knows about images, models and latent spaces; knows nothing of the window."""
