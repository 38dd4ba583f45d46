"""The back-and-forth method by its authors' compiled conjugates and images (module w2 of Math-Jacobs/bfm), with SciPy's cosine transforms."""

import numpy as np
import scipy
from scipy.fft import dctn, idctn
from serve import Timer, serve
from w2 import BFM


def caffarelli(n):
    """A disk, and its halves pulled apart with a thin bridge left between them."""
    c = (np.arange(n) + 0.5) / n
    x, y = np.meshgrid(c, c)
    r2 = 0.125**2
    disk = lambda a: (x - a) ** 2 + (y - 0.5) ** 2 < r2
    mu = disk(0.5).astype(float)
    left, right = disk(0.25) & (x < 0.25), disk(0.75) & (x > 0.75)
    bridge = (x > 0.249) & (x < 0.751) & (y > 0.49) & (y < 0.51)
    nu = (left | right | bridge).astype(float)
    return x, y, mu * n * n / mu.sum(), nu * n * n / nu.sum()


def solve(n, turns):
    """Their published settings: step 4 / largest density, changed by 0.95 under Armijo's bounds 1/4 and 3/4."""
    x, y, mu, nu = caffarelli(n)
    with Timer() as timer:
        wave = 2 * n * n * (1 - np.cos(np.pi * np.arange(n) / n))
        symbol = wave[:, None] + wave[None, :]
        symbol[0, 0] = 1
        half = 0.5 * (x * x + y * y)
        potentials = {"phi": half.copy(), "psi": half.copy()}
        back = BFM(n, n, mu)
        state = {"sigma": 4 / max(mu.max(), nu.max()), "rho": mu.copy()}
        dual = lambda: float(np.sum(half * (mu + nu) - nu * potentials["phi"] - mu * potentials["psi"]) / (n * n))
        value, norm = dual(), 0.0

        def step(name, other, target, source):
            nonlocal value, norm
            off = state["rho"] - target
            hat = dctn(off, norm="ortho") / symbol
            hat[0, 0] = 0
            move = idctn(hat, norm="ortho")
            norm = float(np.sum(move * off) / (n * n))
            sigma = state["sigma"]
            potentials[name] += sigma * move
            back.ctransform(potentials[other], potentials[name])
            back.ctransform(potentials[name], potentials[other])
            new = dual()
            if new - value > 0.75 * norm * sigma:
                state["sigma"] /= 0.95
            elif new - value < 0.25 * norm * sigma:
                state["sigma"] *= 0.95
            value = new
            back.pushforward(state["rho"], potentials[name], target)

        for _ in range(turns):
            step("phi", "psi", nu, mu)
            step("psi", "phi", mu, nu)
    return {"seconds": timer.seconds, "value": value, "norm": norm}


if __name__ == "__main__":
    serve({"run": solve}, numpy=np, scipy=scipy)
