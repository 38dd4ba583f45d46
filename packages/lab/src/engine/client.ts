/** The page's side of the engine. One run at a time; what an older run still says is not heard. */
import type { Answers, FromEngine, Question, ToEngine } from "./messages.ts";

export interface Heard {
  opened(opening: Extract<FromEngine, { type: "opened" }>["opening"]): void;
  progress(message: Extract<FromEngine, { type: "progress" }>): void;
  nearing(nearing: Extract<FromEngine, { type: "nearing" }>["nearing"]): void;
  ended(message: Extract<FromEngine, { type: "ended" }>): void;
  fault(fault: Extract<FromEngine, { type: "fault" }>["fault"]): void;
}
export interface RunRequest {
  readonly spec: unknown;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** how many frames to keep over the whole span */
  readonly frames: number;
  /** memory for frames */
  readonly bytes: number;
  /** name of the merge-patch of the spec to apply */
  readonly variant?: string;
}
/** One core is left to the page. */
const threads = (): number => Math.max(1, Math.min(8, (navigator.hardwareConcurrency || 1) - 1));

interface Asked {
  resolve(answer: unknown): void;
  reject(why: Error): void;
}

export class Engine {
  private readonly worker: Worker;
  private id = 0;
  private heard: Heard | null = null;
  private asked = new Map<number, Asked>();
  private questions = 0;

  constructor(worker: Worker) {
    this.worker = worker;
    this.worker.onmessage = ({ data }: MessageEvent<FromEngine>) => this.hear(data);
    this.worker.onerror = (event) => this.heard?.fault({ tag: "InternalError", message: event.message || "the engine could not be loaded", path: null });
  }

  run(request: RunRequest, heard: Heard): void {
    this.id++;
    this.heard = heard;
    this.send({ type: "run", id: this.id, threads: threads(), ...request });
  }
  /** Answered beside the run, in order. @throws Error with the reason in words where there is no answer */
  ask<Q extends Question>(question: Q): Promise<Answers[Q["about"]]> {
    const id = this.questions++;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.send({ type: "ask", id, question });
    });
  }
  /** Computing rests, frames stay. */
  hold(held: boolean): void {
    this.send({ type: "hold", id: this.id, held });
  }
  stop(): void {
    this.send({ type: "stop", id: this.id });
  }
  close(): void {
    this.worker.terminate();
    // who still waits for an answer will get none
    for (const { reject } of this.asked.values()) reject(new Error("the run is closed"));
    this.asked.clear();
  }

  private hear(message: FromEngine): void {
    if (message.type === "answer" || message.type === "no-answer") {
      const waiting = this.asked.get(message.id);
      this.asked.delete(message.id);
      if (message.type === "answer") waiting?.resolve(message.answer);
      else waiting?.reject(new Error(message.why));
      return;
    }
    if (message.id !== this.id || !this.heard) return;
    if (message.type === "opened") this.heard.opened(message.opening);
    else if (message.type === "progress") this.heard.progress(message);
    else if (message.type === "nearing") this.heard.nearing(message.nearing);
    else if (message.type === "ended") this.heard.ended(message);
    else this.heard.fault(message.fault);
  }
  private send(message: ToEngine): void {
    this.worker.postMessage(message);
  }
}
