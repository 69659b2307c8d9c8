"""What a small encoder learns from a large one, or from one that saw more."""
