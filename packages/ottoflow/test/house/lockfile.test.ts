import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = new URL("../../../..", import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), "utf8");
interface Entry {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, Entry> };

test("the lockfile names no registry, so that every machine uses its own", () => {
  expect(read("package-lock.json")).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  const elsewhere = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined && !entry.link);
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});
test("the lockfile holds the hash of every package that is downloaded", () => {
  const loose = Object.entries(lock.packages).filter(([path, entry]) => path.includes("node_modules/") && !entry.link && entry.integrity === undefined);
  expect(loose.map(([path]) => path)).toEqual([]);
});
test("the lockfile knows the binaries of every platform: else `npm ci` refuses it", () => {
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => lock.packages[`node_modules/${name}`] === undefined && lock.packages[`${path}/node_modules/${name}`] === undefined)
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});
test("dependencies are asked for by exact version", () => {
  const manifests = [
    "package.json",
    ...Object.keys(lock.packages)
      .filter((path) => path !== "" && !path.includes("node_modules/"))
      .map((path) => `${path}/package.json`),
  ];
  const loose = manifests.flatMap((path) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(path)) as Record<string, Record<string, string>>;
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+/.test(version))
      .map(([name, version]) => `${path}: ${name} ${version}`);
  });
  expect(loose).toEqual([]);
});
