"""Training one model on the faces of several clients, none of which shows a picture to another.

AMY (arXiv 2501.01816) and its baselines. :mod:`~training.federated.rounds` is the whole of it in one process;
:mod:`~training.federated.apps` is the same on Flower.
"""
