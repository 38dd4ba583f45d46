/** Who works in a folder: so that two commands never write the same result, and a killed one's place can be taken. */
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";

export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** start of the process where the system tells it, so that a reused number is not taken for the old process */
  readonly started: string | null;
}

async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  // field 22, counted behind the name, which may hold anything but ends at the last parenthesis
  return stat ? (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null) : null;
}

export async function thisOwner(): Promise<Owner> {
  return { host: hostname(), pid: process.pid, started: await startOf(process.pid) };
}

/** Whether the owner still runs. Of another machine nothing is known, so it is taken to run. */
export async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true;
  if (owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const started = await startOf(owner.pid);
  return owner.started === null || started === null || started === owner.started;
}
