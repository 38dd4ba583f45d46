/** The two watchers every run has: frames (copies of the measure) and the trace (scalars against time). */
import type { Measure, Space, Watcher } from "../contract.ts";
import { cloneMeasure, massOf, minimumOf } from "../measure/rows.ts";
import type { SavedFrame } from "./types.ts";

export interface FrameMemory {
  t: number[];
  index: number[];
  measures: Measure[];
}
export function frameWatcher(every: Watcher["every"]): Watcher<FrameMemory> {
  return {
    every,
    begin: () => ({ t: [], index: [], measures: [] }),
    see(memory, tick) {
      memory.t.push(tick.t);
      memory.index.push(tick.index);
      memory.measures.push(cloneMeasure(tick.state.measure));
      return undefined;
    },
  };
}

/** What a checkpoint holds of the frames: nothing is copied, since frames never change. */
export function savedFrames({ t, index, measures }: FrameMemory): SavedFrame[] {
  return measures.map(({ space: _space, ...measure }, i) => ({ t: t[i]!, index: index[i]!, measure }));
}
export function framesOf(saved: readonly SavedFrame[], space: Space): FrameMemory {
  return { t: saved.map((f) => f.t), index: saved.map((f) => f.index), measures: saved.map((f) => ({ ...f.measure, space }) as Measure) };
}

/** Longest trace kept: beyond it every second row is dropped and the stride doubled, so that long runs keep an even trace of bounded size. */
const MOST_ROWS = 4096;

export interface TraceMemory {
  stride: number;
  count: number;
  columns: Record<string, number[]>;
}
export function traceWatcher(every: Watcher["every"], labels: readonly string[]): Watcher<TraceMemory> {
  const names = ["t", "step", "dt", "energy", ...labels.map((l, i) => `energy:${i}:${l}`), "mass", "minimum", "dissipation"];
  return {
    every,
    begin: () => ({ stride: 1, count: 0, columns: Object.fromEntries(names.map((n) => [n, []])) }),
    see(memory, tick) {
      if (memory.count++ % memory.stride !== 0 && !tick.final) return undefined;
      const energy = tick.energy();
      const row = [
        tick.t,
        tick.index,
        tick.dt,
        energy.total ?? Number.NaN,
        ...energy.parts.map((v) => v ?? Number.NaN),
        massOf(tick.state.measure),
        minimumOf(tick.state.measure),
        tick.dissipation() ?? Number.NaN,
      ];
      names.forEach((name, i) => {
        memory.columns[name]!.push(row[i]!);
      });
      if (memory.columns.t!.length >= MOST_ROWS) thin(memory);
      return undefined;
    },
  };
}

function thin(memory: TraceMemory): void {
  memory.stride *= 2;
  for (const name of Object.keys(memory.columns)) memory.columns[name] = memory.columns[name]!.filter((_, i) => i % 2 === 0);
}

export function traceOf(memory: TraceMemory): Readonly<Record<string, Float64Array>> {
  return Object.fromEntries(Object.entries(memory.columns).map(([name, values]) => [name, Float64Array.from(values)]));
}

/** Stops the run once -dF/dt is below the threshold. */
export function stationaryWatcher(threshold: number): Watcher<null> {
  return {
    every: { steps: 1 },
    begin: () => null,
    see(_memory, tick) {
      const d = tick.dissipation();
      return tick.index > 0 && d !== null && d < threshold ? `stationary: the dissipation ${d.toExponential(3)} fell below ${threshold}` : undefined;
    },
  };
}
