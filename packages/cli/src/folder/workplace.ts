/**
 * The folder where a result grows until it is whole. It stands beside its final place under a name of its own, so that moving it
 * there is one rename: at any moment the final name is a whole result or nothing.
 */
import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { runError } from "../exit.ts";
import { checkpointFile, framesFolder } from "./checkpoint.ts";
import { syncFolder, syncTree, writeDurably } from "./durable.ts";
import { isAlive, type Owner, thisOwner } from "./owner.ts";

const ownerFile = "owner.json";
/** what makes a folder one of ours: only those are ever replaced */
const marks: readonly string[] = ["certificate.json", "comparison.json", "study.json", "transport.json"];

export interface Workplace {
  /** where the result will stand */
  readonly out: string;
  /** where it grows */
  readonly path: string;
  /** an interrupted command left this one */
  readonly resumed: boolean;
  /** the result is whole: to its place, in one move */
  finish(): Promise<void>;
  /** nothing is to be kept */
  discard(): Promise<void>;
  /** another command may take it up */
  leave(): Promise<void>;
}
export interface WorkplaceOptions {
  readonly force?: boolean;
  readonly resume?: boolean;
}

export function workplacePath(out: string): string {
  return join(dirname(out), `.${basename(out)}.partial`);
}
const oldPath = (out: string): string => join(dirname(out), `.${basename(out)}.replaced`);
const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** @throws {RunError} where the place is taken, busy, or there is nothing to resume */
export async function openWorkplace(out: string, options: WorkplaceOptions = {}): Promise<Workplace> {
  const path = workplacePath(out);
  const made = await mkdir(dirname(out), { recursive: true });
  await mend(out);
  await refuseTaken(out, options);
  const found = await exists(path);
  if (options.resume && !found) throw runError(out, `${out}: there is no interrupted run to resume.`);
  if (found) {
    const owner = await readOwner(path);
    if (owner && (await isAlive(owner)))
      throw runError(out, `${out}: another ottoflow (process ${owner.pid} on ${owner.host}) is working on it. Wait for it, or choose another --out.`);
    if (!options.resume) {
      if (!options.force && (await exists(join(path, checkpointFile))))
        throw runError(out, `${out}: an interrupted run waits there. --resume goes on with it, --force starts anew.`);
      await rm(path, { recursive: true, force: true });
    }
  }
  if (!options.resume) await take(path, out);
  await writeDurably(join(path, ownerFile), JSON.stringify(await thisOwner()));
  return {
    out,
    path,
    resumed: options.resume === true,
    finish: () => finish(path, out, options),
    discard: async () => {
      await rm(path, { recursive: true, force: true });
      if (made !== undefined) await removeEmpty(dirname(out), dirname(made));
    },
    leave: () => rm(join(path, ownerFile), { force: true }),
  };
}

/** Takes away the folders from `path` up to below `end` that this command made, as far as nobody else has put something there. */
async function removeEmpty(path: string, end: string): Promise<void> {
  for (let at = path; at !== end && at !== dirname(at); at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}

/** Of two commands that start at once, one gets the folder. */
async function take(path: string, out: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw runError(out, `${out}: another ottoflow has just begun to work on it.`, error);
    throw runError(out, `${out}: cannot be written (${(error as NodeJS.ErrnoException).code}).`, error);
  }
}

async function refuseTaken(out: string, options: WorkplaceOptions): Promise<void> {
  const info = await stat(out).catch(() => null);
  if (!info) return;
  if (!info.isDirectory()) throw runError(out, `${out}: is a file when a folder for the results was expected. Choose another --out.`);
  const entries = await readdir(out);
  if (entries.length === 0) return;
  if (!marks.some((mark) => entries.includes(mark)))
    throw runError(out, `${out}: holds files that are no results of ottoflow; it is left alone. Choose another --out.`);
  if (!options.force) throw runError(out, `${out}: holds a result already. --force replaces it, --out DIR puts the new one elsewhere.`);
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(join(path, ownerFile), "utf8")) as Owner;
  } catch {
    return null; // gone or torn: nobody holds it
  }
}

async function finish(path: string, out: string, options: WorkplaceOptions): Promise<void> {
  await rm(join(path, ownerFile), { force: true });
  for (const name of [checkpointFile, framesFolder]) await rm(join(path, name), { recursive: true, force: true });
  await syncTree(path);
  await refuseTaken(out, options); // it may have come into being while we computed
  const old = oldPath(out);
  if (await exists(out)) await rename(out, old);
  await rename(path, out);
  await syncFolder(dirname(out));
  await rm(old, { recursive: true, force: true });
}

/** After a kill between the two renames of `finish` the old result goes back to its place; after one behind them it goes. */
async function mend(out: string): Promise<void> {
  const old = oldPath(out);
  if (!(await exists(old))) return;
  if (await exists(out)) await rm(old, { recursive: true, force: true });
  else await rename(old, out);
}

/** `wanted`, or the first of wanted-2, wanted-3 … that holds nothing. */
export async function freeName(wanted: string): Promise<string> {
  for (let k = 1; ; k++) {
    const name = k === 1 ? wanted : `${wanted}-${k}`;
    if (!(await exists(name)) && !(await exists(workplacePath(name)))) return name;
  }
}
/** The latest of wanted, wanted-2 … that has an interrupted run. */
export async function interruptedName(wanted: string): Promise<string> {
  const parent = dirname(wanted);
  const pattern = new RegExp(`^\\.${basename(wanted).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(-\\d+)?\\.partial$`);
  const names = (await readdir(parent).catch(() => [])).filter((name) => pattern.test(name));
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(parent, name))).mtimeMs })));
  const last = dated.sort((a, b) => b.at - a.at)[0];
  return last ? join(parent, last.name.slice(1, -".partial".length)) : wanted;
}
