"""The pipeline from a frame to a reading. Knows no Qt and no torch."""

import os

# OpenCV looks at this once, as it is loaded: some hundred bytes can announce a picture that takes gigabytes.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(2**27))
