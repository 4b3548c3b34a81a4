"""A run as graphs of ONNX: encoder, decoder and a card, for programs that know neither this one nor PyTorch."""
