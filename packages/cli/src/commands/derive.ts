import type { Certificate, Known } from "ottoflow/contract";
import { formatNumber } from "ottoflow/io/figure/number";
import { allCertificates, knownOf } from "ottoflow/known";
import { derivationOf, energyTex } from "ottoflow/spec/derivation";
import type { Resolved } from "ottoflow/spec/resolve";
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
  const known = await knownOf(resolved.problem);
  const found: Derived = {
    resolved,
    known,
    derivation: derivationOf(resolved.problem),
    certificates: (await allCertificates(resolved.problem)).map((c: Certificate) => ({
      title: c.title,
      refused: c.applies(resolved.problem, resolved.scheme, known),
    })),
  };
  terminal.out(options.json ? `${JSON.stringify(plain(found))}\n` : `${lines(found, painter(terminal)).join("\n")}\n`);
  return exitCodes.done;
}
interface Derived {
  readonly resolved: Resolved;
  readonly known: Known;
  readonly derivation: ReturnType<typeof derivationOf>;
  /** `refused`: why it does not apply, or null */
  readonly certificates: readonly { readonly title: string; readonly refused: string | null }[];
}

function plain({ resolved, known: { modulus, exact }, derivation, certificates }: Derived): object {
  const { problem, scheme } = resolved;
  const { variations, variation, equation, diffusion } = derivation;
  return {
    ...(resolved.parameters.length > 0 ? { parameters: resolved.parameters } : {}),
    tex: {
      equation: problem.geometry.tex,
      energy: energyTex(problem),
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
  };
}

function lines({ resolved, known: { modulus, exact }, derivation, certificates }: Derived, paint: ReturnType<typeof painter>): string[] {
  const { problem } = resolved;
  const { variations, equation, diffusion } = derivation;
  return [
    ...(resolved.parameters.length > 0 ? [paint("bold", "parameters"), ...parameterLines(resolved.parameters)] : []),
    paint("bold", "equation"),
    `  ${problem.geometry.tex}`,
    ...problem.drift.map((drift) => `  ${drift.tex}`),
    paint("bold", "energy"),
    `  ${energyTex(problem)}`,
    paint("bold", "first variation, part by part"),
    ...variations.map(({ label, tex }) => `  ${label}: ${tex}`),
    paint("bold", "equation, written out"),
    `  ${equation}`,
    ...(diffusion ? [`  ${diffusion}`] : []),
    paint("bold", "convexity along geodesics"),
    ...modulusLines(modulus),
    paint("bold", "closed-form solution"),
    `  ${exact ? exact.title : "none of the known families fits"}`,
    paint("bold", "certificates"),
    ...certificates.map(({ title, refused }) => (refused === null ? `  ${paint("green", "✓")} ${title}` : `  ${paint("dim", "–")} ${title}: ${refused}`)),
  ];
}
function modulusLines(modulus: Known["modulus"]): string[] {
  if (!modulus) return ["  no modulus follows from what the parts know about themselves"];
  const { value, how, because } = modulus;
  return [
    `  modulus ${formatNumber(value)}, ${trust[how]}`,
    ...wrapped(because, 90).map((line) => `    ${line}`),
    ...(value > 0
      ? [`  so W2 between any two solutions falls at least like exp(-${formatNumber(value)} t), and F - min F like exp(-${formatNumber(2 * value)} t)`]
      : []),
  ];
}
