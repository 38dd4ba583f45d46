/** Requests that are answered in any order, as files come: whoever asked before one that has been answered comes too late. */

/** Begins a request. Returns whether its answer is still wanted, to be asked when it is there. */
export function turns(): () => () => boolean {
  let asked = 0;
  let answered = 0;
  return () => {
    const mine = ++asked;
    return () => {
      if (mine < answered) return false;
      answered = mine;
      return true;
    };
  };
}
