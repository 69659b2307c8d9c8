"""The pipeline from a frame to a reading. Knows no Qt and no torch."""
