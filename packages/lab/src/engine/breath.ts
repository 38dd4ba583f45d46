/** Lets messages in: a task of its own, without the clamp that nested timers have. */
const channel = new MessageChannel();
/** who waits, in turn: a run that was left may still draw breath beside the one that took its place */
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

export const breath = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
