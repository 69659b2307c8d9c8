"""What was read from a video, loaded back to be looked at again."""
