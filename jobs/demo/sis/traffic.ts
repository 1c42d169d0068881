/** What is under way on each path, for the quirk whose order shifts under those who read in parallel. */

export interface Traffic {
  /** Tells of a request's arrival; the function it gives tells of the departure, and whether others were there. */
  enter(path: string): () => boolean;
}

export function watchTraffic(): Traffic {
  const present = new Map<string, Set<{ met: boolean }>>();
  return {
    enter(path) {
      const others = present.get(path) ?? new Set();
      present.set(path, others);
      const self = { met: others.size > 0 };
      for (const other of others) other.met = true;
      others.add(self);
      return () => {
        others.delete(self);
        return self.met;
      };
    },
  };
}
