"""Ottoflow from Python: gradient flows of probability measures, computed and certified by the command ``ottoflow``.

Needs NumPy and the command; nothing else. One file: copy it where you want it.

    import numpy as np, ottoflow
    spec = {
        "energy": [{"kind": "entropy"}, {"kind": "potential", "formula": "(x^2 - 1)^2"}],
        "space": {"kind": "free", "dimension": 1},
        "scheme": {"kind": "langevin", "step": 0.01},
        "until": 2,
    }
    result = ottoflow.run(spec, initial=np.random.default_rng(1).normal(size=500))
    print(result.status, result.holds)
    result.positions[-1]                       # the particles at the end, [500, 1]
    for check in result.certificate["checks"]: print(check["title"], check["verdict"])
"""

from __future__ import annotations

import dataclasses
import json
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np

__all__ = ["Coupling", "OttoflowError", "Result", "find_command", "load", "run", "transport"]

Spec = Union[str, "os.PathLike[str]", Mapping[str, Any]]


class OttoflowError(Exception):
    """What the command refused, in its own words. ``tag`` names the kind of mistake, ``path`` the key of the spec where there is one."""

    def __init__(self, message: str, tag: str = "RunError", path: Optional[str] = None):
        super().__init__(message)
        self.tag = tag
        self.path = path


@dataclasses.dataclass(frozen=True)
class Result:
    """A finished run. Arrays that its storage does not have are None.

    t            [frames] times of the frames
    density      [frames, cells...] on a box; x, y, z are the centres of the cells along each axis
    positions    [frames, n, d] of particles with weights [n] or [frames, n]; [frames, n] of quantile nodes with levels [n]
    mean, covariance  [frames, d], [frames, d, d] of Gaussians
    trace        scalars against time by name: trace["t"], trace["energy"], trace["mass"] ...
    certificate  {"holds": bool, "checks": [{"kind", "title", "verdict", "value", "bound", "source", ...}]}
    folder       the run folder, where one was kept
    """

    status: str
    reason: str
    time: float
    energy: Optional[float]
    mass: Optional[float]
    certificate: Mapping[str, Any]
    t: np.ndarray
    trace: Mapping[str, np.ndarray]
    density: Optional[np.ndarray] = None
    x: Optional[np.ndarray] = None
    y: Optional[np.ndarray] = None
    z: Optional[np.ndarray] = None
    positions: Optional[np.ndarray] = None
    weights: Optional[np.ndarray] = None
    levels: Optional[np.ndarray] = None
    mean: Optional[np.ndarray] = None
    covariance: Optional[np.ndarray] = None
    folder: Optional[Path] = None

    @property
    def holds(self) -> bool:
        """No hard check failed and the run ended well."""
        return bool(self.certificate["holds"])

    def __repr__(self) -> str:
        arrays = [f"{f.name} {value.shape}" for f in dataclasses.fields(self) if isinstance(value := getattr(self, f.name), np.ndarray)]
        return f"<ottoflow.Result {self.status}, {'certified' if self.holds else 'not certified'}, time {self.time:g}: {', '.join(arrays)}>"


@dataclasses.dataclass(frozen=True)
class Coupling:
    """A certified coupling of two point clouds.

    value        <C, P> of the plan; distance is its root where the cost is a power of a distance
    gap          minimised value minus a lower bound over all plans
    plan         (from, to, mass): points from[k] and to[k] share mass[k]
    f, g         dual potentials
    answer       everything else that the command says
    """

    status: str
    value: float
    distance: Optional[float]
    regularised: float
    dual: float
    gap: float
    defect: Sequence[float]
    f: np.ndarray
    g: np.ndarray
    plan: "tuple[np.ndarray, np.ndarray, np.ndarray]"
    answer: Mapping[str, Any]

    @property
    def holds(self) -> bool:
        """Solved, and no hard check failed."""
        return bool(self.answer["certificate"]["holds"])

    def dense(self) -> np.ndarray:
        """The plan as a matrix [n, m]."""
        out = np.zeros((len(self.f), len(self.g)))
        np.add.at(out, (self.plan[0], self.plan[1]), self.plan[2])
        return out


def transport(
    a: np.ndarray,
    b: np.ndarray,
    *,
    weights_a: Optional[np.ndarray] = None,
    weights_b: Optional[np.ndarray] = None,
    p: float = 2,
    epsilon: Optional[float] = None,
    unbalanced: Optional[float] = None,
    partial: Optional[float] = None,
    solver: Optional[str] = None,
    tolerance: Optional[float] = None,
    timeout: Optional[float] = None,
    command: Optional[Sequence[str]] = None,
) -> Coupling:
    """Couples points a [n, d] and b [m, d] (or [n], [m]) with the cost |x - y|^p, exactly unless epsilon is given.

    Conventions: the cost is not halved; the entropy is epsilon KL(P | a x b); sides are divided by their masses unless marginals bend.
    """
    with tempfile.TemporaryDirectory(prefix="ottoflow-") as scratch:
        names = []
        for name, points, weights in (("a", a, weights_a), ("b", b, weights_b)):
            x = np.asarray(points, dtype=float)
            x = x[:, None] if x.ndim == 1 else x
            if x.ndim != 2:
                raise OttoflowError(f"{name} has shape {x.shape} when expected [n] or [n, d].", "SpecError", name)
            arrays = {"positions": x}
            if weights is not None:
                w = np.asarray(weights, dtype=float)
                if w.shape != (len(x),):
                    raise OttoflowError(f"weights_{name} has shape {w.shape} when expected ({len(x)},).", "SpecError", f"weights_{name}")
                arrays["weights"] = w
            np.savez(Path(scratch) / f"{name}.npz", **arrays)
            names.append(str(Path(scratch) / f"{name}.npz"))
        out = Path(scratch) / "coupling"
        arguments = ["--out", str(out), "--json", "--quiet", "--steps", "0", "--p", "inf" if p == float("inf") else repr(float(p))]
        for flag, value in (("epsilon", epsilon), ("unbalanced", unbalanced), ("partial", partial), ("solver", solver), ("tolerance", tolerance)):
            arguments += [] if value is None else [f"--{flag}", str(value)]
        answer = _call([*(command or find_command()), "transport", *names, *arguments], None, timeout)
        with np.load(out / "plan.npz") as archive:
            plan = (archive["from"].astype(int), archive["to"].astype(int), archive["mass"])
        with np.load(out / "potentials.npz") as archive:
            f, g = archive["f"], archive["g"]
        return Coupling(
            status=answer["status"],
            value=_number(answer["value"]),
            distance=_number(answer["distance"]),
            regularised=_number(answer["regularised"]),
            dual=_number(answer["dual"]),
            gap=_number(answer["gap"]),
            defect=answer["defect"],
            f=f,
            g=g,
            plan=plan,
            answer=answer,
        )


def find_command() -> Sequence[str]:
    """The command: $OTTOFLOW, else ``ottoflow`` on the PATH, else the one of the clone that this file stands in."""
    if os.environ.get("OTTOFLOW"):
        return shlex.split(os.environ["OTTOFLOW"])
    found = shutil.which("ottoflow")
    if found:
        return [found]
    clone = Path(__file__).resolve().parent.parent / "packages" / "cli" / "bin" / "ottoflow.js"
    node = shutil.which("node")
    if clone.exists() and node:
        return [node, str(clone)]
    raise OttoflowError("The command ottoflow was not found. Install it (npm install --global ottoflow-cli) or name it in the variable OTTOFLOW.")


def run(
    spec: Spec,
    initial: Optional[np.ndarray] = None,
    *,
    weights: Optional[np.ndarray] = None,
    set: Optional[Mapping[str, Any]] = None,
    out: Optional["os.PathLike[str] | str"] = None,
    force: bool = False,
    quick: bool = False,
    variant: Optional[str] = None,
    timeout: Optional[float] = None,
    command: Optional[Sequence[str]] = None,
    **settings: Any,
) -> Result:
    """Computes the flow of a spec (a path, or a dict) and returns it.

    initial   replaces the initial measure of the spec: points [n] or [n, d] with optional weights [n];
              or, where the space has cells and the shape is theirs, a density on those cells
    set       keys of the spec to change, such as {"scheme.step": 0.01}, and parameters of the spec by their names, {"noise": 2};
              also as keywords, two underscores for a dot: scheme__step=0.01, noise=2
    out       keeps the run folder (report, data, certificate) there; otherwise nothing stays on disk
    timeout   seconds after which the command is ended and subprocess.TimeoutExpired is raised

    A run that fails numerically or is not certified is a Result that says so; a mistake in the input raises OttoflowError.
    """
    changes = dict(set or {})
    changes.update({key.replace("__", "."): value for key, value in settings.items()})
    with tempfile.TemporaryDirectory(prefix="ottoflow-") as scratch:
        folder = Path(out) if out is not None else Path(scratch) / "run"
        arguments = ["--out", str(folder), "--export", "npz", "--json", "--quiet", "--allow-files", scratch]
        arguments += ["--force"] if force else []
        arguments += ["--quick"] if quick else []
        arguments += ["--variant", variant] if variant is not None else []
        if isinstance(spec, Mapping):
            name, standard_input = "-", _json(spec)
        else:
            name, standard_input = os.fspath(spec), None
        if initial is not None:
            space = _space(spec, changes)
            changes["initial"] = _initial(np.asarray(initial), None if weights is None else np.asarray(weights), space, Path(scratch))
        elif weights is not None:
            raise OttoflowError("weights were given without initial points.", "SpecError", "weights")
        (Path(scratch) / "set.json").write_text(_json(changes), encoding="utf-8")
        arguments += ["--set-from", str(Path(scratch) / "set.json")]
        answer = _call([*(command or find_command()), "run", name, *arguments], standard_input, timeout)
        result = load(folder, answer)
        return dataclasses.replace(result, folder=folder.resolve() if out is not None else None)


def load(folder: "os.PathLike[str] | str", answer: Optional[Mapping[str, Any]] = None) -> Result:
    """A run folder that has a run.npz (``ottoflow export RUN --to npz`` writes it)."""
    folder = Path(folder)
    if answer is None:
        try:
            answer = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
        except OSError as error:
            raise OttoflowError(f"{folder} is not a run folder: {error.strerror}.") from error
    try:
        with np.load(folder / "run.npz") as archive:
            arrays = {name: archive[name] for name in archive.files}
    except OSError as error:
        raise OttoflowError(f"{folder} holds no run.npz. Write it with: ottoflow export {shlex.quote(str(folder))} --to npz") from error
    own = {f.name for f in dataclasses.fields(Result)}
    return Result(
        status=answer["status"],
        reason=answer["reason"],
        time=float(answer["time"]),
        energy=_number(answer["energy"]),
        mass=_number(answer["mass"]),
        certificate=answer["certificate"],
        trace={name[len("trace_") :]: values for name, values in arrays.items() if name.startswith("trace_")},
        folder=folder.resolve(),
        **{name: values for name, values in arrays.items() if name in own - {"mass", "energy", "time", "trace"}},
    )


def _call(command: Sequence[str], standard_input: Optional[str], timeout: Optional[float]) -> Mapping[str, Any]:
    try:
        done = subprocess.run(command, input=standard_input, capture_output=True, text=True, encoding="utf-8", timeout=timeout)
    except OSError as error:
        raise OttoflowError(f"{command[0]} cannot be started: {error.strerror}.") from error
    if done.returncode == 130:
        raise KeyboardInterrupt
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise OttoflowError(done.stderr.strip() or f"The command ended with code {done.returncode} and said nothing.") from None
    if "error" in answer:
        raise OttoflowError(answer["error"]["message"], answer["error"]["tag"], answer["error"].get("path"))
    return answer


def _space(spec: Spec, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The space as the spec and the changes say it; empty where that cannot be read (the command will say what is wrong)."""
    if isinstance(spec, Mapping):
        given = spec
    else:
        try:
            given = json.loads(Path(spec).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
    space = changes.get("space", given.get("space") if isinstance(given, Mapping) else None)
    space = dict(space) if isinstance(space, Mapping) else {}
    space.update({key[len("space.") :]: value for key, value in changes.items() if key.startswith("space.")})
    return space


def _initial(values: np.ndarray, weights: Optional[np.ndarray], space: Mapping[str, Any], scratch: Path) -> Mapping[str, Any]:
    if values.dtype.kind not in "fiu" or values.size == 0:
        raise OttoflowError(f"initial: got an array of type {values.dtype} and shape {values.shape} when numbers were expected.", "SpecError", "initial")
    for key in ("cells", "lower", "upper"):
        if any(isinstance(item, str) for item in np.ravel(np.asarray(space.get(key), dtype=object))):
            raise OttoflowError(f"space.{key}: a text is worked out by the command, too late for an array of initial values. Give numbers, as in space__{key}=[…].", "SpecError", f"space.{key}")
    cells = None if space.get("cells") is None else [int(n) for n in np.atleast_1d(np.asarray(space["cells"]))]
    if cells is not None and list(values.shape) == cells and weights is None:
        values, weights = _atoms(values.astype(float), cells, space)
    elif values.ndim > 2:
        raise OttoflowError(f"initial: got shape {values.shape} when expected points [n] or [n, d], or a density with the shape of the cells{'' if cells is None else f' {tuple(cells)}'}.", "SpecError", "initial")
    arrays = {"positions": values.reshape(len(values), -1).astype(float)}
    law = {"kind": "samples", "file": str(scratch / "initial.npz")}
    if weights is not None:
        weights = np.asarray(weights, dtype=float)
        if weights.shape != (len(values),):
            raise OttoflowError(f"weights: got shape {weights.shape} when expected one weight for each of {len(values)} points.", "SpecError", "weights")
        arrays["weights"] = weights
        law.update(weights="weights", mass=float(weights.sum()))
    np.savez(scratch / "initial.npz", **arrays)
    return law


def _atoms(density: np.ndarray, cells: Sequence[int], space: Mapping[str, Any]) -> "tuple[np.ndarray, np.ndarray]":
    """A density on cells as one atom at the centre of each: stored on those cells again, it is the same density."""
    d = len(cells)
    lower, upper = (np.broadcast_to(np.asarray(space.get(key), dtype=float), (d,)) for key in ("lower", "upper"))
    width = (upper - lower) / cells
    axes = [lower[k] + (np.arange(cells[k]) + 0.5) * width[k] for k in range(d)]
    centres = np.stack([grid.ravel() for grid in np.meshgrid(*axes, indexing="ij")], axis=1)
    return centres, density.ravel() * width.prod()


def _json(value: Any) -> str:
    def plain(item: Any) -> Any:
        if isinstance(item, (np.ndarray, np.generic)):
            return item.tolist()
        if isinstance(item, os.PathLike):
            return os.fspath(item)
        raise TypeError

    try:
        return json.dumps(value, default=plain, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise OttoflowError(f"The spec cannot be written as JSON: {error}. Use finite numbers, texts, lists and dicts.", "SpecError", "") from error


def _number(value: Any) -> Optional[float]:
    """JSON has no infinities; the command writes them as text."""
    return None if value is None else float(value)
