import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Rows } from "../contract.ts";
import { lawNumbers, runBlocks } from "./blocks.ts";
import { plainHost } from "./host.ts";
import { openMemory } from "./memory.ts";
import { declareDead, openPool, type Pool, type WorkerData } from "./pool.ts";
import { makeTape, writeTape } from "./tape.ts";

/** This version of Node reads no TypeScript, so the worker runs a transpiled copy of the room. */
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kernels-"));
  const source = path.join(import.meta.dirname, "..");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (f) => /^(errors\.ts|kernels\/.*)$/.test(f) && f.endsWith(".ts") && !f.endsWith(".test.ts"),
  );
  writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
  for (const file of files) {
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
    const { outputText } = ts.transpileModule(readFileSync(path.join(source, file), "utf8"), { compilerOptions: options });
    ts.sys.writeFile(path.join(folder, file.replace(/\.ts$/, ".js")), outputText.replace(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
  }
  writeFileSync(
    path.join(folder, "entry.js"),
    'import { workerData } from "node:worker_threads"; import { serve } from "./kernels/pool.js"; serve(workerData);',
  );
});
const pools: Pool[] = [];
/** A worker that ends as soon as it is given work: killed, out of memory, crashed. */
const mortal = "import { workerData as d } from 'node:worker_threads'; Atomics.add(d.control, 3, 1); Atomics.wait(d.control, 0, 0); process.exit();";
afterAll(() => {
  for (const pool of pools) pool.close();
  rmSync(folder, { recursive: true });
});

const spawn = (data: WorkerData): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(path.join(folder, "entry.js"), { workerData: data });
    worker.once("online", resolve);
    worker.once("error", reject);
    worker.unref();
  });

// 4 x (x^2 - 1), 4 y (y^2 - 1)
const wells = makeTape(
  2,
  [0, 1].flatMap((k) => [
    { op: "mul", args: [{ input: k }, { input: k }] } as const,
    { op: "sub", args: [{ value: 4 * k }, { constant: 1 }] } as const,
    { op: "mul", args: [{ constant: 4 }, { input: k }] } as const,
    { op: "mul", args: [{ value: 4 * k + 2 }, { value: 4 * k + 1 }] } as const,
  ]),
  [{ value: 3 }, { value: 7 }],
);
const n = 30_011;
const few = 1000;
function work(alloc: (n: number) => Rows, run: (kernel: string, n: number, args: readonly (Rows | number)[]) => void): Rows[] {
  const tape = writeTape(wells, (size) => alloc(size) as Float64Array);
  const x = alloc(2 * n);
  const slope = alloc(2 * n);
  for (let i = 0; i < 2 * n; i++) x[i] = ((i * 7919) % 1000) / 500 - 1;
  for (let round = 0; round < 3; round++) {
    run("langevin", n, [tape, x, 5, 6, 3 * round, 3, 0, 0.01, 0.1]);
    run("tape", n, [tape, x, slope, 0]);
  }
  const [weight, force, share] = [alloc(few).fill(1), alloc(2 * few), alloc(few)];
  for (const law of [{ law: "logarithm" }, { law: "gaussian", rate: 2 }] as const) {
    run("pairSum", few, [x, x, weight, share, ...lawNumbers(law), 0.5, 2, few]);
    run("pairGradient", few, [x, x, weight, force, ...lawNumbers(law), 0.5, 2, few]);
    run("pairGradient32", few, [x, x, share, force, ...lawNumbers(law), 0.5, 2, few]);
  }
  return [x, slope, force, share];
}

test.each([1, 2, 3])("the same bits with %d threads as without a pool and as the reference", async (threads) => {
  const memory = openMemory({ bytes: 8 * (4 * n + 4 * few) + 4096, shared: true, threads });
  const pool = await openPool(memory, spawn);
  pools.push(pool);
  const expected = work(plainHost().alloc, runBlocks);
  const got = work(memory.alloc, pool.blocks);
  for (const [k, row] of expected.entries()) expect(got[k]!.every((v, i) => Object.is(v, row[i]))).toBe(true);
});

test("two threads take blocks from the same job", async () => {
  const memory = openMemory({ bytes: 8 * 40 * n, shared: true, threads: 2 });
  const pool = await openPool(memory, spawn);
  pools.push(pool);
  const tape = writeTape(wells, memory.alloc);
  const x = memory.alloc(2 * n);
  // on a busy machine the worker may sleep through a job or two
  let jobs = 0;
  while (jobs < 50 && pool.taken()[1] === 0) pool.blocks("langevin", n, [tape, x, 5, 6, 50 * jobs++, 50, 0, 0.01, 0.1]);
  expect(pool.taken()[1]).toBeGreaterThan(0);
  expect(pool.taken().reduce((a, b) => a + b)).toBe(jobs * Math.ceil(n / 4096));
});

test("a worker that ends in the middle of its work is an error, not an endless wait", { timeout: 20_000 }, async () => {
  const memory = openMemory({ bytes: 8 * 4 * n, shared: true, threads: 2 });
  const ended: Promise<void>[] = [];
  const pool = await openPool(
    memory,
    async (data) => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(mortal)}`), { workerData: data });
      ended.push(new Promise((resolve) => worker.once("exit", () => resolve())));
      await new Promise((resolve) => worker.once("online", resolve));
    },
    2,
  );
  pools.push(pool);
  const tape = writeTape(wells, memory.alloc);
  const x = memory.alloc(2 * n);
  const job = (): void => pool.blocks("langevin", n, [tape, x, 5, 6, 0, 1, 0, 0.01, 0.1]);
  expect(job).toThrow(/A worker ended in the middle of its work \(kernel "langevin"\)/);
  await Promise.all(ended);
  expect(job).toThrow(/ended/); // at once: its rows may be half done
});
test("a worker that is seen to end between two jobs stops the next one", async () => {
  const memory = openMemory({ bytes: 8 * 4 * n, shared: true, threads: 2 });
  let data: WorkerData | undefined;
  const pool = await openPool(memory, (given) => {
    data = given;
    return spawn(given);
  });
  pools.push(pool);
  declareDead(data!);
  expect(() => pool.blocks("langevin", n, [])).toThrow(/ended/);
});

test("where one worker cannot start, those that did, and one that starts late, end", { timeout: 60_000 }, async () => {
  const memory = openMemory({ bytes: 4096, shared: true, threads: 4 });
  const given: WorkerData[] = [];
  const ends: Promise<number>[] = [];
  const start = (data: WorkerData): void => {
    const worker = new Worker(path.join(folder, "entry.js"), { workerData: data });
    ends.push(new Promise((resolve) => worker.once("exit", resolve)));
  };
  const opening = openPool(memory, async (data) => {
    given.push(data);
    if (data.thread === 1) start(data);
    if (data.thread === 2) throw new Error("no memory for a thread");
  });
  await expect(opening).rejects.toThrow("no memory for a thread");
  start(given[2]!);
  expect(await Promise.all(ends)).toEqual([0, 0]);
});

test("rows of ordinary memory run on the owner alone, with the same bits", async () => {
  const memory = openMemory({ bytes: 4096, shared: true, threads: 2 });
  const pool = await openPool(memory, spawn);
  pools.push(pool);
  const expected = work(plainHost().alloc, runBlocks);
  const got = work(plainHost().alloc, pool.blocks);
  for (const [k, row] of expected.entries()) expect(got[k]!.every((v, i) => Object.is(v, row[i]))).toBe(true);
});
