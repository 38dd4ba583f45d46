"""One exact JKO step of the entropy on piecewise linear quantile functions: Newton's method, tridiagonal systems by LAPACK's ptsv."""

import numpy as np
import scipy
from scipy.linalg import solveh_banded
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


def chain(n):
    """Upper form of a symmetric tridiagonal matrix: off-diagonal in row 0, diagonal in row 1."""
    return np.zeros((2, n))


def newton(n, tau, tolerance):
    level, x0 = start(n)
    share = np.diff(level)
    with Timer() as timer:
        metric = chain(n)
        metric[0, 1:] = share / 6
        metric[1, :-1] += share / 3
        metric[1, 1:] += share / 3

        def energy(x, dx):
            v = x - x0
            a, b = v[:-1], v[1:]
            # share * (a^2 + a b + b^2) / 3 over 2 tau, and the entropy share * log(share / dx)
            return np.dot(share, a * (a + b) + b * b) / (6 * tau) + np.dot(share, np.log(share / dx))

        x = x0.copy()
        dx = np.diff(x)
        value = energy(x, dx)
        modulus = 1 / tau
        scale = abs(np.dot(share, np.log(share / dx))) + 1 / (2 * tau)
        iterations = 0
        while True:
            r = share / dx
            v = (x - x0) / tau
            g = metric[1] * v
            g[:-1] += metric[0, 1:] * v[1:] + r
            g[1:] += metric[0, 1:] * v[:-1] - r
            gap = np.dot(g, solveh_banded(metric, g, check_finite=False)) / (2 * modulus)
            if gap <= tolerance * scale or iterations == 50:
                break
            h = metric / tau
            k = r / dx
            h[0, 1:] -= k
            h[1, :-1] += k
            h[1, 1:] += k
            d = solveh_banded(h, -g, overwrite_ab=True, overwrite_b=True, check_finite=False)
            closing = np.max((d[:-1] - d[1:]) / dx)
            alpha = min(1.0, 0.9 / closing) if closing > 0 else 1.0
            slope = np.dot(g, d)
            while True:
                trial = x + alpha * d
                dt = np.diff(trial)
                now = energy(trial, dt)
                if now <= value + 1e-4 * alpha * slope + 1e-12 * scale:
                    break
                alpha /= 2
            x, dx, value = trial, dt, now
            iterations += 1
    a, b = x[:-1], x[1:]
    mean = np.dot(share, a + b) / 2
    variance = np.dot(share, a * a + a * b + b * b) / 3 - mean**2
    return {"seconds": timer.seconds, "gap": float(gap), "deviation": float(np.sqrt(variance)), "iterations": iterations}


if __name__ == "__main__":
    serve({"newton": newton}, numpy=np, scipy=scipy)
