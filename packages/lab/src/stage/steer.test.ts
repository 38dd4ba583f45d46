import { describe, expect, test } from "vitest";
import type { Opening } from "../engine/messages.ts";
import type { Scene } from "./scene.ts";
import { type Sight, steer } from "./steer.ts";
import type { Zoom } from "./zoom.ts";

/** A picture of [0, 10] x [0, 5] in a box of 100 x 50 pixels at (10, 20) of the page. */
function stand(dim = 2, scrolls = false) {
  const scene = { opening: { dim } as Opening, x: { lo: 0, hi: 10 }, y: { lo: 0, hi: 5 }, top: 1, bottom: 0 } as Scene;
  const stand = { whole: scene as Scene | null, zoom: null as Zoom | null, held: 0 };
  const sight: Sight = {
    whole: () => stand.whole,
    seen: () => stand.whole && { ...stand.whole, ...stand.zoom },
    box: () => ({ left: 10, top: 20, width: 100, height: 50 }),
    see: (zoom) => (stand.zoom = zoom),
    scrolls: () => scrolls,
  };
  const steering = steer(sight);
  const canvas = Object.assign(new EventTarget(), { setPointerCapture: () => stand.held++ });
  const release = steering.hold(canvas as unknown as HTMLElement);
  const tell = (type: string, given: object): Event => {
    const event = Object.assign(new Event(type, { cancelable: true }), { button: 0, pointerType: "mouse", pointerId: 1, ...given });
    canvas.dispatchEvent(event);
    return event;
  };
  const key = (name: string, given: object = {}) => {
    const done = { prevented: 0, stopped: 0 };
    steering.keys({ key: name, preventDefault: () => done.prevented++, stopPropagation: () => done.stopped++, ...given } as unknown as KeyboardEvent);
    return done;
  };
  return { stand, steering, tell, key, release, scene };
}
const width = ({ x, y }: Zoom): number[] => [x.hi - x.lo, y.hi - y.lo];
const middle = ({ x, y }: Zoom): number[] => [(x.hi + x.lo) / 2, (y.hi + y.lo) / 2];

describe("the wheel", () => {
  test("what is under the pointer stays there, and both axes come nearer by exp(-0.002 d)", () => {
    const { stand: s, tell } = stand();
    // (40, 30) is the value (3, 4)
    const event = tell("wheel", { clientX: 40, clientY: 30, deltaY: -100, deltaX: 0 });
    const { x, y } = s.zoom!;
    expect(event.defaultPrevented).toBe(true);
    expect(x.lo + 0.3 * (x.hi - x.lo)).toBeCloseTo(3, 12);
    expect(y.hi - 0.2 * (y.hi - y.lo)).toBeCloseTo(4, 12);
    for (const [k, w] of width(s.zoom!).entries()) expect(w).toBeCloseTo([10, 5][k]! * Math.exp(-0.2), 12);
  });
  test("is the page's where the page scrolls", () => {
    const { stand: s, tell } = stand(2, true);
    expect(tell("wheel", { clientX: 40, clientY: 30, deltaY: -100, deltaX: 0 }).defaultPrevented).toBe(false);
    expect(s.zoom).toBeNull();
  });
});

describe("the pointer", () => {
  const drag = (told: ReturnType<typeof stand>, given: object = {}) => {
    told.tell("pointerdown", { clientX: 50, clientY: 50, ...given });
    told.tell("pointermove", { clientX: 70, clientY: 60 });
  };
  test("what was taken stays under it: 20 px to the right and 10 down are 2 to the left and 1 up in values", () => {
    const told = stand();
    drag(told);
    expect(told.stand.zoom).toEqual({ x: { lo: -2, hi: 8 }, y: { lo: 1, hi: 6 } });
    expect(told.stand.held).toBe(1);
    // from where it was taken, not from the last place
    told.tell("pointermove", { clientX: 60, clientY: 50 });
    expect(told.stand.zoom).toEqual({ x: { lo: -1, hi: 9 }, y: { lo: 0, hi: 5 } });
  });
  test("on the line only x is moved", () => {
    const told = stand(1);
    drag(told);
    expect(told.stand.zoom).toEqual({ x: { lo: -2, hi: 8 }, y: { lo: 0, hi: 5 } });
  });
  test("a tremble is no drag, and nothing is dragged after it was let go", () => {
    const told = stand();
    told.tell("pointerdown", { clientX: 50, clientY: 50 });
    told.tell("pointermove", { clientX: 52, clientY: 51 });
    expect(told.stand.zoom).toBeNull();
    told.tell("pointerup", {});
    told.tell("pointermove", { clientX: 90, clientY: 51 });
    expect(told.stand.zoom).toBeNull();
  });
  test.each([
    ["touch", { pointerType: "touch" }],
    ["another button", { button: 2 }],
  ])("%s drags nothing", (_, given) => {
    const told = stand();
    drag(told, given);
    expect([told.stand.zoom, told.stand.held]).toEqual([null, 0]);
  });
  test("another run under it is another scene: the drag ends", () => {
    const told = stand();
    told.tell("pointerdown", { clientX: 50, clientY: 50 });
    told.stand.whole = { ...told.scene, opening: { dim: 2 } as Opening };
    told.tell("pointermove", { clientX: 70, clientY: 60 });
    expect(told.stand.zoom).toBeNull();
  });
  test("before there is anything to see nothing is moved; after its end nothing is heard", () => {
    const told = stand();
    told.stand.whole = null;
    drag(told);
    told.tell("wheel", { clientX: 40, clientY: 30, deltaY: -100, deltaX: 0 });
    told.stand.whole = told.scene;
    told.release();
    drag(told);
    expect([told.stand.zoom, told.stand.held]).toEqual([null, 0]);
  });
});

describe("keys", () => {
  test("two presses between two paintings are two steps nearer, around the middle", () => {
    const { stand: s, key } = stand();
    expect(key("+")).toEqual({ prevented: 1, stopped: 1 });
    key("=");
    for (const [k, w] of width(s.zoom!).entries()) expect(w).toBeCloseTo([10, 5][k]! / 1.96, 12);
    for (const [k, m] of middle(s.zoom!).entries()) expect(m).toBeCloseTo([5, 2.5][k]!, 12);
    key("-");
    key("-");
    for (const [k, w] of width(s.zoom!).entries()) expect(w).toBeCloseTo([10, 5][k]!, 12);
    key("0");
    expect(s.zoom).toBeNull();
  });
  test("arrows move by a tenth with Shift, and are the player's without", () => {
    const { stand: s, key } = stand();
    expect(key("ArrowRight")).toEqual({ prevented: 0, stopped: 0 });
    expect(s.zoom).toBeNull();
    key("ArrowRight", { shiftKey: true });
    key("ArrowUp", { shiftKey: true });
    expect(s.zoom).toEqual({ x: { lo: 1, hi: 11 }, y: { lo: 1, hi: 6 } });
  });
  test.each(["ctrlKey", "metaKey", "altKey"])("with %s they are the browser's", (held) => {
    const { stand: s, key } = stand();
    expect(key("+", { [held]: true })).toEqual({ prevented: 0, stopped: 0 });
    expect(s.zoom).toBeNull();
  });
});
