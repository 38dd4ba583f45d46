"""Ottoflow from Python: run a spec by the command line, export the run as NPZ, and check it with NumPy alone.

Nothing here shares code with the engine: what NumPy finds in the file must obey the theory by itself.
"""

import hashlib
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[4]
OTTOFLOW = ["node", str(ROOT / "packages/cli/bin/ottoflow.js")]


def ottoflow(*arguments):
    return subprocess.run([*OTTOFLOW, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, check=False)


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_spec(self, spec, *options, name=None):
        """The outcome of a quick run as JSON, and its arrays."""
        out = Path(self.folder.name) / (name or Path(spec).stem)
        done = ottoflow("run", spec, "--quick", "--json", "--out", out, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        outcome = json.loads(done.stdout)
        self.assertEqual(outcome["status"], "reached-end")
        self.assertTrue(outcome["certificate"]["holds"])
        exported = ottoflow("export", out, "--to", "npz", "--json")
        self.assertEqual(exported.returncode, 0, exported.stderr)
        (file,) = json.loads(exported.stdout)["files"]
        return outcome, np.load(file)

    def test_density_on_a_grid_obeys_the_heat_equation(self):
        outcome, z = self.run_spec("specs/heat-gaussian.json")
        t, x, density = z["t"], z["x"], z["density"]
        self.assertEqual(density.shape, (len(t), len(x)))
        h = x[1] - x[0]
        mass = density.sum(axis=1) * h
        np.testing.assert_allclose(mass, 1, rtol=0, atol=1e-12)
        # the difference Laplacian of x^2 is 2, and a Runge-Kutta method integrates a constant exactly: variance grows by 2t to rounding
        variance = (density * x**2).sum(axis=1) * h
        np.testing.assert_allclose(variance - variance[0], 2 * t, rtol=0, atol=1e-12)
        self.assertGreaterEqual(density.min(), 0)
        # the entropy that NumPy finds is the one of the trace and of the outcome
        entropy = (density[-1] * np.log(np.where(density[-1] > 0, density[-1], 1))).sum() * h
        self.assertAlmostEqual(entropy, z["trace_energy"][-1], places=12)
        self.assertEqual(outcome["energy"], z["trace_energy"][-1])

    def test_gaussians_follow_the_closed_form(self):
        _, z = self.run_spec("specs/gaussian-flow.json")
        a, b = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([1.0, -1.0])
        m0, s0 = np.array([3.0, 0.0]), np.array([[1.0, 0.3], [0.3, 0.5]])
        values, vectors = np.linalg.eigh(a)
        inverse = np.linalg.inv(a)
        for t, mean, covariance in zip(z["t"], z["mean"], z["covariance"]):
            decay = vectors @ np.diag(np.exp(-values * t)) @ vectors.T
            # Runge-Kutta 4 with step 0.01: an error of 1e-8 and less
            np.testing.assert_allclose(mean, b + decay @ (m0 - b), rtol=0, atol=1e-7)
            np.testing.assert_allclose(covariance, inverse + decay @ (s0 - inverse) @ decay, rtol=0, atol=1e-7)

    def test_quantiles_obey_the_jko_inequality(self):
        _, z = self.run_spec("specs/jko-entropy-quantiles.json")
        x, share = z["positions"], np.diff(z["levels"])
        self.assertGreater(np.diff(x, axis=1).min(), 0)
        energy = (share * np.log(share / np.diff(x, axis=1))).sum(axis=1)
        np.testing.assert_allclose(energy, z["trace_energy"], rtol=1e-12)
        v = np.diff(x, axis=0)
        w2 = (share * (v[:, :-1] ** 2 + v[:, :-1] * v[:, 1:] + v[:, 1:] ** 2) / 3).sum(axis=1)
        tau = np.diff(z["t"])
        self.assertTrue(np.all(energy[1:] + w2 / (2 * tau) <= energy[:-1] + 1e-12))
        # a standard deviation s goes to s' with s' - s = tau / s' (200 levels: 2e-9 off)
        s = np.sqrt((share * (x[:, :-1] ** 2 + x[:, :-1] * x[:, 1:] + x[:, 1:] ** 2) / 3).sum(axis=1))
        np.testing.assert_allclose(s[1:], (s[:-1] + np.sqrt(s[:-1] ** 2 + 4 * tau)) / 2, rtol=1e-8)

    def test_particles_are_a_function_of_the_seed(self):
        def digest(name, *options):
            _, z = self.run_spec("specs/double-well-langevin.json", *options, name=name)
            self.assertEqual(z["positions"].shape, (len(z["t"]), len(z["weights"]), 1))
            self.assertAlmostEqual(z["weights"].sum(), 1, places=12)
            return hashlib.sha256(z["positions"].tobytes()).hexdigest()

        first = digest("first")
        self.assertEqual(first, digest("again"))
        self.assertNotEqual(first, digest("other", "--set", "seed=2"))

    def test_a_wrong_spec_says_how_to_mend_it(self):
        bad = Path(self.folder.name) / "bad.json"
        spec = json.loads((ROOT / "specs/heat-gaussian.json").read_text())
        spec["energy"] = [{"kind": "entropi"}]
        bad.write_text(json.dumps(spec))
        done = ottoflow("run", bad, "--json", "--out", Path(self.folder.name) / "bad")
        self.assertEqual(done.returncode, 2)
        self.assertIn('Did you mean "entropy"?', done.stderr + done.stdout)
        self.assertFalse((Path(self.folder.name) / "bad").exists())


if __name__ == "__main__":
    unittest.main()
