/** When a run is looked at, and when it stops: `observe` and `stop` of a spec. */
import { specError } from "../errors.ts";
import { asObject, show, unknownKey } from "./check.ts";
import { number } from "./words.ts";

/** `{ "every": time }`, `{ "steps": n }`. */
export type Schedule = { readonly time: number } | { readonly steps: number };
export interface Observe {
  readonly frames: Schedule | null;
  readonly trace: Schedule | null;
}
export interface Stop {
  /** stop as `stationary` once -dF/dt is below this */
  readonly dissipation?: number;
  readonly maxSteps: number;
}

/** Looks a run may schedule by time: each lands a step, and each frame is kept in memory. */
const MOST_LOOKS = { frames: 10_000, trace: 10_000_000 } as const;

export function readObserve(value: unknown, span: number): Observe {
  if (value === undefined) return { frames: null, trace: null };
  const given = asObject(value, "observe", 'an object like { "frames": { "every": 0.1 } }');
  for (const key of Object.keys(given)) if (key !== "frames" && key !== "trace") throw unknownKey("observe", key, ["frames", "trace"]);
  const read = (name: "frames" | "trace"): Schedule | null => {
    const s = schedule(given[name], `observe.${name}`);
    if (s && "time" in s && span / s.time > MOST_LOOKS[name])
      throw specError(
        `observe.${name}.every`,
        `asks for ${Math.floor(span / s.time)} ${name === "frames" ? "frames" : "rows"} when at most ${MOST_LOOKS[name]} are kept. Look less often.`,
      );
    return s;
  };
  return { frames: read("frames"), trace: read("trace") };
}

function schedule(value: unknown, path: string): Schedule | null {
  if (value === undefined) return null;
  const given = asObject(value, path, '{ "every": time } or { "steps": number }');
  const keys = Object.keys(given);
  if (keys.length !== 1 || (keys[0] !== "every" && keys[0] !== "steps"))
    throw specError(path, `got ${show(value)} when expected { "every": time } or { "steps": number }.`);
  const v = number(given[keys[0]!], `${path}.${keys[0]}`);
  if (!(v > 0)) throw specError(`${path}.${keys[0]}`, `got ${v} when expected a positive number.`);
  if (keys[0] === "every") return { time: v };
  if (!Number.isInteger(v)) throw specError(`${path}.steps`, `got ${v} when expected a whole number of steps.`);
  return { steps: v };
}

export function readStop(value: unknown): Stop {
  if (value === undefined) return { maxSteps: 10_000_000 };
  const given = asObject(value, "stop", 'an object like { "dissipation": 1e-10 }');
  for (const key of Object.keys(given)) if (key !== "dissipation" && key !== "maxSteps") throw unknownKey("stop", key, ["dissipation", "maxSteps"]);
  const dissipation = given.dissipation === undefined ? undefined : number(given.dissipation, "stop.dissipation");
  if (dissipation !== undefined && !(dissipation > 0)) throw specError("stop.dissipation", `got ${dissipation} when expected a number > 0.`);
  const maxSteps = given.maxSteps === undefined ? 10_000_000 : number(given.maxSteps, "stop.maxSteps");
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) throw specError("stop.maxSteps", `got ${maxSteps} when expected a whole number >= 1.`);
  return { dissipation, maxSteps };
}
