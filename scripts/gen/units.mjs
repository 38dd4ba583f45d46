// Finds and loads the units: every file at the top of a room that calls a `define…`. Sources are bundled in memory, so that
// generating needs no build and a fresh clone has no hen-and-egg problem.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { rolldown } from "rolldown";

export const root = new URL("../..", import.meta.url).pathname;
export const source = join(root, "packages/ottoflow/src");

/** room of the source to role of the units in it */
export const rooms = {
  energy: "energy",
  geometry: "geometry",
  drift: "drift",
  scheme: "scheme",
  proximal: "proximal",
  space: "space",
  measure: "law",
  kernel: "kernel",
  certify: "certificate",
  exact: "exact",
  io: "exporter",
  "transport/static": "transport",
  "transport/dynamic": "path",
};

function list(folder, keep) {
  try {
    return readdirSync(folder).filter(keep).sort();
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

/** Whether units of the role are named in specs, and so need examples of how. */
export const inSpecs = (role) => !["certificate", "exact", "exporter", "transport"].includes(role);

/** `room/file.ts` of every file that defines a unit */
export function unitFiles() {
  return Object.keys(rooms).flatMap((room) =>
    list(join(source, room), (name) => name.endsWith(".ts") && !/\.(?:test|gen|d)\.ts$/.test(name))
      .filter((name) => /\bdefine[A-Z]\w*\(/.test(readFileSync(join(source, room, name), "utf8")))
      .map((name) => `${room}/${name}`),
  );
}

/** Bundles and imports source files of the library; the keys of `files` name the modules. */
async function bundle(files, folder) {
  const build = await rolldown({
    input: Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ""), join(source, file)])),
    external: (id) => !/^[./]/.test(id),
    logLevel: "silent",
    cwd: root,
  });
  await build.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "chunk-[hash].mjs" });
  await build.close();
}

export const camel = (kind) => kind.replace(/-(\w)/g, (_, c) => c.toUpperCase());

/** The heart of a bundler's message: no colours, no drawing. */
function brief(message) {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .map((line) => line.trim());
  const named = lines.filter((line) => /^\[[A-Z_]+\]/.test(line));
  return named.length > 0 ? named.join("; ") : lines[0];
}

/** What is wrong with a module as the home of one unit, or the unit. */
function unitOf(file, module) {
  const found = Object.entries(module).filter(
    ([, value]) => value !== null && typeof value === "object" && "role" in value && "kind" in value && typeof value.build === "function",
  );
  const units = found.filter(([, value], i) => found.findIndex(([, other]) => other === value) === i);
  if (units.length !== 1) throw new Error(`${file} exports ${units.length} units (${units.map(([name]) => name).join(", ")}) when a file defines exactly one.`);
  const [name, unit] = units[0];
  const role = rooms[file.slice(0, file.lastIndexOf("/"))];
  if (unit.role !== role) throw new Error(`${file} defines a unit of role ${unit.role} in the room of role ${role}. Move the file.`);
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(unit.kind)) throw new Error(`${file}: the kind "${unit.kind}" is not in lower-case-with-dashes.`);
  if (name !== camel(unit.kind) && name !== `${camel(unit.kind)}${role[0].toUpperCase()}${role.slice(1)}`)
    throw new Error(`${file}: the unit "${unit.kind}" is exported as ${name} when expected ${camel(unit.kind)}.`);
  if (inSpecs(role) && unit.examples.length === 0) throw new Error(`${file}: "${unit.kind}" has no examples. Give at least one set of parameters that builds.`);
  return { file, name, unit };
}

/** All units in the order of roles and kinds, and what could not be loaded. */
export async function loadUnits(files = unitFiles()) {
  const cache = join(root, ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "gen-"));
  const units = [];
  const broken = [];
  const open = async (file, at) => {
    try {
      units.push(unitOf(file, await import(pathToFileURL(join(at, file.replace(/\.ts$/, ".mjs"))).href)));
    } catch (error) {
      broken.push({ file, why: error.message });
    }
  };
  try {
    try {
      await bundle(files, folder);
      for (const file of files) await open(file, folder);
    } catch {
      // one file does not bundle: take them one by one, so that the message names it and the others are served
      for (const [i, file] of files.entries()) {
        try {
          await bundle([file], join(folder, String(i)));
        } catch (error) {
          broken.push({ file, why: brief(error.message) });
          continue;
        }
        await open(file, join(folder, String(i)));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const order = Object.values(rooms);
  units.sort((a, b) => order.indexOf(a.unit.role) - order.indexOf(b.unit.role) || (a.unit.kind < b.unit.kind ? -1 : 1));
  const seen = new Map();
  for (const { file, unit } of units) {
    const key = `${unit.role} ${unit.kind}`;
    if (seen.has(key)) broken.push({ file, why: `the ${key} is defined in ${seen.get(key)} already.` });
    seen.set(key, file);
  }
  return { units, broken };
}
