/** Pointer, wheel and keys move what a stage shows nearer, farther and aside. */
import type { Box } from "./axes.ts";
import type { Scene } from "./scene.ts";
import { nearerTo, type Place, panned, type Zoom } from "./zoom.ts";

/** What is steered. Asked at each event: several may come between two paintings. */
export interface Sight {
  /** all there is to see, null before there is anything */
  whole(): Scene | null;
  /** the part that is seen */
  seen(): Scene | null;
  /** where it stands on the page */
  box(seen: Scene): Box;
  /** sees this part from now on; null: all */
  see(zoom: Zoom | null): void;
  /** the wheel is the page's own, which scrolls */
  scrolls(event: WheelEvent): boolean;
}
export interface Steering {
  /** nearer by a factor, around a place or the middle */
  nearer(factor: number, at?: Place): void;
  keys(event: KeyboardEvent): void;
  /** Listens to wheel and pointer on the canvas. Returns how to end that. */
  hold(canvas: HTMLElement): () => void;
}
/** One press of a key or a button. */
export const NEARER = 1.4;
/** Pixels that a pointer may tremble before it drags. */
const STILL = 3;

export function steer(sight: Sight): Steering {
  function nearer(factor: number, at?: Place): void {
    const [whole, seen] = [sight.whole(), sight.seen()];
    if (whole && seen) sight.see(nearerTo(seen, whole, factor, at));
  }
  function placeOf(event: MouseEvent): Place | undefined {
    const seen = sight.seen();
    if (!seen) return undefined;
    const { x, y } = seen;
    const { left, top, width, height } = sight.box(seen);
    return { x: x.lo + ((event.clientX - left) / width) * (x.hi - x.lo), y: y.hi - ((event.clientY - top) / height) * (y.hi - y.lo) };
  }
  function keys(event: KeyboardEvent): void {
    const seen = sight.seen();
    if (!seen || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 0.1 * (seen.x.hi - seen.x.lo);
    const pan = (dx: number, dy: number): void => sight.see(panned(seen, dx, dy));
    const act: Record<string, () => void> = {
      "+": () => nearer(NEARER),
      "=": () => nearer(NEARER),
      "-": () => nearer(1 / NEARER),
      0: () => sight.see(null),
      ...(event.shiftKey && { ArrowLeft: () => pan(-step, 0), ArrowRight: () => pan(step, 0), ArrowUp: () => pan(0, step), ArrowDown: () => pan(0, -step) }),
    };
    const found = act[event.key];
    if (!found) return;
    event.preventDefault();
    event.stopPropagation();
    found();
  }
  function wheel(event: WheelEvent): void {
    if (sight.scrolls(event)) return;
    event.preventDefault();
    nearer(Math.exp(-0.002 * (event.deltaY || event.deltaX)), placeOf(event));
  }
  function hold(canvas: HTMLElement): () => void {
    /** what was seen when the pointer went down, where that was, and how much of the scene a pixel is */
    let held: { readonly from: Scene; readonly px: number; readonly py: number; readonly scale: number } | null = null;
    const down = (event: PointerEvent): void => {
      const from = sight.seen();
      // the painter has the pointer while it paints
      if (!from || event.button !== 0 || event.defaultPrevented || event.pointerType === "touch") return;
      held = { from, px: event.clientX, py: event.clientY, scale: (from.x.hi - from.x.lo) / sight.box(from).width };
      canvas.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent): void => {
      // another run is another scene
      if (held?.from.opening !== sight.seen()?.opening) held = null;
      if (!held) return;
      const [right, below] = [event.clientX - held.px, event.clientY - held.py];
      if (Math.hypot(right, below) >= STILL) sight.see(panned(held.from, -right * held.scale, below * held.scale));
    };
    const up = (): void => void (held = null);
    const ended = new AbortController();
    const { signal } = ended;
    canvas.addEventListener("wheel", wheel, { passive: false, signal });
    canvas.addEventListener("pointerdown", down, { signal });
    canvas.addEventListener("pointermove", move, { signal });
    canvas.addEventListener("pointerup", up, { signal });
    canvas.addEventListener("pointercancel", up, { signal });
    return () => ended.abort();
  }
  return { nearer, keys, hold };
}
