/** Specs and files that nobody should have to fear, each with what it must say. `spec` is merged into a small sound flow. */
export interface Hostile {
  readonly name: string;
  /** merge-patch on the sound spec; a function builds what JSON cannot say */
  readonly patch?: unknown;
  /** replaces the whole spec */
  readonly raw?: unknown;
  /** text instead of an object: goes through parseSpec */
  readonly text?: string;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly variant?: string;
  /** in the message of the error, or in the reason of the run where it resolves */
  readonly says: RegExp;
  /** JSON cannot say it: such a row goes to the library only */
  readonly unwritable?: true;
  /** a run and not an error: the row is about how it ends */
  readonly runs?: true;
}
export const sound = {
  version: 1,
  title: "sound",
  energy: [{ kind: "entropy" }, { kind: "potential", formula: "x^2/2" }],
  geometry: "wasserstein",
  space: { kind: "box", lower: [-4], upper: [4], cells: [40] },
  initial: { kind: "gaussian", mean: [0], deviation: [0.5] },
  scheme: { kind: "finite-volume", time: "implicit", step: 0.05 },
  until: 0.2,
} as const;

export const plane = { energy: ["entropy"] };
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const potential = (formula: unknown): unknown => ({ energy: [{ kind: "entropy" }, { kind: "potential", formula }] });
export const samples = (file: string, more: object = {}): unknown => ({ initial: { kind: "samples", file, mean: null, deviation: null, ...more } });
export const free1 = { kind: "free", dimension: 1, lower: null, upper: null, cells: null };

export function npy(shape: string, descr: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const out = new Uint8Array(10 + padded.length + data.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  out.set(bytes(padded), 10);
  out.set(data, 10 + padded.length);
  return out;
}
/** twenty particles in the plane */
export const flatland = {
  space: { ...free1, dimension: 2 },
  initial: { mean: [0, 0], count: 20 },
  scheme: { kind: "particles", time: "rk4", step: 0.05 },
};
export const goal = { kind: "gaussian", mean: [1, 0], deviation: [0.3] };
export const deep = (n: number): string => `${"(".repeat(n)}x${")".repeat(n)}`;
export const nest = (n: number): unknown => (n === 0 ? { kind: "gaussian" } : { kind: "mixture", components: [nest(n - 1)] });

export const circle = (): object => {
  const spec: Record<string, unknown> = { ...sound };
  spec.quick = spec;
  return spec;
};
export const chain = (n: number): object => Object.fromEntries(Array.from({ length: n + 1 }, (_, i) => [`m${i}`, i === n ? "gaussian" : `$m${i + 1}`]));
/** twenty thousand objects in each other, as text: writing them with JSON.stringify would fail */
export const abyss = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
export const withKey = (key: string, json: string): string => JSON.stringify(sound).replace("{", `{${JSON.stringify(key)}:${json},`);
