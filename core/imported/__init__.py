"""Models that were trained elsewhere: ONNX graphs, checked, tried out and run."""
