/** What we use of gifenc, which carries no types. */
declare module "gifenc" {
  export type Palette = readonly (readonly number[])[];
  export interface Encoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options?: { readonly palette?: Palette; readonly delay?: number; readonly repeat?: number; readonly first?: boolean },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }
  export function GIFEncoder(options?: { readonly auto?: boolean }): Encoder;
  export function quantize(rgba: Uint8ClampedArray | Uint8Array, most: number, options?: { readonly format?: "rgb565" | "rgb444" }): Palette;
  export function applyPalette(rgba: Uint8ClampedArray | Uint8Array, palette: Palette, format?: "rgb565" | "rgb444"): Uint8Array;
}
