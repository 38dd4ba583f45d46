/**
 * Compiles packages/ottoflow/assembly to modules in base64: its own files to src/kernels/module.gen.ts, each folder NAME with an index.ts to
 * src/kernels/NAME.gen.ts, which only those load who need it.
 * The elementary functions are not written twice: the files of src/kernels/math are compiled into the module as they stand,
 * but for their literals, with assembly/bits.ts in place of math/bits.ts.
 *
 *   node scripts/kernels.mjs [NAME …]   writes the modules, or only those named ("module" is the one of all runs)
 *   node scripts/kernels.mjs --verify   exits with 1 when a written module is stale
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as asc from "assemblyscript/asc";

const library = path.join(path.dirname(fileURLToPath(import.meta.url)), "../packages/ottoflow");
/** name to entry of every module */
const modules = new Map([
  ["module", "assembly/index.ts"],
  ...readdirSync(path.join(library, "assembly"))
    .sort()
    .map((name) => [name, `assembly/${name}/index.ts`])
    .filter(([, entry]) => existsSync(path.join(library, entry))),
]);

/** What AssemblyScript reads differently from TypeScript: powers and quotients of literals, names of constants, file endings. */
function forAssembly(source) {
  return source
    .replace(/import \{ type int, /g, "import { int, ")
    .replace(/, type int([ ,])/g, ", int$1")
    .replace(/\b2 \*\* (-?\d+)/g, (_, k) => literal(2 ** Number(k)))
    .replace(/(?<![.\w])(\d+) \/ (\d+)(?![.\w])/g, "$1.0 / $2.0")
    .replace(/Number\.POSITIVE_INFINITY/g, "Infinity")
    .replace(/Number\.NEGATIVE_INFINITY/g, "-Infinity")
    .replace(/Number\.NaN/g, "NaN")
    .replace(/Number\.isNaN/g, "isNaN")
    .replace(/(from "\.[^"]*)\.ts"/g, '$1"');
}
const literal = (x) => (Number.isInteger(x) && Math.abs(x) < 2 ** 53 ? `${x}.0` : x.toExponential(17));
const read = (file) => readFileSync(path.join(library, file), "utf8");
const digitsOfTwoOverPi = () => read("src/kernels/math/bits.ts").match(/Int32Array\.of\(([^)]*)\)/)[1];

function readFile(name) {
  const file = path.posix.normalize(name.replaceAll("\\", "/"));
  try {
    if (file === "assembly/math/bits.ts") return read("assembly/bits.ts").replace("TWO_OVER_PI_DIGITS", digitsOfTwoOverPi());
    if (file.startsWith("assembly/math/")) return forAssembly(read(`src/kernels/math/${path.posix.basename(file)}`));
    return read(file);
  } catch {
    return null;
  }
}

/** Memory is imported: 0x03 in the limits flag says "shared, with a maximum", 0x01 "not shared". One byte tells the two modules apart. */
function sharedFlag(bytes) {
  const name = Buffer.from("\x03env\x06memory\x02", "latin1");
  const at = Buffer.from(bytes).indexOf(name);
  if (at < 0 || bytes[at + name.length] !== 3) throw new Error("the module does not import a shared memory as env.memory");
  return at + name.length;
}

async function compile(entry) {
  const files = new Map();
  const options = [
    entry,
    ...["--outFile", "module.wasm"],
    ...["--runtime", "stub", "--importMemory", "--sharedMemory", "--initialMemory", "2", "--maximumMemory", "65536", "--noExportMemory"],
    ...["--enable", "simd", "--enable", "threads", "--disable", "bulk-memory", "--noAssert", "-O3", "--converge", "--memoryBase", "1024"],
  ];
  const { error, stderr } = await asc.main(options, {
    readFile,
    writeFile: (name, contents) => void files.set(path.basename(name), contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${entry}: ${stderr}\n${error.message}`);
  const warnings = stderr.toString();
  if (warnings) console.error(warnings);
  return files.get("module.wasm");
}

function generate(bytes) {
  return `// Written by scripts/kernels.mjs from assembly/ and kernels/math/. ${bytes.length} bytes.
/** offset of the byte that is 3 for shared and 1 for unshared memory */
export const sharedFlag: number = ${sharedFlag(bytes)};
export const base64: string =
  "${Buffer.from(bytes).toString("base64")}";
`;
}
function written(target) {
  try {
    return readFileSync(target, "utf8");
  } catch {
    return "";
  }
}

const verify = process.argv.includes("--verify");
const named = process.argv.slice(2).filter((word) => !word.startsWith("--"));
for (const name of named) if (!modules.has(name)) throw new Error(`There is no module "${name}". Modules: ${[...modules.keys()].join(", ")}.`);
for (const [name, entry] of modules) {
  if (named.length > 0 && !named.includes(name)) continue;
  const target = path.join(library, `src/kernels/${name}.gen.ts`);
  const bytes = await compile(entry);
  const generated = generate(bytes);
  if (!verify) {
    writeFileSync(target, generated);
    console.log(`kernels/${name}.gen.ts: ${bytes.length} bytes`);
  } else if (written(target) !== generated) {
    console.error(`kernels/${name}.gen.ts is stale: run node scripts/kernels.mjs`);
    process.exitCode = 1;
  }
}
