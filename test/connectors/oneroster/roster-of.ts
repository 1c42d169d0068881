/** The roster that a sink holds, as records that the mapping would see: the newest copy of each. */
import { readRecord } from "../../../connectors/oneroster/read-record.ts";
import type { BaseRecord, Lenience, RecordType, Reject } from "../../../connectors/oneroster/records.ts";
import type { RecordSink } from "./record-sink.ts";

const TYPES: RecordType[] = ["orgs", "academicSessions", "courses", "classes", "users", "enrollments"];

export interface Roster {
  records: Record<string, BaseRecord[]>;
  rejects: Reject[];
  leniences: Set<string>;
}

/** @param without members that do not count */
export function rosterOf(sink: RecordSink, without: string[] = []): Roster {
  const roster: Roster = { records: {}, rejects: [], leniences: new Set() };
  for (const type of TYPES) {
    const newest = new Map<string, BaseRecord>();
    for (const raw of sink.recordsOf(type)) {
      const { record, reject, leniences = [] } = readRecord(type, raw);
      if (reject !== undefined) roster.rejects.push(reject);
      leniences.forEach((lenience: Lenience) =>
        roster.leniences.add(`${lenience.field}: ${lenience.reason}`),
      );
      if (record === undefined) continue;
      for (const member of without) if (member in record) Object.assign(record, { [member]: undefined });
      const other = newest.get(record.sourcedId);
      if (other === undefined || other.dateLastModified < record.dateLastModified)
        newest.set(record.sourcedId, record);
    }
    roster.records[type] = [...newest.values()].sort((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1));
  }
  return roster;
}
