"""Entropic transport of uniform points to a two-sided marginal defect: POT, OTT-JAX and GeomLoss, float64 unless said, one thread.

Conventions differ and are converted: POT takes <C, P> - reg H(P), whose plan is ours at epsilon = reg; its stopThr is an L2 norm of one side, so it is
given 1/sqrt(n) of the L1 norm asked for. OTT's threshold is an L1 norm. GeomLoss takes C = |x - y|^2 / 2 and epsilon = blur^2, and makes one pass
per epsilon of its schedule, so it meets no tolerance: its value error is what there is to compare.
"""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import warnings

import geomloss
import jax
import numpy as np
import ot
import torch

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import ott
from ott.geometry import pointcloud
from ott.problems.linear import linear_problem
from ott.solvers.linear import acceleration, sinkhorn
from scipy.spatial.distance import cdist
from assignment import clouds, megabytes
from serve import Timer, serve

torch.set_num_threads(1)
warnings.filterwarnings("ignore")


def judged(timer, plan, cost, epsilon, iterations):
    """Both marginals and the value in our convention, from the plan, outside of the clock."""
    n, m = plan.shape
    defect = np.abs(plan.sum(1) - 1 / n).sum() + np.abs(plan.sum(0) - 1 / m).sum()
    linear = float((plan * cost).sum())
    used = plan[plan > 0]
    information = float((used * np.log(used * (n * m))).sum() - plan.sum() + 1)
    return {
        "seconds": timer.seconds,
        "defect": float(defect),
        "linear": linear,
        "value": linear + epsilon * information,
        "iterations": int(iterations),
        "megabytes": megabytes(),
    }


def pot(method, n, epsilon, defect):
    x, y = clouds(n, 2)
    a = np.full(n, 1 / n)
    solver = {"log": ot.bregman.sinkhorn_log, "stabilized": ot.bregman.sinkhorn_stabilized}[method]
    with Timer() as timer:
        cost = cdist(x, y, "sqeuclidean")
        plan, log = solver(a, a, cost, epsilon, numItermax=1_000_000, stopThr=defect / np.sqrt(n), log=True)
    return judged(timer, plan, cost, epsilon, log.get("niter", log.get("n_iter", 0)))


compiled = {}


def ott_jax(n, epsilon, defect, momentum):
    x, y = (jnp.asarray(z) for z in clouds(n, 2))

    def solve(x, y):
        geometry = pointcloud.PointCloud(x, y, epsilon=epsilon)
        solver = sinkhorn.Sinkhorn(
            threshold=defect,
            max_iterations=1_000_000,
            momentum=acceleration.Momentum(start=30 if momentum else 0, value=1.0),
        )
        return solver(linear_problem.LinearProblem(geometry))

    key = (n, epsilon, defect, momentum)
    if key not in compiled:
        compiled[key] = jax.jit(solve).lower(x, y).compile()
    with Timer() as timer:
        out = compiled[key](x, y)
        jax.block_until_ready(out.f)
    f, g = np.asarray(out.f), np.asarray(out.g)
    cost = cdist(np.asarray(x), np.asarray(y), "sqeuclidean")
    # its potentials carry the weights: P = exp((f + g - C) / epsilon)
    plan = np.exp((f[:, None] + g[None, :] - cost) / epsilon)
    return judged(timer, plan, cost, epsilon, int(np.sum(np.asarray(out.errors) > -1)) * 10)


def geom_loss(n, epsilon, scaling, single):
    kind = torch.float32 if single else torch.float64
    x, y = (torch.as_tensor(z, dtype=kind) for z in clouds(n, 2))
    a = torch.full((n,), 1 / n, dtype=kind)
    loss = geomloss.SamplesLoss("sinkhorn", p=2, blur=float(np.sqrt(epsilon / 2)), scaling=scaling, debias=False, potentials=True, backend="tensorized")
    with Timer() as timer:
        f, g = loss(a, x, a, y)
    f, g = (2 * z.double().numpy().ravel() for z in (f, g))
    cost = cdist(x.double().numpy(), y.double().numpy(), "sqeuclidean")
    plan = np.exp((f[:, None] + g[None, :] - cost) / epsilon) / (n * n)
    answer = judged(timer, plan, cost, epsilon, 0)
    # the dual value is what it returns as the loss
    return {**answer, "value": float(f.mean() + g.mean())}


if __name__ == "__main__":
    serve({"pot": pot, "ott": ott_jax, "geomloss": geom_loss}, numpy=np, POT=ot, jax=jax, ott=ott, torch=torch)
