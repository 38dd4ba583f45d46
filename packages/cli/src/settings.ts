import { specError } from "ottoflow/errors";

/** `path=value` of --set: the value is JSON where it reads as JSON, else text. */
export function readSettings(pairs: readonly string[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw specError("--set", `got "${pair}" when expected path=value, such as scheme.step=0.01 or energy[0].temperature=2.`);
    settings[pair.slice(0, at)] = readValue(pair.slice(at + 1));
  }
  return settings;
}
export function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
