/** Every certificate: passes or reports on a sound run, survives a checkpoint, and the hard ones fail when the run is spoilt. */
import { describe, expect, test } from "vitest";
import type { Certificate, Known, Scheme, Tick } from "../../src/contract.ts";
import { knownOf } from "../../src/known.ts";
import { resolveSpec } from "../../src/spec/resolve.ts";
import { casesOf } from "./units.ts";

const sound = await resolveSpec({
  energy: ["entropy", { kind: "quadratic", matrix: 1 }],
  space: { kind: "box", lower: [-6], upper: [6], cells: [60], "stands-for": "whole-space" },
  initial: { kind: "gaussian", mean: [0.5], deviation: [0.7] },
  scheme: { kind: "finite-volume", time: "implicit", step: 0.05 },
  until: 1,
});
const known: Known = await knownOf(sound.problem);

/** Ticks of an exponentially relaxing run made by hand, spoilt in one way at a time. */
function ticks(spoil: { mass?: boolean; sign?: boolean; energy?: boolean } = {}): Tick[] {
  const space = sound.problem.space;
  const n = space.cells!.n;
  return Array.from({ length: 30 }, (_, index) => {
    const t = 0.05 * index;
    const rho = new Float64Array(n);
    for (let i = 10; i < n - 10; i++) rho[i] = 1 / (0.2 * (n - 20));
    if (spoil.mass && index > 5) rho[30] = rho[30]! * 1.5;
    if (spoil.sign && index > 5) [rho[30], rho[31]] = [-rho[30]!, 3 * rho[31]!];
    const total = Math.exp(-2 * t) + (spoil.energy && index > 5 ? 1 : 0);
    return {
      t,
      dt: index === 0 ? 0 : 0.05,
      index,
      state: { measure: { rep: "cells" as const, space, rho }, memory: {} },
      info: index === 0 ? null : { ok: true },
      final: index === 29,
      energy: () => ({ total, parts: [total] }),
      dissipation: () => 2 * Math.exp(-2 * t),
    };
  });
}
function judge(c: Certificate, list: readonly Tick[], scheme: Scheme = sound.scheme): readonly string[] {
  const watcher = c.watcher(sound.problem, scheme, known);
  let memory = watcher.begin(sound.problem);
  for (const tick of list) {
    watcher.see(memory, tick, sound.problem);
    memory = structuredClone(memory);
  }
  return c.judge(memory, { problem: sound.problem, scheme, known, status: "reached-end" }).map((check) => `${check.hard ? "hard" : "soft"} ${check.verdict}`);
}

const guards: Record<string, Parameters<typeof ticks>[0]> = { mass: { mass: true }, positivity: { sign: true }, "energy-decay": { energy: true } };

describe.each(await casesOf("certificate"))("$name", (c) => {
  test("on a sound run: no hard failure, and memory is plain data", async () => {
    const certificate = await c.build();
    if (certificate.applies(sound.problem, sound.scheme, known) !== null) return;
    for (const verdict of judge(certificate, ticks())) expect(verdict).not.toBe("hard fail");
  });
  test("says why where it does not apply", async () => {
    const reason = (await c.build()).applies(
      sound.problem,
      { ...sound.scheme, promises: { ...sound.scheme.promises, weak: true, decay: false }, noLedger: "a reason given by the test" },
      known,
    );
    if (reason !== null) expect(reason.length).toBeGreaterThan(10);
  });
  const spoil = guards[c.unit.kind];
  test.skipIf(!spoil)("can fail: a spoilt run is a hard failure (other certificates: no run spoils them by one row)", async () => {
    expect(judge(await c.build(), ticks(spoil))).toContain("hard fail");
  });
});
