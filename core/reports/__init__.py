"""The frozen records that long jobs yield and the window shows; none imports torch."""
