"""Semi-discrete transport of the uniform unit square to points by pysdot: Newton on power diagrams in C++, SciPy's sparse solver."""

import importlib.metadata

import numpy as np
import pysdot
import scipy
from pysdot import OptimalTransport
from pysdot.domain_types import ConvexPolyhedraAssembly
from serve import Timer, serve

pysdot.__version__ = importlib.metadata.version("pysdot")


def mulberry(seed, count):
    """The portable uniforms, all at once: the state grows by a constant, so every draw is a function of its place."""
    with np.errstate(over="ignore"):
        a = np.uint32(seed) + np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
        return (t ^ (t >> np.uint32(14))) / 4294967296


def solve(n):
    points = mulberry(1, 2 * n).reshape(n, 2)
    with Timer() as timer:
        square = ConvexPolyhedraAssembly()
        # its default of -1 does not fit NumPy 2
        square.add_box([0, 0], [1, 1], cut_id=2**64 - 1)
        ot = OptimalTransport(
            positions=points, weights=np.zeros(n), domain=square, masses=np.full(n, 1 / n), obj_max_dm=1e-10 / n, obj_max_dw=0, linear_solver="Scipy"
        )
        ot.adjust_weights()
        value = ot.pd.second_order_moments().sum()
        defect = np.abs(ot.pd.integrals() - 1 / n).sum()
    return {"seconds": timer.seconds, "value": float(value), "defect": float(defect), "iterations": len(ot.delta_m)}


if __name__ == "__main__":
    serve({"run": solve}, numpy=np, scipy=scipy, pysdot=pysdot)
