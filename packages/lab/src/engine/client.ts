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
  /** the run that was heard to open last */
  private open = -1;
  private heard: Heard | null = null;
  private asked = new Map<number, Asked>();
  private questions = 0;
  /** the worker has said something: it was loaded */
  private spoken = false;
  /** why there will be no more answers */
  private lost: string | null = null;

  constructor(worker: Worker) {
    this.worker = worker;
    this.worker.onmessage = ({ data }: MessageEvent<FromEngine>) => this.hear(data);
    this.worker.onerror = (event) => this.fail(event.message);
    this.worker.onmessageerror = () => this.fail("the engine could not be understood");
  }

  run(request: RunRequest, heard: Heard): void {
    this.id++;
    this.heard = heard;
    if (this.lost === null) this.send({ type: "run", id: this.id, threads: threads(), ...request });
    else heard.fault({ tag: "InternalError", message: this.lost, path: null });
  }
  /** Answered beside the run, about the run that was heard to open last. @throws Error with the reason in words where there is no answer */
  ask<Q extends Question>(question: Q): Promise<Answers[Q["about"]]> {
    if (this.lost !== null) return Promise.reject(new Error(this.lost));
    const id = this.questions++;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.send({ type: "ask", id, of: this.open, question });
    });
  }
  /** Computing rests, frames stay. */
  hold(held: boolean): void {
    this.send({ type: "hold", id: this.id, held });
  }
  /** Nothing more is heard of the run: what is on its way was said before it was stopped, and nothing will follow it. */
  stop(): void {
    this.heard = null;
    this.send({ type: "stop", id: this.id });
  }
  close(): void {
    this.worker.terminate();
    this.heard = null;
    this.refuse("the run is closed");
  }

  /** A worker that has never spoken was not loaded, and answers nothing; one that has goes on. */
  private fail(words: string | undefined): void {
    const why = words || "the engine could not be loaded; load the page again";
    if (this.spoken) this.reject(why);
    else this.refuse(why);
    this.heard?.fault({ tag: "InternalError", message: why, path: null });
  }
  private refuse(why: string): void {
    this.lost = why;
    this.reject(why);
  }
  /** Who waits for an answer will get none. */
  private reject(why: string): void {
    const waiting = [...this.asked.values()];
    this.asked.clear();
    for (const { reject } of waiting) reject(new Error(why));
  }
  private hear(message: FromEngine): void {
    this.spoken = true;
    if (message.type === "answer" || message.type === "no-answer") {
      const waiting = this.asked.get(message.id);
      this.asked.delete(message.id);
      if (message.type === "answer") waiting?.resolve(message.answer);
      else waiting?.reject(new Error(message.why));
      return;
    }
    if (message.id !== this.id || !this.heard) return;
    if (message.type === "opened") {
      this.open = message.id;
      this.heard.opened(message.opening);
    } else if (message.type === "progress") this.heard.progress(message);
    else if (message.type === "nearing") this.heard.nearing(message.nearing);
    else if (message.type === "ended") this.heard.ended(message);
    else this.heard.fault(message.fault);
  }
  private send(message: ToEngine): void {
    this.worker.postMessage(message);
  }
}
