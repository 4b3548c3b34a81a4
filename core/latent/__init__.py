"""A frozen latent space: codes, plane, decoding."""
