"""Looking back at how a model learned: a bar of time under the map, and what happens along it."""
