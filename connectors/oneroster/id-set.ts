/**
 * Counts the unique sourcedIds of a collection compactly: a collection is complete when they number what
 * the SIS promised. Ids are kept as 64-bit hashes, 10 to 15 bytes each; among 8 million of them the chance
 * that two collide, and a complete collection is taken for an incomplete one, is one in a million.
 */

/** Two 32-bit words for each id, in the order given; never both 0. */
export function hashIds(ids: readonly string[]): Uint32Array<ArrayBuffer> {
  const hashes = new Uint32Array(ids.length * 2);
  for (const [at, id] of ids.entries()) {
    let a = 0x9e3779b9;
    let b = 0x85ebca6b;
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      a = Math.imul(a ^ code, 0x9e3779b1);
      a ^= a >>> 15;
      b = Math.imul(b ^ code, 0x5f356495);
      b ^= b >>> 13;
    }
    const high = finish(a ^ id.length);
    const low = finish(b ^ Math.imul(high, 0x27d4eb2f));
    hashes[at * 2] = high;
    hashes[at * 2 + 1] = high === 0 && low === 0 ? 1 : low;
  }
  return hashes;
}

/** MurmurHash3's finaliser: every bit of the result depends on every bit of the input. */
function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export interface IdSet {
  /** Adds hashes as hashIds gives them; says how many were new. */
  add: (hashes: Uint32Array) => number;
  hasAll: (hashes: Uint32Array) => boolean;
  readonly size: number;
  /** The same for sets of the same ids, in whatever order they came. */
  readonly digest: string;
}

const PARTITIONS = 64;
const FIRST_SLOTS = 16;
const FULLEST = 0.8;
const COMFORTABLE = 0.7;
/** A SIS may promise anything; memory is not taken on its word. */
const MOST_EXPECTED = 10_000_000;
const GROWTH = 1.5;

/**
 * Open addressing in partitions that grow one at a time, so that growing never needs all of it twice.
 * @param expected how many ids will probably come: room is made for them at once
 */
export function createIdSet(expected = 0): IdSet {
  const slots = Math.ceil(Math.min(expected, MOST_EXPECTED) / PARTITIONS / COMFORTABLE) + FIRST_SLOTS;
  const partitions = Array.from({ length: PARTITIONS }, () => emptyPartition(slots));
  let size = 0;
  let [highs, lows] = [0, 0];
  return {
    add(hashes) {
      let added = 0;
      for (let i = 0; i + 1 < hashes.length; i += 2) {
        const high = hashes[i] ?? 0;
        const low = hashes[i + 1] ?? 0;
        const which = high % PARTITIONS;
        const partition = partitions[which];
        if (partition === undefined || !insert(partition, high, low)) continue;
        added++;
        highs = (highs + high) >>> 0;
        lows = (lows + low) >>> 0;
        if (partition.used > FULLEST * partition.capacity) partitions[which] = grown(partition);
      }
      size += added;
      return added;
    },
    hasAll(hashes) {
      for (let i = 0; i + 1 < hashes.length; i += 2) {
        const high = hashes[i] ?? 0;
        const partition = partitions[high % PARTITIONS];
        if (partition === undefined || placeOf(partition, high, hashes[i + 1] ?? 0) < 0) return false;
      }
      return true;
    },
    get size() {
      return size;
    },
    get digest() {
      return `${size} ${highs} ${lows}`;
    },
  };
}

interface Partition {
  slots: Uint32Array;
  capacity: number;
  used: number;
}

function emptyPartition(capacity: number): Partition {
  return { slots: new Uint32Array(capacity * 2), capacity, used: 0 };
}

/** The slot of an id; where it is not there, the free one where it belongs, as -1 - slot. */
function placeOf({ slots, capacity }: Partition, high: number, low: number): number {
  let slot = Math.floor((low / 2 ** 32) * capacity);
  for (;;) {
    const foundHigh = slots[slot * 2];
    const foundLow = slots[slot * 2 + 1];
    if (foundHigh === high && foundLow === low) return slot;
    if (foundHigh === 0 && foundLow === 0) return -1 - slot;
    slot = slot + 1 === capacity ? 0 : slot + 1;
  }
}

function insert(partition: Partition, high: number, low: number): boolean {
  const place = placeOf(partition, high, low);
  if (place >= 0) return false;
  const slot = -1 - place;
  partition.slots[slot * 2] = high;
  partition.slots[slot * 2 + 1] = low;
  partition.used++;
  return true;
}

function grown(partition: Partition): Partition {
  const larger = emptyPartition(Math.ceil(partition.capacity * GROWTH));
  for (let i = 0; i < partition.slots.length; i += 2) {
    const high = partition.slots[i] ?? 0;
    const low = partition.slots[i + 1] ?? 0;
    if (high !== 0 || low !== 0) insert(larger, high, low);
  }
  return larger;
}
