"""Exact assignment of points: SciPy's linear_sum_assignment and POT's network simplex, from points to the plan."""

import resource

import numpy as np
import ot
import scipy
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from serve import Timer, serve


def mulberry(seed, count):
    """The portable uniforms, all at once: the state grows by a constant, so every draw is a function of its place."""
    with np.errstate(over="ignore"):
        a = np.uint32(seed) + np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
        return (t ^ (t >> np.uint32(14))) / 4294967296


def clouds(n, d):
    return [mulberry(seed, n * d).reshape(n, d) for seed in (1, 2)]


def megabytes():
    """The high-water mark of this program; getrusage counts the program that started it, too."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def lsa(n, d):
    x, y = clouds(n, d)
    with Timer() as timer:
        c = cdist(x, y, "sqeuclidean")
        rows, columns = linear_sum_assignment(c)
        value = c[rows, columns].sum() / n
    return {"seconds": timer.seconds, "value": float(value), "megabytes": megabytes()}


def emd(n, d):
    x, y = clouds(n, d)
    a = np.full(n, 1 / n)
    with Timer() as timer:
        c = cdist(x, y, "sqeuclidean")
        value = ot.emd2(a, a, c, numItermax=100_000_000, numThreads=1)
    return {"seconds": timer.seconds, "value": float(value), "megabytes": megabytes()}


if __name__ == "__main__":
    serve({"lsa": lsa, "emd": emd}, numpy=np, scipy=scipy, POT=ot)
