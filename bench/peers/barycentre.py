"""Entropic barycentre of three images: POT's convolutional barycentre and OTT-JAX on a grid, float64, one thread.

POT puts pixels at linspace(0, 1, n), so its reg is epsilon / (n - 1)^2 in units of pixels; scaling vectors underflow at a few pixels squared, hence
both its methods. OTT is given the pixels as they are.
"""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import warnings

import jax
import numpy as np
import ot

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import ott
from ott.geometry import grid
from ott.problems.linear import barycenter_problem
from ott.solvers.linear import discrete_barycenter
from serve import Timer, serve

warnings.filterwarnings("ignore")


def images(n):
    """Disk, ring, two squares on pixels in the unit square."""
    t = (np.arange(n) + 0.5) / n
    x, y = np.meshgrid(t, t, indexing="ij")
    r = np.hypot(x - 0.5, y - 0.5)
    square = lambda cx: np.maximum(np.abs(x - cx), np.abs(y - 0.5)) < 0.12
    found = [r < 0.3, (r < 0.4) & (r > 0.25), square(0.25) | square(0.75)]
    return np.stack([a / a.sum() for a in found]).astype(float)


def pot(n, pixels, method, iterations, threshold):
    a = images(n)
    with Timer() as timer:
        b, log = ot.bregman.convolutional_barycenter2d(
            a, pixels / (n - 1) ** 2, method=method, numItermax=iterations, stopThr=threshold, log=True
        )
    return {"seconds": timer.seconds, "image": np.nan_to_num(b).ravel().tolist(), "iterations": len(log["err"])}


compiled = {}


def ott_jax(n, pixels, threshold):
    a = jnp.asarray(images(n).reshape(3, -1))
    axis = jnp.arange(n, dtype=float)

    def solve(a):
        geometry = grid.Grid(x=[axis, axis], epsilon=float(pixels))
        problem = barycenter_problem.FixedBarycenterProblem(geometry, a, jnp.full(3, 1 / 3))
        return discrete_barycenter.FixedBarycenter(threshold=threshold, lse_mode=True, max_iterations=500)(problem)

    key = (n, pixels, threshold)
    if key not in compiled:
        compiled[key] = jax.jit(solve).lower(a).compile()
    with Timer() as timer:
        out = compiled[key](a)
        jax.block_until_ready(out.histogram)
    return {"seconds": timer.seconds, "image": np.nan_to_num(np.asarray(out.histogram)).tolist(), "iterations": int((np.asarray(out.errors) > -1).sum()) * 10}


if __name__ == "__main__":
    serve({"pot": pot, "ott": ott_jax}, numpy=np, POT=ot, jax=jax, ott=ott)
