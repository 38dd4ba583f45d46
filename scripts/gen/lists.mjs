// The two lists of units: lazy loaders (code on demand) and plain data (no code at all).
import { rooms } from "./units.mjs";

const head = "// Written by `npm run gen` from the definitions of the units. Do not edit.\n";
const roles = Object.values(rooms);

export function registry(units) {
  const table = roles.map((role) => {
    const rows = units
      .filter(({ unit }) => unit.role === role)
      .map(({ file, name, unit }) => `    ${JSON.stringify(unit.kind)}: () => import("../${file}").then((m) => m.${name}),\n`)
      .join("");
    return `  ${role}: {${rows === "" ? "" : `\n${rows}  `}},\n`;
  });
  const wanted = units.filter(({ unit }) => unit.fits).map(({ unit }) => `  ${JSON.stringify(unit.kind)}: ${JSON.stringify(unit.fits)},\n`);
  return `${head}import type { Fits, Unit } from "../define.ts";
import type { Role } from "../params.ts";

/** By role and kind, a function that loads the unit: nobody pays for a unit that is not used. */
export const registry: { readonly [R in Role]: Readonly<Record<string, () => Promise<Unit<R>>>> } = {
${table.join("")}};

/** What families of exact solutions ask of a problem before they are loaded. */
export const fits: Readonly<Record<string, Fits>> = {
${wanted.join("")}};
`;
}

export function catalogue(units) {
  const rows = units.map(({ file, unit }) => {
    const { build, ...data } = unit;
    return `  ${JSON.stringify({ role: data.role, kind: data.kind, title: data.title, tex: data.tex, summary: data.summary, refs: data.refs, params: data.params, examples: data.examples, file })},\n`;
  });
  return `${head}import type { Unit } from "../define.ts";

/** A unit without its code: what lists, pickers, help and pages show. */
export interface CatalogueEntry extends Omit<Unit, "build"> {
  /** where its source stands, from src/ */
  readonly file: string;
}

export const catalogue: readonly CatalogueEntry[] = [
${rows.join("")}];
`;
}
