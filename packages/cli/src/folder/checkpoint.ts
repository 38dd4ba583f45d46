/**
 * Checkpoints on disk. Frames never change, so each is written once, into a file of its own under `checkpoint.frames/`; the checkpoint itself
 * holds the state, what the watchers remember, and the digests of the frames it goes with. Every file carries its digest: a torn one is
 * noticed, never believed.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Checkpoint, SavedFrame } from "ottoflow/flow";
import { runError } from "../exit.ts";
import { readBounded } from "../files.ts";
import { replaceDurably } from "./durable.ts";

export const checkpointFile = "checkpoint";
export const framesFolder = "checkpoint.frames";

const magic = "OTTOCKP2";
const digestBytes = 32;
const head = magic.length + digestBytes;
/** frames and states are bounded far below this by the memory that a run may take */
const mostBytes = 16_000_000_000;

/** Any plain data with typed arrays: magic, digest, payload. */
export function sealed(value: unknown): Uint8Array {
  const payload = serialize(value);
  return Buffer.concat([Buffer.from(magic, "latin1"), createHash("sha256").update(payload).digest(), payload]);
}
/** @throws {RunError} where the bytes are not whole */
export function unsealed(bytes: Uint8Array, path: string): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < head || buffer.toString("latin1", 0, magic.length) !== magic)
    throw runError(path, `${path}: is not a checkpoint of this version. Start again with --force.`);
  const payload = buffer.subarray(head);
  if (!createHash("sha256").update(payload).digest().equals(buffer.subarray(magic.length, head)))
    throw runError(path, `${path}: the checkpoint is damaged (its digest does not fit). Start again with --force.`);
  return deserialize(payload);
}
const digestOf = (sealedBytes: Uint8Array): string => Buffer.from(sealedBytes.subarray(magic.length, head)).toString("hex");

async function digestAt(path: string): Promise<string> {
  const handle = await open(path, "r");
  try {
    return digestOf((await handle.read(Buffer.alloc(head), 0, head, 0)).buffer);
  } finally {
    await handle.close();
  }
}

type Written = Omit<Checkpoint, "frames"> & { readonly frames: readonly string[] };

/** Saves one checkpoint after the other into a folder; of each, only the frames that are new. @param kept how many a resumed run has there already */
export function checkpointSaver(folder: string, kept = 0): (checkpoint: Checkpoint) => Promise<void> {
  const digests: string[] = [];
  return async ({ frames, ...rest }) => {
    await mkdir(join(folder, framesFolder), { recursive: true });
    for (let k = digests.length; k < frames.length; k++) {
      const path = join(folder, framesFolder, String(k));
      if (k >= kept) await replaceDurably(path, sealed(frames[k]));
      digests.push(await digestAt(path));
    }
    await replaceDurably(join(folder, checkpointFile), sealed({ ...rest, frames: digests } satisfies Written));
  };
}

/** The last checkpoint that a folder holds, or undefined. @throws {RunError} where it or one of its frames is damaged */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, checkpointFile);
  if (!existsSync(path)) return undefined;
  const { frames: digests, ...rest } = unsealed(await readBounded(path, mostBytes), path) as Written;
  const frames: SavedFrame[] = [];
  for (const [k, digest] of digests.entries()) {
    const at = join(folder, framesFolder, String(k));
    if (!existsSync(at)) throw runError(at, `${at}: frame ${k} of the checkpoint is missing. Start again with --force.`);
    const bytes = await readBounded(at, mostBytes);
    const frame = unsealed(bytes, at) as SavedFrame;
    if (digestOf(bytes) !== digest) throw runError(at, `${at}: belongs to another checkpoint. Start again with --force.`);
    frames.push(frame);
  }
  return { ...rest, frames };
}
