"""Eight lessons on variational autoencoders: predict, run, reveal; each on the program's own model and training."""
