/** The canvas that pictures are drawn on: its colours and its pixels. */
import { isDark } from "../state/scheme.ts";
import type { Ink } from "./axes.ts";

/** What stands for a first and a last measure, and for a third. */
export interface Colours {
  readonly ink: Ink;
  readonly red: string;
  readonly blue: string;
  readonly green: string;
}
/** Variables of the style sheet as colours that a canvas can take, resolved where they are used. */
export function resolved(place: HTMLElement, ...names: readonly string[]): readonly string[] {
  const probe = document.createElement("span");
  place.append(probe);
  const values = names.map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return values;
}
export function inkOf(place: HTMLElement): Ink {
  const [ink, soft, line, accent] = resolved(place, "--ink", "--soft", "--line", "--accent") as [string, string, string, string];
  return { ink, soft, line, accent, dark: isDark() };
}
export function coloursOf(place: HTMLElement): Colours {
  const ink = inkOf(place);
  return { ink, red: ink.dark ? "#ff7a66" : "#d1281b", blue: ink.dark ? "#5cb3ff" : "#1556c0", green: ink.dark ? "#2fd0a0" : "#00795a" };
}

/** Gives a canvas the pixels of its size on this screen, and draws in lengths of the page. What was drawn stays where the size does. */
export function fitted(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = Math.min(2, devicePixelRatio);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const c = canvas.getContext("2d") as CanvasRenderingContext2D;
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  return c;
}
