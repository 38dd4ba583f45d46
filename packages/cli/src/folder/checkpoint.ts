/** A checkpoint as bytes: magic, digest, payload. A torn file is noticed, never believed. */
import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import type { Checkpoint } from "ottoflow/flow";
import { runError } from "../exit.ts";

const magic = "OTTOCKP1";
const head = 8 + 32;

export function checkpointBytes(checkpoint: Checkpoint): Uint8Array {
  const payload = serialize(checkpoint);
  const digest = createHash("sha256").update(payload).digest();
  return Buffer.concat([Buffer.from(magic, "latin1"), digest, payload]);
}

/** @throws {RunError} where the bytes are not a whole checkpoint */
export function readCheckpoint(bytes: Uint8Array, path: string): Checkpoint {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < head || buffer.toString("latin1", 0, 8) !== magic)
    throw runError(path, `${path}: is not a checkpoint of this version. Start again with --force.`);
  const payload = buffer.subarray(head);
  if (!createHash("sha256").update(payload).digest().equals(buffer.subarray(8, head)))
    throw runError(path, `${path}: the checkpoint is damaged (its digest does not fit). Start again with --force.`);
  return deserialize(payload) as Checkpoint;
}
