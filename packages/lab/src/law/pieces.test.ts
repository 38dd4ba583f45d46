import { derivationOf, energyTex } from "ottoflow/spec/derivation";
import { resolveSpec } from "ottoflow/spec/resolve";
import temml from "temml";
import { expect, test } from "vitest";
import { energyPieces, equationPieces } from "./pieces.ts";

const flow = {
  energy: [
    { kind: "entropy", temperature: 0.5 },
    { kind: "potential", formula: "x^4", weight: -1 },
    { kind: "power", m: 2 },
  ],
  space: { kind: "box", lower: [-3], upper: [3], cells: [32] },
  initial: "gaussian",
  scheme: { kind: "finite-volume", step: 0.01, time: "explicit" },
  until: 1,
};
test("the pieces of a law are the whole law, each part in one of them, and each can be typeset alone", async () => {
  const { problem } = await resolveSpec(flow);
  const { diffusion, equation, terms } = derivationOf(problem);
  const plain = (tex: string): string => tex.replaceAll("{}", "").replace(/\s+/g, "");
  const law = { equation: diffusion ?? equation, terms, energy: energyTex(problem), parts: problem.parts };
  for (const [pieces, whole] of [
    [equationPieces(law), law.equation],
    [energyPieces(law), law.energy],
  ] as const) {
    expect(plain(pieces.map(({ tex }) => tex).join(" "))).toBe(plain(whole));
    expect(pieces.flatMap(({ parts }) => parts).sort()).toEqual([0, 1, 2]);
    for (const { tex } of pieces) expect(temml.renderToString(tex, { throwOnError: true })).toContain("<math");
  }
});
test("a law without terms is one piece", () => {
  expect(equationPieces({ equation: "x", terms: [] })).toEqual([{ tex: "x", parts: [] }]);
  expect(energyPieces({ energy: "F", parts: [] })).toEqual([{ tex: "F", parts: [] }]);
});
