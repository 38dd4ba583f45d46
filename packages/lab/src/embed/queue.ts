/**
 * What a page says before the flow can do it waits its turn. A change of the spec needs a spec; a place on the time line needs a flow that runs from
 * the spec as it was changed last. Commands keep their order.
 */
import type { Command } from "./protocol.ts";

export type Waiting = Exclude<Command, { type: "open" }>;
export interface Stands {
  /** there is a spec to change */
  readonly spec: boolean;
  /** the spec, as it is now, runs or was refused */
  readonly flow: boolean;
}
const MOST = 1000;

export class CommandQueue {
  private readonly waiting: Waiting[] = [];
  private readonly stands: () => Stands;
  private readonly act: (command: Waiting) => void;

  constructor(stands: () => Stands, act: (command: Waiting) => void) {
    this.stands = stands;
    this.act = act;
  }
  /** False where too many wait already. */
  take(command: Waiting): boolean {
    if (this.waiting.length >= MOST) return false;
    this.waiting.push(command);
    this.flush();
    return true;
  }
  /** Does what can be done now. */
  flush(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      const { spec, flow } = this.stands();
      if (!(next.type === "set" ? spec : spec && flow)) return;
      this.waiting.shift();
      this.act(next);
    }
  }
  /** The flow that is waited for does not come, or another one does: returns what was asked of it and is let go. */
  clear(): readonly Waiting[] {
    return this.waiting.splice(0);
  }
}
