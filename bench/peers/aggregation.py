"""F_i = (1/N) sum_j (x_i - x_j) / |x_i - x_j|^2 in chunks of targets: distances by SciPy's compiled cdist, sums by BLAS."""

import numpy as np
import scipy
from scipy.spatial.distance import cdist
from serve import Timer, serve


def force(points, chunk):
    n, d = points.shape
    sources = np.hstack([points, np.ones((n, 1))])
    out = np.empty_like(points)
    q = np.empty((chunk, n))
    for first in range(0, n, chunk):
        x = points[first : first + chunk]
        w = cdist(x, points, "sqeuclidean", out=q[: len(x)])
        w[np.arange(len(x)), np.arange(first, first + len(x))] = np.inf
        np.reciprocal(w, out=w)
        sums = w @ sources
        out[first : first + chunk] = (x * sums[:, d:] - sums[:, :d]) / n
    return out


def plain(points, chunk):
    """The same by broadcasting, NumPy alone."""
    n, d = points.shape
    columns = np.ascontiguousarray(points.T)
    out = np.empty_like(points)
    q, z = np.empty((chunk, n)), np.empty((chunk, n))
    sources = np.hstack([points, np.ones((n, 1))])
    for first in range(0, n, chunk):
        x = points[first : first + chunk]
        k = len(x)
        np.subtract(x[:, :1], columns[0], out=q[:k])
        np.multiply(q[:k], q[:k], out=q[:k])
        np.subtract(x[:, 1:], columns[1], out=z[:k])
        np.multiply(z[:k], z[:k], out=z[:k])
        np.add(q[:k], z[:k], out=q[:k])
        q[np.arange(k), np.arange(first, first + k)] = np.inf
        np.reciprocal(q[:k], out=q[:k])
        sums = q[:k] @ sources
        out[first : first + chunk] = (x * sums[:, d:] - sums[:, :d]) / n
    return out


def single(points, chunk):
    """By broadcasting in float32, the differences kept: sums of products with coordinates would cancel."""
    n, d = points.shape
    columns = np.ascontiguousarray(points.T, dtype=np.float32)
    out = np.empty_like(points)
    dx, dy, q = (np.empty((chunk, n), np.float32) for _ in range(3))
    for first in range(0, n, chunk):
        x = points[first : first + chunk].astype(np.float32)
        k = len(x)
        np.subtract(x[:, :1], columns[0], out=dx[:k])
        np.subtract(x[:, 1:], columns[1], out=dy[:k])
        np.multiply(dx[:k], dx[:k], out=q[:k])
        q[:k] += dy[:k] * dy[:k]
        q[np.arange(k), np.arange(first, first + k)] = np.inf
        np.divide(dx[:k], q[:k], out=dx[:k])
        np.divide(dy[:k], q[:k], out=dy[:k])
        out[first : first + chunk, 0] = dx[:k].sum(axis=1, dtype=np.float64) / n
        out[first : first + chunk, 1] = dy[:k].sum(axis=1, dtype=np.float64) / n
    return out


def uniforms(seed, n):
    """The portable stream: mulberry32."""
    a, out = seed & 0xFFFFFFFF, np.empty(n)
    for i in range(n):
        a = (a + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((a ^ (a >> 15)) * (1 | a)) & 0xFFFFFFFF
        t = ((t + (((t ^ (t >> 7)) * (61 | t)) & 0xFFFFFFFF)) & 0xFFFFFFFF) ^ t
        out[i] = ((t ^ (t >> 14)) & 0xFFFFFFFF) / 4294967296
    return out


stored = {}


def run(method, n, steps, chunk):
    if n not in stored:
        stored[n] = uniforms(1, 2 * n).reshape(n, 2)
    x = stored[n].copy()
    step = {"cdist": force, "plain": plain, "single": single}[method]
    first = None
    with Timer() as timer:
        for _ in range(steps):
            f = step(x, chunk)
            if first is None:
                first = f[:2].copy()
            x -= 1e-9 * f
    return {"seconds": timer.seconds, "force": first.ravel().tolist()}


if __name__ == "__main__":
    serve({"run": run}, numpy=np, scipy=scipy)
