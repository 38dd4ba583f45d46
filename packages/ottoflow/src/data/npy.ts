import { unzipSync } from "fflate";
import { dataError, limitError } from "../errors.ts";
import type { FileData } from "../params.ts";
import { checkNumbers, maxNumbers } from "./table.ts";

/** A NumPy array in C order, as float64. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

type Reader = (view: DataView, at: number, little: boolean) => number;
/** 64-bit integers beyond 2^53 have no float64 and come out as NaN, which the caller refuses. */
const whole = (v: bigint): number =>
  BigInt.asIntN(64, v) === v && v <= BigInt(Number.MAX_SAFE_INTEGER) && v >= -BigInt(Number.MAX_SAFE_INTEGER) ? Number(v) : Number.NaN;
const readers: Readonly<Record<string, readonly [size: number, read: Reader]>> = {
  f8: [8, (v, i, le) => v.getFloat64(i, le)],
  f4: [4, (v, i, le) => v.getFloat32(i, le)],
  i1: [1, (v, i) => v.getInt8(i)],
  u1: [1, (v, i) => v.getUint8(i)],
  b1: [1, (v, i) => v.getUint8(i)],
  i2: [2, (v, i, le) => v.getInt16(i, le)],
  u2: [2, (v, i, le) => v.getUint16(i, le)],
  i4: [4, (v, i, le) => v.getInt32(i, le)],
  u4: [4, (v, i, le) => v.getUint32(i, le)],
  i8: [8, (v, i, le) => whole(v.getBigInt64(i, le))],
  u8: [8, (v, i, le) => whole(v.getBigUint64(i, le))],
};

/**
 * One .npy array: format versions 1 to 3, float32, float64, integers and booleans, either byte order, either memory order.
 * @throws {DataError} for other bytes, other types, truncated data, values that are not finite
 * @throws {LimitError} before anything is allocated
 */
export function readNpy(file: FileData): NumericArray {
  const { bytes } = file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || bytes[0] !== 0x93 || String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY")
    throw dataError(file.path, "is no NumPy array: it does not start with \\x93NUMPY.");
  const version = bytes[6]!;
  const start = version === 1 ? 10 : 12;
  if (version < 1 || version > 3 || bytes.length < start) throw dataError(file.path, `has NPY version ${version} when 1, 2 and 3 are known.`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw dataError(file.path, "is truncated inside its header.");
  const { order, type, shape, fortran } = readHeader(file, new TextDecoder().decode(bytes.subarray(start, start + length)));
  const count = shape.reduce((a, b) => a * b, 1);
  checkNumbers(file.path, count);
  const reader = readers[type];
  if (!reader) throw dataError(file.path, `holds values of type ${type} when ${Object.keys(readers).join(", ")} are read. Convert it with .astype(float).`);
  const [size, read] = reader;
  const data = start + length;
  if (data + count * size > bytes.length)
    throw dataError(file.path, `is truncated: shape (${shape.join(", ")}) needs ${count * size} bytes of data when ${bytes.length - data} are there.`);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const v = read(view, data + i * size, order !== ">");
    if (!Number.isFinite(v)) throw dataError(file.path, `entry ${i} is ${type === "i8" || type === "u8" ? "beyond 2^53" : v}; give finite numbers.`);
    values[i] = v;
  }
  return { shape, values: fortran ? toRowMajor(shape, values) : values };
}

function readHeader(file: FileData, text: string): { order: string; type: string; shape: readonly number[]; fortran: boolean } {
  const descr = /'descr'\s*:\s*'([<>|=])([a-zA-Z]\d+)'/.exec(text);
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(text);
  if (!descr || !fortran || !shape) throw dataError(file.path, `has a header that is not a plain array: ${text.trim().slice(0, 80)}`);
  return {
    order: descr[1]!,
    type: descr[2]!,
    fortran: fortran[1] === "True",
    shape: shape[1]!
      .split(",")
      .filter((s) => s.trim() !== "")
      .map(Number),
  };
}

function toRowMajor(shape: readonly number[], a: Float64Array): Float64Array {
  const d = shape.length;
  if (d < 2) return a;
  const out = new Float64Array(a.length);
  const index = new Array<number>(d).fill(0);
  for (let i = 0; i < a.length; i++) {
    let at = 0;
    for (let k = 0; k < d; k++) at = at * shape[k]! + index[k]!;
    out[at] = a[i]!;
    for (let k = 0; k < d && ++index[k]! === shape[k]!; k++) index[k] = 0;
  }
  return out;
}

/**
 * The arrays of an .npz archive by name. Sizes are checked from the directory before anything is unpacked.
 * @throws {DataError} where the archive or one of its arrays cannot be read
 */
export function readNpz(file: FileData): Readonly<Record<string, NumericArray>> {
  let total = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(file.bytes, {
      filter: (entry) => {
        if (!entry.name.endsWith(".npy")) return false;
        total += entry.originalSize;
        if (total > 8 * maxNumbers) throw limitError(`${file.path}: bytes when unpacked`, total, 8 * maxNumbers, "Keep fewer arrays in the archive.");
        return true;
      },
    });
  } catch (cause) {
    if (cause instanceof Error && cause.name === "LimitError") throw cause;
    throw dataError(file.path, "is no readable zip archive (truncated, or not an .npz file).", cause);
  }
  const out: Record<string, NumericArray> = {};
  for (const [name, bytes] of Object.entries(files)) out[name.slice(0, -4)] = readNpy({ path: `${file.path}/${name}`, bytes });
  if (Object.keys(out).length === 0) throw dataError(file.path, "holds no .npy arrays.");
  return out;
}
