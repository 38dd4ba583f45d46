"""Exact W_2^2 between two images by POT's dense network simplex, from masses to plan and value."""

import numpy as np
import ot
from scipy.spatial.distance import cdist
from serve import Timer, serve


def bumps(n):
    """A28.3."""
    c = (np.arange(n) + 0.5) / n
    x, y = np.meshgrid(c, c, indexing="ij")
    g = lambda a, b, s: np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * s * s))
    a = 1e-3 + g(0.3, 0.3, 0.1) + 0.5 * g(0.7, 0.25, 0.07)
    b = 1e-3 + g(0.6, 0.7, 0.12) + 0.7 * g(0.25, 0.75, 0.06)
    return np.column_stack([x.ravel(), y.ravel()]), (a / a.sum()).ravel(), (b / b.sum()).ravel()


def emd(n):
    points, a, b = bumps(n)
    with Timer() as timer:
        cost = cdist(points, points, "sqeuclidean")
        value = ot.emd2(a, b, cost, numItermax=1_000_000_000, numThreads=1)
    return {"seconds": timer.seconds, "value": float(value)}


if __name__ == "__main__":
    serve({"emd": emd}, numpy=np, POT=ot)
