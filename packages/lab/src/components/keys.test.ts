import { expect, test } from "vitest";
import { press } from "./keys.ts";

/** What a key does while an element has the focus: the element by its tag, and a class around it. */
function pressed(key: string, focus: string, held: Partial<KeyboardEvent> = {}): { did: string[]; prevented: boolean } {
  const [tag, around = ""] = focus.split(" in ");
  const list = (selector: string): string[] => selector.split(", ");
  const target = {
    matches: (selector: string) => list(selector).includes(tag!),
    closest: (selector: string) => (list(selector).some((s) => s === tag || s === around) ? {} : null),
  };
  const did: string[] = [];
  let prevented = false;
  const event = { key, target, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, preventDefault: () => (prevented = true), ...held };
  press(event as unknown as KeyboardEvent, {
    undo: () => did.push("undo"),
    redo: () => did.push("redo"),
    acts: { " ": () => did.push("play"), r: () => did.push("run"), ArrowRight: () => did.push("next") },
  });
  return { did, prevented };
}
const ctrl = { ctrlKey: true };

test.each([
  ["r", "body", {}, ["run"]],
  ["ArrowRight", "canvas", {}, ["next"]],
  [" ", "body", {}, ["play"]],
  // a button is pressed by the space bar, and no other key
  [" ", "button", {}, []],
  [" ", "summary", {}, []],
  ["r", "button", {}, ["run"]],
  // what is typed is text, and arrows move sliders
  ["r", "input", {}, []],
  ["ArrowRight", "input", {}, []],
  ["r", "select", {}, []],
  ["r", "div in .cm-editor", {}, []],
  // what the browser means by them
  ["r", "body", ctrl, []],
  ["r", "body", { metaKey: true }, []],
  ["r", "body", { altKey: true }, []],
  ["q", "body", {}, []],
  // undoing is of the flow, but for editors, which have their own
  ["z", "body", ctrl, ["undo"]],
  ["Z", "body", { ...ctrl, shiftKey: true }, ["redo"]],
  ["z", "input", { metaKey: true }, ["undo"]],
  ["z", "textarea", ctrl, []],
  ["z", "div in .cm-editor", ctrl, []],
] as const)("%s on %s with %o: %j", (key, focus, held, did) => {
  expect(pressed(key, focus, held)).toEqual({ did, prevented: did.length > 0 });
});
