import { expect, test } from "vitest";
import { CommandQueue, type Stands, type Waiting } from "./queue.ts";

const set = (value: number): Waiting => ({ type: "set", path: ["until"], value });
const [pause, get]: Waiting[] = [{ type: "pause" }, { type: "get", id: 1 }];

/** A flow whose run opens again after each change, as the page's does. */
function flow(): { stands: Stands; done: Waiting[]; queue: CommandQueue } {
  const it = { stands: { spec: false, flow: false }, done: [] as Waiting[] } as { stands: Stands; done: Waiting[]; queue: CommandQueue };
  it.queue = new CommandQueue(
    () => it.stands,
    (command) => {
      it.done.push(command);
      if (command.type === "set") it.stands = { spec: true, flow: false };
    },
  );
  return it;
}
test("what is said before there is a spec is done once there is one, in its order", () => {
  const it = flow();
  for (const command of [set(2), pause!, set(3), get!]) it.queue.take(command);
  expect(it.done).toEqual([]);
  it.stands = { spec: true, flow: false };
  it.queue.flush();
  expect(it.done).toEqual([set(2)]);
  it.stands = { spec: true, flow: true };
  it.queue.flush();
  // the change begins a run anew, and what comes after it waits for that
  expect(it.done).toEqual([set(2), pause, set(3)]);
  it.stands = { spec: true, flow: true };
  it.queue.flush();
  expect(it.done).toEqual([set(2), pause, set(3), get]);
});
test("changes one after the other wait for nothing but the spec", () => {
  const it = flow();
  it.stands = { spec: true, flow: false };
  for (const value of [1, 2, 3]) it.queue.take(set(value));
  expect(it.done).toEqual([set(1), set(2), set(3)]);
});
test("another flow lets go of what was asked of the last; more than a thousand do not wait", () => {
  const it = flow();
  for (let k = 0; k < 1000; k++) expect(it.queue.take(pause!)).toBe(true);
  expect(it.queue.take(pause!)).toBe(false);
  // nobody waits for an answer in vain: what is let go is handed back
  expect(it.queue.clear()).toHaveLength(1000);
  expect(it.queue.take(get!)).toBe(true);
  expect(it.queue.clear()).toEqual([get]);
  expect(it.queue.clear()).toEqual([]);
});
