/** NumPy's array format, version 1.0: a header in text, then the values in C order, little-endian. */
import type { Rows } from "../contract.ts";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/**
 * Bytes of an .npy file.
 * @param shape sizes of the axes, the first one slowest; their product is `values.length`
 */
export function npyBytes(shape: readonly number[], values: Rows | Int32Array): Uint8Array {
  const type = values instanceof Float64Array ? "<f8" : values instanceof Float32Array ? "<f4" : "<i4";
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // the header ends in a newline and fills up to a multiple of 64, so that the values are aligned
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11, " ");
  const bytes = new Uint8Array(11 + header.length + values.byteLength);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint16(8, header.length + 1, true);
  for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
  bytes[10 + header.length] = 10;
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 11 + header.length);
  return bytes;
}
