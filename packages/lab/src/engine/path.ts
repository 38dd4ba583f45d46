/** Paths between two measures as runs: their frames are watched like those of a flow. */

import { pathHolds, solvePath } from "ottoflow/run-path";
import { isObject } from "ottoflow/spec/check";
import { type ResolvedPath, resolvePath } from "ottoflow/spec/path";
import type { Ending, Nearing, Opening, PlainFrame, TraceRow } from "./messages.ts";
import { plain, plainGrid } from "./plain.ts";

/** Frames of a path that the page asks for, where the spec wants fewer. */
const FRAMES = 61;

export async function openPath(
  spec: unknown,
  options: { readonly read: (path: string) => Promise<Uint8Array>; readonly variant?: string },
): Promise<{ resolved: ResolvedPath; opening: Opening }> {
  const wanted = isObject(spec) && typeof spec.frames === "number" ? spec.frames : 0;
  const resolved = await resolvePath(spec, {
    ...options,
    ...(!(isObject(spec) && Array.isArray(spec.frames)) && { set: { frames: Math.max(wanted, FRAMES) } }),
  });
  const { problem, solver } = resolved;
  return {
    resolved,
    opening: {
      job: "path",
      title: resolved.title,
      dim: problem.space.dim,
      grid: plainGrid(problem.space),
      start: 0,
      until: 1,
      resolved: resolved.spec,
      law: {
        equation: solver.tex,
        energy: `\\mu_0 = ${problem.from.tex}, \\quad \\mu_1 = ${problem.to.tex}`,
        parts: [],
        geometry: "",
        drift: [],
        initial: problem.from.tex,
        scheme: null,
        solver: solver.label,
      },
      known: { exact: null, modulus: null },
    },
  };
}

export interface Travelled {
  readonly ending: Ending;
  readonly frames: readonly PlainFrame[];
  readonly trace: readonly TraceRow[];
}
export async function travel(resolved: ResolvedPath, signal: { readonly aborted: boolean }, heard: (nearing: Nearing) => void): Promise<Travelled> {
  const began = performance.now();
  const result = await solvePath(resolved, { signal: signal as AbortSignal, onProgress: ({ iteration, lower, upper }) => heard({ iteration, lower, upper }) });
  const { frames, status, checks, kinetic } = result;
  const bounds = result.continuous ?? { lower: result.dual, upper: result.action, because: "of the discrete problem" };
  const span = [bounds.lower, bounds.upper].map((v) => (v === null ? "?" : v.toPrecision(6))).join(" … ");
  return {
    frames: frames.map(({ t, measure, velocity }, index) => ({
      t,
      index,
      measure: plain(measure),
      ...(velocity && { velocity: Float64Array.from(velocity) }),
    })),
    trace: Array.from(kinetic.times, (t, k) => ({
      t,
      step: k,
      energy: kinetic.value[k]!,
      parts: [],
      dissipation: null,
      mass: result.mass.value[0] ?? Number.NaN,
      minimum: 0,
    })),
    ending: {
      status: status === "optimal" ? "reached-end" : status === "aborted" || status === "not-finite" ? status : "max-steps",
      reason: `Action ${result.action.toPrecision(7)}${result.continuous ? " on the grid; without a grid it is" : ","} between ${span} (${bounds.because}). ${[result.convention, ...result.notes].join(" ")}`,
      holds: pathHolds(result),
      time: 1,
      steps: result.iterations,
      rejected: 0,
      seconds: (performance.now() - began) / 1000,
      threads: 1,
      checks,
    },
  };
}
