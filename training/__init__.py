"""How the weights are made: data, encoders, objectives, evaluation, export."""
