import { expect, test } from "vitest";
import { langevinReference, langevinSteps } from "./langevin.ts";
import { langevinModule } from "./langevin-module.ts";
import { openMemory } from "./memory.ts";
import { type Opcode, scalars } from "./tape/opcodes.ts";
import { type Argument, makeTape } from "./tape.ts";
import { adopt, wasmOf } from "./wasm.ts";

const inOne: readonly Opcode[] = ["neg", "abs", "sqrt", "floor", "add", "sub", "mul", "div", "min", "max", "less", "lessEqual", "equal", "select"];
const of = (op: Opcode, d = 2) => {
  const args: readonly Argument[] = [{ input: 0 }, "t", { constant: 0.3 }];
  return makeTape(
    d,
    [{ op, args: op === "powi" ? [{ input: 0 }, { whole: 2 }] : args.slice(0, Math.max(1, scalars[op].length)) }],
    Array.from({ length: d }, () => ({ value: 0 })),
  );
};

test("instructions of SIMD give a valid module, others none", () => {
  for (const op of [...inOne, "powi"] as const) for (const shared of [false, true]) expect(WebAssembly.validate(langevinModule(of(op), shared)!)).toBe(true);
  const others = (Object.keys(scalars) as Opcode[]).filter((op) => op !== "powi" && !inOne.includes(op));
  expect(others).toContain("exp");
  for (const op of others) expect(langevinModule(of(op), false)).toBeNull();
  expect(langevinModule(of("neg", 25), false)).toBeNull();
});

/** 4 x (x^2 - 1), or with a second coordinate in the way */
const well = (d: number) =>
  makeTape(
    d,
    [
      { op: "mul", args: [{ input: 0 }, { input: d - 1 }] },
      { op: "sub", args: [{ value: 0 }, { constant: 1 }] },
      { op: "mul", args: [{ constant: 4 }, { input: 0 }] },
      { op: "mul", args: [{ value: 2 }, { value: 1 }] },
    ],
    [...Array.from({ length: d - 1 }, () => "t" as const), { value: 3 }],
  );

test.each([1, 2, 3])("without the interpreter many steps in %i dimensions have the bits of the reference, beside a block and across two", (d) => {
  const n = 700;
  const memory = openMemory({ bytes: 100_000 });
  const x = memory.alloc32(d * n);
  const wasm = wasmOf(x)!;
  const steps32 = () => {
    throw new Error("interpreted");
  };
  adopt({ ...wasm, exports: { ...wasm.exports, steps32 } });
  for (let i = 0; i < d * n; i++) x[i] = ((i * 7919) % 1000) / 500 - 1;
  const y = x.slice();
  const walk = { tape: well(d), n, seed: 2 ** 33 + 5, stream: 3, start: 0.5, dt: 0.01, amplitude: 0.2 };
  const before = x.slice();
  langevinSteps(walk, 37, 601, x, 11, 20);
  langevinReference(walk, 37, 601, y, 11, 20);
  expect(x).toEqual(y);
  expect(x.slice(37, 638)).not.toEqual(before.slice(37, 638));
  expect(x.subarray(0, 37)).toEqual(before.subarray(0, 37));
});
