/** Requests that are answered in any order, as files come: whoever asked before one that has been answered comes too late. */

export interface Turn {
  /** Whether the answer is still wanted, to be asked when it is there: those who asked before will come too late. */
  wanted(): boolean;
  /** Nobody has asked since: for a request that fails, which leaves the others as they are. */
  latest(): boolean;
}
/** Begins a request each time that it is called. */
export function turns(): () => Turn {
  let asked = 0;
  let answered = 0;
  return () => {
    const mine = ++asked;
    return {
      wanted() {
        if (mine < answered) return false;
        answered = mine;
        return true;
      },
      latest: () => mine === asked && mine >= answered,
    };
  };
}
