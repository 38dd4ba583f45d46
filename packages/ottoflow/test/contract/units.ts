/** The registry as test cases: every example of every unit, built on a fitting space. */
import type { Space } from "../../src/contract.ts";
import type { Built, Unit } from "../../src/define.ts";
import type { Role } from "../../src/params.ts";
import { makeBox } from "../../src/space/box.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { Builder } from "../../src/spec/build.ts";
import { registry } from "../../src/spec/registry.gen.ts";

export interface Case<R extends Role> {
  readonly name: string;
  readonly unit: Unit<R>;
  readonly dim: number;
  readonly params: Readonly<Record<string, unknown>>;
  /** the space of the example, or the one of its dimension */
  space(): Promise<Space>;
  build(space?: Space): Promise<Built[R]>;
}

/** A box of cells in up to three dimensions, free space beyond. */
export function spaceOf(dim: number): Space {
  if (dim > 3) return makeFree(dim);
  const n = [48, 14, 7][dim - 1]!;
  const all = <T>(v: T): T[] => Array.from({ length: dim }, () => v);
  return makeBox({ lower: all(-1.6), upper: all(1.6), cells: all(n) });
}

export const file = async (path: string): Promise<Uint8Array> => {
  const { readFile } = await import("node:fs/promises");
  return new Uint8Array(await readFile(new URL(`../../../../specs/${path}`, import.meta.url)));
};

export async function casesOf<R extends Role>(role: R): Promise<readonly Case<R>[]> {
  const out: Case<R>[] = [];
  for (const load of Object.values(registry[role])) {
    const unit = (await load()) as Unit<R>;
    for (const [i, example] of unit.examples.entries()) {
      const own = async (): Promise<Space> =>
        example.space ? (await new Builder({}).make("space", example.space, "space", { dim: 0, space: undefined as never })).built : spaceOf(example.dim);
      out.push({
        name: `${unit.kind} #${i} ${JSON.stringify(example.params).slice(0, 70)}`,
        unit,
        dim: example.dim,
        params: example.params,
        space: own,
        build: async (given) => {
          const space = given ?? (await own());
          const made = await new Builder({}, file).make(role, { kind: unit.kind, ...example.params }, role, { dim: role === "space" ? 0 : space.dim, space });
          return made.built;
        },
      });
    }
  }
  return out;
}
