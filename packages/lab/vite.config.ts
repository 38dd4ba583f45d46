import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { energyPieces, equationPieces } from "./src/law/pieces.ts";

const specs = new URL("../../specs", import.meta.url).pathname;
const OPENING = "double-well-grid";

/** Shared memory needs an isolated page; the lab works without, so a static host that cannot set these headers is fine. */
const isolated: Plugin = {
  name: "isolated",
  configureServer({ middlewares }) {
    middlewares.use((_request, response, next) => {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      next();
    });
  },
};

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

/** The specs of the project: their titles inside the page, the opening one whole, the others and their data as files beside it. */
const gallery: Plugin = {
  name: "gallery",
  resolveId: (id) => (id === "virtual:gallery" ? "\0gallery" : undefined),
  async load(id) {
    if (id !== "\0gallery") return;
    const names = specFiles();
    const read = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(specs, name), "utf8"));
    const cards = names
      .map((name) => ({ name: name.replace(/\.json$/, ""), spec: read(name) }))
      .map(({ name, spec }) => ({ name, title: spec.title ?? name, summary: spec.summary ?? "", watch: spec.watch ?? "", beside: besideOf(spec) }));
    const opening = read(`${OPENING}.json`);
    return `export default ${JSON.stringify({ cards, opening, typeset: await typesetLaw(opening) })}`;
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

/** The service that keeps the page for times without a network: it knows every file of this build. */
const offline: Plugin = {
  name: "offline",
  apply: "build",
  generateBundle: {
    order: "post",
    handler(_options, bundle) {
      const files = ["./", ...Object.keys(bundle).filter((file) => !/^(?:service\.js|index\.html)$|\.map$/.test(file))].sort();
      const version = createHash("sha256").update(files.join()).digest("hex").slice(0, 12);
      const source = readFileSync(new URL("src/offline/service.js", import.meta.url), "utf8");
      this.emitFile({ type: "asset", fileName: "service.js", source: source.replace('["FILES"]', () => JSON.stringify(files)).replace("VERSION", version) });
    },
  },
};

/** Kernels in hexadecimal digits: base64 breaks up what repeats in their code, so that a server's compression saves a third more of these. */
const hexadecimal: Plugin = {
  name: "hexadecimal",
  apply: "build",
  transform(code, id) {
    const written = /\/kernels\/[\w-]+\.gen\.ts$/.test(id) && /"([\w+/]{1000,}={0,2})"/.exec(code);
    if (!written) return;
    const digits = Buffer.from(written[1], "base64").toString("hex");
    const read = `btoa("${digits}".replace(/../g, (two) => String.fromCharCode(parseInt(two, 16))))`;
    return { code: code.replace(written[0], () => read), map: null };
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

export default defineConfig({
  // relative addresses: the built lab works from any folder of any static host
  base: "./",
  plugins: [svelte(), gallery, isolated, hexadecimal, offline],
  resolve: { conditions: ["source", "browser", "module", "import", "default"] },
  worker: { format: "es", plugins: () => [hexadecimal] },
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    emptyOutDir: true,
    rolldownOptions: {
      input: { index: "index.html", embed: "embed.html", element: "src/embed/element.ts" },
      // pages elsewhere name the element by its address, which stays
      output: { entryFileNames: (entry) => (entry.name === "element" ? "element.js" : "assets/[name]-[hash].js") },
    },
  },
  server: { fs: { allow: ["../.."] } },
});
