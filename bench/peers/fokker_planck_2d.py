"""d_t rho = lap rho + div(rho grad V), V = (x^2 - 1)^2 + y^2 / 2 on [-3, 3] x [-5, 5], N(-1, 0.2^2) x N(1, 0.5^2) at t = 0, to t = 1/2."""

import fipy
import numpy as np
import pde
import scipy
import scipy.sparse as sp
import scipy.sparse.linalg as sla
from scipy.special import ndtr
from serve import Timer, serve

LOWER, UPPER, T = np.array([-3.0, -5.0]), np.array([3.0, 5.0]), 0.5
Z = 1.9737321500898 * np.sqrt(2 * np.pi)


def grid(n):
    h = (UPPER - LOWER) / n
    axes = [LOWER[k] + h[k] * (np.arange(n) + 0.5) for k in range(2)]
    faces = [LOWER[k] + h[k] * np.arange(n + 1) for k in range(2)]
    masses = [np.diff(ndtr((faces[0] + 1) / 0.2)), np.diff(ndtr((faces[1] - 1) / 0.5))]
    x, y = np.meshgrid(*axes, indexing="ij")
    return h, x, y, (x * x - 1) ** 2 + y * y / 2, np.outer(*masses) / (h[0] * h[1])


def answer(seconds, rho, h, x, V):
    rho = np.where(rho > 0, rho, 0)
    mass = rho * h[0] * h[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        kl = np.where(rho > 0, mass * (np.log(rho) + V + np.log(Z)), 0).sum()
    return {"seconds": seconds, "kl": float(kl), "mean": float((mass * x).sum()), "mass": float(mass.sum())}


def generator(n, h, V):
    """The Scharfetter-Gummel matrix: d rho/dt = Q rho."""

    def bernoulli(z):
        small = np.abs(z) < 1e-8
        return np.where(small, 1 - z / 2, z / np.where(small, 1, np.expm1(z)))

    index = np.arange(n * n).reshape(n, n)
    rows, columns, values = [], [], []
    for a, b, dV, width in (
        (index[:-1], index[1:], V[1:] - V[:-1], h[0]),
        (index[:, :-1], index[:, 1:], V[:, 1:] - V[:, :-1], h[1]),
    ):
        a, b = a.ravel(), b.ravel()
        forth, back = bernoulli(dV).ravel() / width**2, bernoulli(-dV).ravel() / width**2
        rows += [b, a, a, b]
        columns += [a, a, b, b]
        values += [forth, -forth, back, -back]
    return sp.csc_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(n * n, n * n))


def scipy_lu(n, steps):
    """SDIRK2 with one sparse factorisation for all stages."""
    h, x, y, V, rho = grid(n)
    with Timer() as timer:
        Q = generator(n, h, V)
        gamma, dt = 1 - np.sqrt(0.5), T / steps
        matrix = sp.identity(n * n, format="csc") - gamma * dt * Q
        factor = sla.splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        r = rho.ravel()
        for _ in range(steps):
            one = factor.solve(r)
            r = factor.solve(r + (1 - gamma) / gamma * (one - r))
        r = r.reshape(n, n)
    return answer(timer.seconds, r, h, x, V)


def scipy_expm(n):
    """The action of the matrix exponential."""
    h, x, y, V, rho = grid(n)
    with Timer() as timer:
        r = sla.expm_multiply(T * generator(n, h, V).tocsr(), rho.ravel()).reshape(n, n)
    return answer(timer.seconds, r, h, x, V)


def fipy_run(n, steps):
    """Implicit exponential (Scharfetter-Gummel) convection, backward Euler, sparse LU: faster here than its preconditioned Krylov solvers."""
    h, x, y, V, rho = grid(n)
    with Timer() as timer:
        mesh = fipy.Grid2D(nx=n, ny=n, dx=h[0], dy=h[1]) + (LOWER[:, None])
        phi = fipy.CellVariable(mesh=mesh, value=rho.T.ravel())
        fx, fy = mesh.faceCenters
        drift = fipy.FaceVariable(mesh=mesh, rank=1, value=np.array([4 * fx * (fx * fx - 1), fy]))
        equation = fipy.TransientTerm() == fipy.DiffusionTerm(coeff=1.0) + fipy.ExponentialConvectionTerm(coeff=drift)
        solver = fipy.LinearLUSolver()
        for _ in range(steps):
            equation.solve(var=phi, dt=T / steps, solver=solver)
        r = np.array(phi.value).reshape(n, n).T
    return answer(timer.seconds, r, h, x, V)


def pypde_run(n, dt):
    """Explicit Euler, compiled by numba; compilation is not counted."""
    h, x, y, V, rho = grid(n)
    box = pde.CartesianGrid([[-3, 3], [-5, 5]], [n, n])
    slope = pde.VectorField(box, np.array([4 * x * (x * x - 1), y]))
    bend = pde.ScalarField(box, 12 * x * x - 4 + 1)
    equation = pde.PDE({"c": "laplace(c) + dot(slope, gradient(c)) + bend * c"}, consts={"slope": slope, "bend": bend}, bc={"value": 0})
    with Timer() as timer:
        result, info = equation.solve(pde.ScalarField(box, rho), t_range=T, dt=dt, solver="euler", backend="numba", tracker=None, ret_info=True)
    seconds = info["controller"]["profiler"]["solver"]
    return {**answer(seconds, result.data, h, x, V), "whole": timer.seconds}


if __name__ == "__main__":
    serve({"scipy_lu": scipy_lu, "scipy_expm": scipy_expm, "fipy": fipy_run, "pypde": pypde_run}, numpy=np, scipy=scipy, fipy=fipy, **{"py-pde": pde})
