/** What programs read of the commands. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const { root, call, answer } = desk;

describe("--json: the fields that programs rely on", () => {
  const run = {
    status: "reached-end",
    reason: expect.any(String),
    time: expect.closeTo(0.2),
    steps: expect.any(Number),
    mass: expect.closeTo(1),
    energy: expect.any(Number),
    certificate: { holds: true, checks: expect.any(Array) },
  };
  const expectChecks = (checks: readonly Record<string, unknown>[]): void => {
    for (const check of checks) {
      expect(check).toMatchObject({ kind: expect.any(String), title: expect.any(String), source: expect.any(String), detail: expect.any(String) });
      expect(["pass", "fail", "reported", "not-applicable"]).toContain(check.verdict);
      for (const key of ["value", "bound"]) expect(check[key] === null || ["number", "string"].includes(typeof check[key])).toBe(true);
      expect(typeof check.hard).toBe("boolean");
    }
  };
  test("run", async () => {
    expect(await call("run", "ou.json", "--quick", "--json", "--out", "json-run")).toBe(0);
    expect(answer()).toEqual({ ...run, out: join(root, "json-run") });
    expectChecks((answer() as unknown as { certificate: { checks: Record<string, unknown>[] } }).certificate.checks);
  });
  test("compare: every member says what a run says, with its error bar; every pair its distance", async () => {
    expect(await call("compare", "ou.json", "--quick", "--json", "--out", "json-compare")).toBe(0);
    const { members, pairs, ...rest } = answer() as unknown as Record<"members" | "pairs", Record<string, unknown>[]>;
    expect(rest).toEqual({ status: "compared", title: "Ornstein–Uhlenbeck", summary: expect.any(String), refused: [], out: join(root, "json-compare") });
    for (const member of members) {
      const bar = { name: expect.any(String), scheme: expect.any(Object), error: expect.any(Number), errors: expect.any(Array), exact: expect.any(Object) };
      expect(member).toEqual({ ...run, ...bar });
      expectChecks((member.certificate as { checks: Record<string, unknown>[] }).checks);
    }
    expect(pairs).toEqual([
      expect.objectContaining({
        a: "coarse",
        b: "fine",
        name: "W2",
        value: expect.any(Number),
        error: expect.any(Number),
        bar: expect.any(Number),
        agree: true,
      }),
    ]);
  });
  test("study: levels with their settings, errors and orders; every run with its certificate", async () => {
    expect(await call("study", "ou.json", "--quick", "--json", "--refine", "step", "--levels", "2", "--out", "json-study")).toBe(0);
    const { runs, ...rest } = answer() as unknown as { runs: Record<string, unknown>[] };
    expect(rest).toMatchObject({
      status: "studied",
      title: "Ornstein–Uhlenbeck: refining step",
      summary: expect.any(String),
      columns: expect.any(Array),
      rows: expect.any(Array),
      expected: 1,
      against: expect.any(String),
      orders: expect.any(Array),
      out: join(root, "json-study"),
    });
    expect(runs.length).toBe(2);
    for (const [level, one] of runs.entries()) {
      expect(one).toEqual({ ...run, settings: { "scheme.step": 0.05 / 2 ** level } });
      expectChecks((one.certificate as { checks: Record<string, unknown>[] }).checks);
    }
  });
  test("list and explain: each unit with kind, formula, parameters and references", async () => {
    expect(await call("list", "energy", "--json")).toBe(0);
    const { units } = answer() as unknown as { units: Record<string, unknown>[] };
    for (const unit of units)
      expect(unit).toMatchObject({
        role: "energy",
        kind: expect.any(String),
        title: expect.any(String),
        tex: expect.any(String),
        summary: expect.any(String),
        params: expect.any(Object),
        refs: expect.any(Array),
      });
  });
  test("doctor: each finding with its value, and whether all is well", async () => {
    expect(await call("doctor", "--json")).toBe(0);
    const { healthy, findings: found } = answer() as unknown as { healthy: boolean; findings: Record<string, unknown>[] };
    expect(healthy).toBe(true);
    expect(found.map((finding) => finding.name)).toEqual(
      expect.arrayContaining(["ottoflow", "Node", "SIMD in WebAssembly", "shared memory", "memory", "browser"]),
    );
    for (const finding of found) expect(finding).toMatchObject({ name: expect.any(String), value: expect.any(String), ok: expect.any(Boolean) });
  });
});
