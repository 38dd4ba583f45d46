"""One exact JKO step of the entropy on piecewise linear quantile functions: Newton's method, tridiagonal systems by LAPACK's ptsv,
called without SciPy's checks; rows are allocated once."""

import numpy as np
import scipy
from scipy.linalg.lapack import dptsv, dpttrf, dpttrs
from scipy.special import ndtri
from serve import Timer, serve


def start(n):
    """Levels that crowd towards 0 and 1, and the quantiles of N(0, 1) there; end cells keep the mean of the law over them."""
    u = np.arange(n) / (n - 1)
    v = np.arange(n)[::-1] / (n - 1)
    level = u**3 / (u**3 + v**3)
    x = np.empty(n)
    x[1:-1] = ndtri(level[1:-1])
    x[n // 2 :] = -x[: (n + 1) // 2][::-1]
    mean = -np.exp(-(x[1] ** 2) / 2) / np.sqrt(2 * np.pi) / level[1]
    x[0] = 2 * mean - x[1]
    x[-1] = -x[0]
    return level, x


def newton(n, tau, tolerance):
    level, x0 = start(n)
    share = np.diff(level)
    diagonal, off = np.zeros(n), share / 6
    diagonal[:-1] += share / 3
    diagonal[1:] += share / 3
    pivot, factor, _ = dpttrf(diagonal, off)
    step_diagonal, step_off = diagonal / tau, off / tau
    constant = np.dot(share, np.log(share))
    dx, r, t, h_off = (np.empty(n - 1) for _ in range(4))
    v, g, h_diagonal = (np.empty(n) for _ in range(3))
    with Timer() as timer:
        x = x0.copy()
        np.subtract(x[1:], x[:-1], out=dx)
        before = constant - np.dot(share, np.log(dx))
        modulus = 1 / tau
        scale = abs(before) + 1 / (2 * tau)
        iterations, ahead = 0, np.inf
        while True:
            np.divide(share, dx, out=r)
            np.subtract(x, x0, out=v)
            v /= tau
            np.multiply(diagonal, v, out=g)
            np.multiply(off, v[1:], out=t)
            t += r
            g[:-1] += t
            np.multiply(off, v[:-1], out=t)
            t -= r
            g[1:] += t
            if ahead <= tolerance * scale:
                gap = np.dot(g, dpttrs(pivot, factor, g)[0]) / (2 * modulus)
                if gap <= tolerance * scale or iterations == 50:
                    break
            r /= dx
            np.subtract(step_off, r, out=h_off)
            np.copyto(h_diagonal, step_diagonal)
            h_diagonal[:-1] += r
            h_diagonal[1:] += r
            d = dptsv(h_diagonal, h_off, g, overwrite_d=1, overwrite_e=1)[2]
            decrement = np.dot(g, d)
            # x - d: how far cells close decides the step, without values of the energy (see ottoflow's proximal/line-newton.ts)
            np.subtract(d[1:], d[:-1], out=t)
            t /= dx
            closing = t.max()
            if closing > 0.6:
                d /= 1 + closing
            x -= d
            np.subtract(x[1:], x[:-1], out=dx)
            # quadratic convergence; the gap is taken where it can be small enough
            ahead = decrement * min(1, (closing / (1 - closing) ** 2) ** 2) / 2
            iterations += 1
        np.subtract(x, x0, out=v)
        a, b = v[:-1], v[1:]
        np.add(a, b, out=t)
        t *= a
        np.multiply(b, b, out=r)
        t += r
        cost = np.dot(share, t) / (6 * tau)
        after = constant - np.dot(share, np.log(dx))
    a, b = x[:-1], x[1:]
    mean = np.dot(share, a + b) / 2
    variance = np.dot(share, a * a + a * b + b * b) / 3 - mean**2
    return {
        "seconds": timer.seconds,
        "gap": float(gap),
        "deviation": float(np.sqrt(variance)),
        "iterations": iterations,
        "drop": float(before - after),
        "cost": float(cost),
    }


if __name__ == "__main__":
    serve({"newton": newton}, numpy=np, scipy=scipy)
