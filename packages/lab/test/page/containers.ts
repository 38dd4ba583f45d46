/** What containers of films say of themselves, read from their bytes by the standards alone: boxes of ISO 14496-12 (MP4), elements of RFC 8794 and 9559 (WebM). */
export interface Contained {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** when each picture is shown, in seconds, in the order in which they are shown */
  readonly times: readonly number[];
  /** in seconds */
  readonly duration: number;
  readonly tracks: number;
}
const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

// ── MP4: size, four letters, content

function boxes(bytes: Uint8Array): readonly (readonly [type: string, content: Uint8Array])[] {
  const found: (readonly [string, Uint8Array])[] = [];
  const view = viewOf(bytes);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const type = ascii(bytes.subarray(at + 4, at + 8));
    const short = view.getUint32(at);
    const [size, head] = short === 1 ? [Number(view.getBigUint64(at + 8)), 16] : [short === 0 ? bytes.length - at : short, 8];
    if (size < head || at + size > bytes.length) throw new Error(`the box ${type} at ${at} has ${size} bytes`);
    found.push([type, bytes.subarray(at + head, at + size)]);
    at += size;
  }
  return found;
}
function box(bytes: Uint8Array, ...path: string[]): Uint8Array {
  return path.reduce((inside, type) => {
    const found = boxes(inside).filter(([t]) => t === type);
    if (found.length !== 1) throw new Error(`${found.length} boxes ${type}`);
    return found[0]![1];
  }, bytes);
}
/** Pairs of a table that follows four bytes of version and four of count. */
function pairs(table: Uint8Array): readonly (readonly [number, number])[] {
  const view = viewOf(table);
  return Array.from({ length: view.getUint32(4) }, (_, i) => [view.getUint32(8 + 8 * i), view.getInt32(12 + 8 * i)]);
}
export function readMp4(bytes: Uint8Array): Contained {
  const top = boxes(bytes).map(([type]) => type);
  if (top[0] !== "ftyp") throw new Error(`begins with ${top[0]}`);
  const moov = box(bytes, "moov");
  const tracks = boxes(moov).filter(([type]) => type === "trak");
  const trak = tracks[0]![1];
  const tkhd = viewOf(box(trak, "tkhd"));
  const mdhd = viewOf(box(trak, "mdia", "mdhd"));
  const [scale, length] = mdhd.getUint8(0) === 1 ? [mdhd.getUint32(20), Number(mdhd.getBigUint64(24))] : [mdhd.getUint32(12), mdhd.getUint32(16)];
  const stbl = box(trak, "mdia", "minf", "stbl");
  const decoded: number[] = [];
  let at = 0;
  for (const [count, delta] of pairs(box(stbl, "stts"))) for (let i = 0; i < count; i++, at += delta) decoded.push(at);
  const offsets = boxes(stbl).some(([type]) => type === "ctts") ? pairs(box(stbl, "ctts")).flatMap(([count, by]) => new Array<number>(count).fill(by)) : [];
  // the sizes of the pictures add up to what lies in the file
  const sizes = viewOf(box(stbl, "stsz"));
  const count = sizes.getUint32(8);
  if (count !== decoded.length) throw new Error(`${count} sizes for ${decoded.length} times`);
  let sum = sizes.getUint32(4) * count;
  if (sum === 0) for (let i = 0; i < count; i++) sum += sizes.getUint32(12 + 4 * i);
  if (sum > box(bytes, "mdat").length) throw new Error("the pictures are longer than the data");
  return {
    codec: ascii(box(stbl, "stsd").subarray(12, 16)),
    width: tkhd.getUint32(tkhd.byteLength - 8) / 65_536,
    height: tkhd.getUint32(tkhd.byteLength - 4) / 65_536,
    times: decoded.map((t, i) => (t + (offsets[i] ?? 0)) / scale).sort((a, b) => a - b),
    duration: length / scale,
    tracks: tracks.length,
  };
}

// ── WebM: an id, a length, content; both numbers say by their first bits how long they are

const masters = new Set([0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0xe0, 0x1f43b675, 0xa0]);
type Element = readonly [id: number, content: Uint8Array];

function* elements(bytes: Uint8Array): Generator<Element> {
  const number = (from: number, keep: boolean): readonly [value: number, length: number, unknown: boolean] => {
    const length = Math.clz32(bytes[from]!) - 23;
    if (length > 8) throw new Error(`no number at ${from}`);
    let value = keep ? bytes[from]! : bytes[from]! & (0xff >> length);
    let full = (bytes[from]! & (0xff >> length)) === 0xff >> length;
    for (let k = 1; k < length; k++) {
      value = value * 256 + bytes[from + k]!;
      full &&= bytes[from + k] === 0xff;
    }
    return [value, length, full];
  };
  for (let at = 0; at < bytes.length; ) {
    const [id, idLength] = number(at, true);
    const [size, sizeLength, unknown] = number(at + idLength, false);
    const from = at + idLength + sizeLength;
    const until = unknown ? bytes.length : from + size;
    if (until > bytes.length) throw new Error(`the element ${id.toString(16)} at ${at} has ${size} bytes`);
    yield [id, bytes.subarray(from, until)];
    if (masters.has(id)) yield* elements(bytes.subarray(from, until));
    at = until;
  }
}
const whole = (bytes: Uint8Array): number => bytes.reduce((v, b) => v * 256 + b, 0);
const real = (bytes: Uint8Array): number => (bytes.length === 4 ? viewOf(bytes).getFloat32(0) : viewOf(bytes).getFloat64(0));

export function readWebm(bytes: Uint8Array): Contained {
  const all = [...elements(bytes)];
  if (all[0]![0] !== 0x1a45dfa3) throw new Error("no EBML header");
  const doctype = [...elements(all[0]![1])].find(([id]) => id === 0x4282)!;
  if (ascii(doctype[1]) !== "webm") throw new Error(`the type is ${ascii(doctype[1])}`);
  const one = (id: number): Uint8Array => all.find(([found]) => found === id)![1];
  const unit = whole(one(0x2ad7b1)) / 1e9;
  const times: number[] = [];
  let cluster = 0;
  for (const [id, content] of all)
    if (id === 0xe7) cluster = whole(content);
    else if (id === 0xa3 || id === 0xa1) times.push((cluster + viewOf(content).getInt16(1)) * unit);
  return {
    codec: ascii(one(0x86)),
    width: whole(one(0xb0)),
    height: whole(one(0xba)),
    times: times.sort((a, b) => a - b),
    duration: real(one(0x4489)) * unit,
    tracks: all.filter(([id]) => id === 0xae).length,
  };
}
