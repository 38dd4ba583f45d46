import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { opening } from "../src/gallery/tools.ts";
import { energyPieces, equationPieces } from "../src/law/pieces.ts";

const specs = fileURLToPath(new URL("../../../specs", import.meta.url));

/** Flows first, then paths. */
function specFiles(): string[] {
  const own = (folder: string): string[] =>
    readdirSync(join(specs, folder))
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => folder + name);
  return [...own(""), ...own("paths/")];
}
/** The variant that a spec wants to be seen beside itself. */
function besideOf({ tags, variants }: Record<string, unknown>): string | undefined {
  const wants = Array.isArray(tags) && tags.includes("side by side");
  return wants ? Object.keys(variants as object)[1] : undefined;
}

/** What the page has of the specs from the start, and the words of their cards, which only the gallery shows. */
const modules = ["virtual:gallery", "virtual:gallery-words"];
const read = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(specs, name), "utf8"));

/** The specs of the project: their titles inside the page, the opening one whole, the others and their data as files beside it. */
export const gallery: Plugin = {
  name: "gallery",
  resolveId: (id) => (modules.includes(id) ? `\0${id}` : undefined),
  async load(id) {
    if (!modules.includes(id.slice(1))) return;
    const all = specFiles().map((name) => ({ name: name.replace(/\.json$/, ""), spec: read(name) }));
    if (id === "\0virtual:gallery-words")
      return `export default ${JSON.stringify(Object.fromEntries(all.map(({ name, spec }) => [name, { summary: spec.summary ?? "", watch: spec.watch ?? "" }])))}`;
    const cards = all.map(({ name, spec }) => ({ name, title: spec.title ?? name, beside: besideOf(spec) }));
    const first = read(`${opening}.json`);
    return `export default ${JSON.stringify({ cards, opening: first, typeset: await typesetLaw(first) })}`;
  },
  configureServer({ middlewares }) {
    middlewares.use("/specs", (request, response, next) => {
      const path = decodeURIComponent((request.url ?? "").split("?")[0]).replace(/^\/+/, "");
      if (!/^(?:data\/|paths\/)?[\w.-]+$/.test(path)) return next();
      try {
        response.end(readFileSync(join(specs, path)));
      } catch {
        next();
      }
    });
  },
  generateBundle() {
    for (const name of specFiles()) this.emitFile({ type: "asset", fileName: `specs/${name}`, source: readFileSync(join(specs, name)) });
    for (const name of readdirSync(join(specs, "data")))
      this.emitFile({ type: "asset", fileName: `specs/data/${name}`, source: readFileSync(join(specs, "data", name)) });
  },
};

/** The law of the opening flow as MathML, so that the first page needs no typesetter. */
async function typesetLaw(spec: unknown): Promise<Record<string, string>> {
  const [{ resolveSpec }, { derivationOf, energyTex }, { default: temml }] = await Promise.all([
    import("ottoflow/spec/resolve"),
    import("ottoflow/spec/derivation"),
    import("temml"),
  ]);
  const { problem } = await resolveSpec(spec, { read: (path) => Promise.resolve(readFileSync(join(specs, path))) });
  const { diffusion, equation, terms } = derivationOf(problem);
  const render = (tex: string): [string, string] => [tex, temml.renderToString(tex, { throwOnError: true, trust: false, maxSize: [20, 20], maxExpand: 200 })];
  const law = { equation: diffusion ?? equation, terms, energy: energyTex(problem), parts: problem.parts };
  return Object.fromEntries([...equationPieces(law), ...energyPieces(law)].map(({ tex }) => render(tex)));
}
