"""Runs the face encoder, and owns the model package and the words that faces are matched against.

Knows no camera, no window and, outside :mod:`engines.torch`, no torch.
"""
