/** Files that are there after a power cut, or are not there at all. */
import { mkdir, open, readdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes and reaches the disk before it returns. */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, "w");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file in one move: readers see the old one or the new one. */
export async function replaceDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const next = `${path}.next`;
  await writeDurably(next, bytes);
  await rename(next, path);
  await syncFolder(dirname(path));
}

/** Entries of a folder reach the disk; where the system cannot do that for folders, it does it by itself. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => null);
  if (!handle) return;
  try {
    await handle.sync();
  } catch (error) {
    if (!["EINVAL", "EPERM", "EISDIR", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    await handle.close();
  }
}

/** Files below a folder by name, folders made as needed; everything reaches the disk. */
export async function writeFiles(folder: string, files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<void> {
  const made = new Set<string>();
  for (const file of files) {
    const path = join(folder, file.name);
    if (!made.has(dirname(path))) {
      await mkdir(dirname(path), { recursive: true });
      made.add(dirname(path));
    }
    await writeDurably(path, file.bytes);
  }
}

/** Syncs every folder below and including this one. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isDirectory()) await syncTree(join(folder, entry.name));
  await syncFolder(folder);
}
