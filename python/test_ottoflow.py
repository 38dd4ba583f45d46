"""The Python module against the built command: python -m unittest discover -s python (NumPy; Zarr to read frames.zarr)."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import ottoflow  # noqa: E402

ORNSTEIN = {
    "version": 1,
    "title": "Ornstein–Uhlenbeck",
    "energy": [{"kind": "entropy"}, {"kind": "potential", "formula": "x^2/2"}],
    "space": {"kind": "free", "dimension": 1},
    "initial": {"kind": "gaussian", "mean": [2], "deviation": [0.5], "count": 60},
    "scheme": {"kind": "jko", "step": 0.05},
    "until": 1,
}
HEAT = {
    "energy": [{"kind": "entropy"}],
    "space": {"kind": "box", "lower": [-8], "upper": [8], "cells": [320], "stands-for": "whole-space"},
    "initial": {"kind": "gaussian", "mean": [0], "deviation": [0.5]},
    "scheme": {"kind": "finite-volume", "time": "sdirk2", "step": 0.01},
    "until": 0.5,
}
PARTICLES = {
    "energy": [{"kind": "potential", "formula": "(x^2 + y^2)/2"}],
    "space": {"kind": "free", "dimension": 2},
    "scheme": {"kind": "particles", "time": "rk4", "step": 0.01},
    "until": 1,
}


class Transport(unittest.TestCase):
    def test_shift(self):
        """A shift by (3, -4): W_2 = 5, and every point goes where its copy is."""
        x = np.random.default_rng(1).normal(size=(30, 2))
        coupling = ottoflow.transport(x, x + [3, -4])
        self.assertTrue(coupling.holds)
        self.assertAlmostEqual(coupling.distance, 5, places=12)
        self.assertLess(abs(coupling.gap), 1e-10)
        np.testing.assert_allclose(coupling.dense(), np.eye(30) / 30, atol=1e-14)

    def test_weights_and_duality(self):
        """sum a f + sum b g is the value of the exact problem."""
        rng = np.random.default_rng(2)
        a, b = rng.uniform(size=(20, 3)), rng.uniform(size=(15, 3))
        u, v = rng.uniform(0.5, 1, 20), rng.uniform(0.5, 1, 15)
        coupling = ottoflow.transport(a, b, weights_a=u / u.sum(), weights_b=v / v.sum(), p=1)
        self.assertAlmostEqual(u @ coupling.f / u.sum() + v @ coupling.g / v.sum(), coupling.value, places=12)
        np.testing.assert_allclose(coupling.dense().sum(axis=1), u / u.sum(), atol=1e-14)

    def test_mistakes(self):
        with self.assertRaisesRegex(ottoflow.OttoflowError, "shape"):
            ottoflow.transport(np.zeros((2, 2, 2)), np.zeros((2, 2)))
        with self.assertRaisesRegex(ottoflow.OttoflowError, "dimension"):
            ottoflow.transport(np.zeros((2, 2)), np.ones((2, 3)))


class Run(unittest.TestCase):
    def test_quantiles_of_ornstein_uhlenbeck(self):
        """Implicit steps of x' = -x shrink the mean by (1 + tau)^-n."""
        result = ottoflow.run(ORNSTEIN)
        self.assertEqual(result.status, "reached-end")
        self.assertTrue(result.holds)
        self.assertEqual(result.positions.shape, (len(result.t), 60))
        mean = np.trapezoid(result.positions, result.levels, axis=1) if hasattr(np, "trapezoid") else np.trapz(result.positions, result.levels, axis=1)
        self.assertAlmostEqual(mean[-1] / mean[0], 1.05**-20, places=7)
        self.assertAlmostEqual(result.trace["energy"][-1], result.energy, places=14)
        self.assertIsNone(result.density)
        self.assertIsNone(result.folder)

    def test_density_of_heat(self):
        """A2: variance 1/4 + 2t, up to second order in cells and step."""
        result = ottoflow.run(HEAT)
        width = result.x[1] - result.x[0]
        variance = (result.density * result.x**2).sum(axis=1) * width
        np.testing.assert_allclose(variance, 0.25 + 2 * result.t, atol=width**2)
        np.testing.assert_allclose(result.density.sum(axis=1) * width, 1, atol=1e-12)

    def test_initial_points_follow_the_linear_flow(self):
        """x' = -x by RK4: every point shrinks by the same factor, e^-1 up to 1e-9."""
        points = np.random.default_rng(3).normal(size=(50, 2))
        weights = np.linspace(1, 2, 50)
        result = ottoflow.run(PARTICLES, points, weights=weights / weights.sum())
        np.testing.assert_array_equal(result.positions[0], points)
        np.testing.assert_allclose(result.positions[-1], points * np.exp(-1), rtol=1e-9)
        np.testing.assert_allclose(result.weights, weights / weights.sum(), rtol=1e-15)

    def test_initial_density_on_cells(self):
        """A density [nx, ny] comes back as the first frame, mass other than 1 included."""
        spec = {**HEAT, "space": {"kind": "box", "lower": [0, -1], "upper": [1, 1], "cells": [12, 16]}, "until": 0.02}
        density = np.random.default_rng(5).uniform(0.5, 1.5, size=(12, 16))
        result = ottoflow.run(spec, density)
        np.testing.assert_allclose(result.density[0], density, rtol=1e-13)
        np.testing.assert_allclose(result.density.sum(axis=(1, 2)), density.sum(), rtol=1e-12)
        self.assertEqual((result.x.shape, result.y.shape), ((12,), (16,)))

    def test_many_points(self):
        """More than a command line can hold."""
        points = np.random.default_rng(4).normal(size=(20_000, 2))
        result = ottoflow.run(PARTICLES, points, until=0.02)
        np.testing.assert_array_equal(result.positions[0], points)

    def test_settings_by_keyword_and_by_name(self):
        a = ottoflow.run(ORNSTEIN, until=0.5, scheme__step=0.1)
        b = ottoflow.run(ORNSTEIN, set={"until": 0.5, "scheme.step": np.float64(0.1)})
        self.assertEqual(a.time, 0.5)
        np.testing.assert_array_equal(a.positions, b.positions)

    def test_parameters_by_their_names(self):
        """The numbers of a spec by hand and by name are the same to the last bit."""
        named = {**HEAT, "parameters": {"noise": 1, "n": 32}, "energy": [{"kind": "entropy", "temperature": "=noise"}]}
        hand = ottoflow.run({**HEAT, "energy": [{"kind": "entropy", "temperature": 0.5}]}, until=0.1)
        for flow in (ottoflow.run(named, noise=0.5, until=0.1), ottoflow.run(named, set={"noise": 0.5}, until=0.1)):
            np.testing.assert_array_equal(flow.density, hand.density)
        worked_out = {**named, "space": {**HEAT["space"], "cells": ["=10*n"]}}
        with self.assertRaisesRegex(ottoflow.OttoflowError, "space.cells: a text is worked out by the command"):
            ottoflow.run(worked_out, initial=np.ones(320) / 16)

    def test_spec_files_and_kept_folders(self):
        with tempfile.TemporaryDirectory() as folder:
            spec = Path(folder) / "ou.json"
            spec.write_text(json.dumps(ORNSTEIN), encoding="utf-8")
            result = ottoflow.run(spec, out=Path(folder) / "kept")
            self.assertEqual(result.folder, (Path(folder) / "kept").resolve())
            self.assertTrue((result.folder / "report.html").exists())
            again = ottoflow.load(result.folder)
            np.testing.assert_array_equal(again.positions, result.positions)
            self.assertEqual(again.certificate, result.certificate)
            with self.assertRaisesRegex(ottoflow.OttoflowError, "holds a result already"):
                ottoflow.run(spec, out=Path(folder) / "kept")
            self.zarr_agrees(result)

    def zarr_agrees(self, result):
        """An independent reader finds the same arrays. Machines that test every change must have it."""
        try:
            import zarr
        except ImportError:
            if os.environ.get("CI", "").lower() in ("1", "true"):
                self.fail("zarr is not installed, so nobody but us has read frames.zarr: see scripts/python.mjs")
            self.skipTest("zarr is not installed: everything but reading frames.zarr held")
        group = zarr.open_group(str(result.folder / "frames.zarr"), mode="r")
        np.testing.assert_array_equal(group["positions"][:], result.positions)
        np.testing.assert_array_equal(group["trace_energy"][:], result.trace["energy"])
        self.assertEqual(group["positions"].metadata.dimension_names, ("t", "level"))

    def test_numerical_failure_is_a_result(self):
        result = ottoflow.run(ORNSTEIN, set={"stop": {"maxSteps": 3}})
        self.assertEqual(result.status, "max-steps")
        self.assertFalse(result.holds)


class Mistakes(unittest.TestCase):
    def refused(self, message, *args, **kwargs):
        with self.assertRaisesRegex(ottoflow.OttoflowError, message) as caught:
            ottoflow.run(*args, **kwargs)
        return caught.exception

    def test_the_commands_words_come_through(self):
        error = self.refused('Did you mean "step"', ORNSTEIN, scheme__stpe=1)
        self.assertEqual((error.tag, error.path), ("SpecError", "scheme.stpe"))

    def test_atoms_have_no_entropy(self):
        self.refused("an atom has no density", {k: v for k, v in ORNSTEIN.items() if k != "initial"}, np.array([0.0, 1.0, 2.0]))

    def test_before_the_command_is_called(self):
        self.refused("cannot be written as JSON", ORNSTEIN, until=float("nan"))
        self.refused("when numbers were expected", ORNSTEIN, np.array(["a"]))
        self.refused("when expected points", ORNSTEIN, np.zeros((2, 2, 2)))
        self.refused("one weight for each", PARTICLES, np.zeros((3, 2)), weights=np.ones(2))
        self.refused("without initial points", ORNSTEIN, weights=np.ones(3))
        self.refused("no such file", "/nowhere/at/all.json")

    def test_no_command(self):
        self.refused("cannot be started", ORNSTEIN, command=["/nowhere/ottoflow"])

    def test_values_that_are_not_finite_are_refused_not_computed(self):
        self.refused("", PARTICLES, np.array([[0.0, np.nan]]))

    def test_timeout(self):
        with self.assertRaises(subprocess.TimeoutExpired):
            ottoflow.run(ORNSTEIN, timeout=0.01)

    def test_nothing_stays_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            before = os.environ.get("TMPDIR")
            os.environ["TMPDIR"] = tempfile.tempdir = folder
            try:
                ottoflow.run(ORNSTEIN, until=0.1)
                self.refused("", ORNSTEIN, until=-1)
            finally:
                tempfile.tempdir = None
                os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before)
            self.assertEqual(os.listdir(folder), [])


if __name__ == "__main__":
    unittest.main()
