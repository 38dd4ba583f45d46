/** What the engine answers beside a run: each question is one file of its own. */
import type { Problem } from "ottoflow/contract";
import type { Answers, Question } from "./messages.ts";
import { measured } from "./plain.ts";

export async function answerTo(q: Question, problem: Problem | null): Promise<Answers[keyof Answers]> {
  switch (q.about) {
    case "distance": {
      const { distance } = await import("ottoflow/measure/distance");
      const { name, value, error, because } = distance(measured(q.a), measured(q.b));
      return { name, value, error, because };
    }
    case "equilibrium":
      return problem && (await import("./overlay.ts")).equilibriumField(problem);
    case "rest":
      return problem && (await import("./rest.ts")).restOf(problem, q.rep);
    case "schemes":
      return problem ? (await import("./schemes.ts")).schemesFor(problem, q.step) : [];
    case "step": {
      if (!problem) throw new Error("A step can be taken apart while a flow is open.");
      const { takeApart } = await import("./step.ts");
      return takeApart(problem, measured(q.from), q.t, q.tau, q.levels);
    }
    case "parting":
      return (await import("./parting.ts")).parting(q.deviation, q.most, q.count);
    case "directions":
      return (await import("./directions.ts")).directions(q.points, q.seed, q.epsilon);
  }
}
