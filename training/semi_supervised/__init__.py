"""Learning from faces that nobody labelled: SIT-FER (arXiv 2503.18463), and FixMatch beside it (arXiv 2001.07685)."""
