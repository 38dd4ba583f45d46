import type { Certificate } from "ottoflow/contract";
import { formatNumber } from "ottoflow/io/figure/number";
import { allCertificates, knownOf } from "ottoflow/known";
import { derivationOf, energyTex } from "ottoflow/spec/derivation";
import { type ExitCode, exitCodes } from "../exit.ts";
import { readSpec } from "../files.ts";
import { parameterLines } from "../named.ts";
import { resolveSource, type SpecOptions } from "../session.ts";
import { painter, type Terminal } from "../terminal.ts";
import { wrapped } from "./list.ts";

const trust = { proved: "proved", checked: "checked on this instance", sampled: "only seen at sample points" } as const;

/** `ottoflow derive SPEC`: what theory knows before anything is computed: equation, energy, modulus, rate, exact solution, certificates. */
export async function deriveCommand(name: string, options: SpecOptions, terminal: Terminal): Promise<ExitCode> {
  const resolved = await resolveSource(await readSpec(name, terminal), options);
  const { problem, scheme } = resolved;
  const known = await knownOf(problem);
  const certificates = (await allCertificates(problem)).map((c: Certificate) => ({ title: c.title, refused: c.applies(problem, scheme, known) }));
  const energy = energyTex(problem);
  const { modulus, exact } = known;
  const { variations, variation, equation, diffusion } = derivationOf(problem);
  if (options.json) {
    terminal.out(
      `${JSON.stringify({
        ...(resolved.parameters.length > 0 ? { parameters: resolved.parameters } : {}),
        tex: {
          equation: problem.geometry.tex,
          energy,
          drift: problem.drift.map((drift) => drift.tex),
          initial: problem.initial.tex,
          scheme: scheme.tex,
          variation,
          expanded: diffusion ?? equation,
          substituted: equation,
        },
        variations,
        modulus,
        exact: exact ? { title: exact.title, refs: exact.refs } : null,
        certificates: certificates.map(({ title, refused }) => ({ title, applies: refused === null, ...(refused === null ? {} : { because: refused }) })),
        refs: resolved.refs,
      })}\n`,
    );
    return exitCodes.done;
  }
  const paint = painter(terminal);
  const lines = [
    ...(resolved.parameters.length > 0 ? [paint("bold", "parameters"), ...parameterLines(resolved.parameters)] : []),
    paint("bold", "equation"),
    `  ${problem.geometry.tex}`,
    ...problem.drift.map((drift) => `  ${drift.tex}`),
    paint("bold", "energy"),
    `  ${energy}`,
    paint("bold", "first variation, part by part"),
    ...variations.map(({ label, tex }) => `  ${label}: ${tex}`),
    paint("bold", "equation, written out"),
    `  ${equation}`,
    ...(diffusion ? [`  ${diffusion}`] : []),
  ];
  lines.push(paint("bold", "convexity along geodesics"));
  if (modulus) {
    lines.push(`  modulus ${formatNumber(modulus.value)}, ${trust[modulus.how]}`, ...wrapped(modulus.because, 90).map((line) => `    ${line}`));
    if (modulus.value > 0)
      lines.push(
        `  so W2 between any two solutions falls at least like exp(-${formatNumber(modulus.value)} t), and F - min F like exp(-${formatNumber(2 * modulus.value)} t)`,
      );
  } else lines.push("  no modulus follows from what the parts know about themselves");
  lines.push(paint("bold", "closed-form solution"), `  ${exact ? exact.title : "none of the known families fits"}`);
  lines.push(
    paint("bold", "certificates"),
    ...certificates.map(({ title, refused }) => (refused === null ? `  ${paint("green", "✓")} ${title}` : `  ${paint("dim", "–")} ${title}: ${refused}`)),
  );
  terminal.out(`${lines.join("\n")}\n`);
  return exitCodes.done;
}
