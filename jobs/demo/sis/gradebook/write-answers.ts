/** How a SIS says that it has stored something, and under which id. */
import { type Answer, emptyAnswer, jsonAnswer } from "../answers.ts";
import { COLLECTION_OF } from "./listings.ts";
import type { SandboxGradebookOptions } from "./options.ts";
import type { GradebookRecord, RecordKind } from "./records.ts";

export interface Stored {
  kind: RecordKind;
  record: GradebookRecord;
  created: boolean;
  /** The id that the client gave, if any. */
  supplied: string;
}

export interface WriteAnswers {
  /** Of a PUT whose sourcedId the client knows. */
  plain(stored: Stored): Answer;
  /** Of a PUT whose sourcedId the SIS has allocated. */
  allocated(stored: Stored): Answer;
  /** Of a set: OneRoster 1.2, sourcedIdPairs. */
  set(stored: readonly Stored[]): Answer;
}

/**
 * @param wrapped the record in its wrapper, as a GET would give it
 * @param root the address of the OneRoster root
 */
export function wordAnswers(
  { putAnswer = "200-body", allocate = "body" }: SandboxGradebookOptions,
  wrapped: (kind: RecordKind, record: GradebookRecord) => unknown,
  root: () => string,
): WriteAnswers {
  // Where there is but one pair, some SISs give it without the list around it.
  function pairs(stored: readonly Stored[]): unknown {
    const list = stored.map(({ supplied, record }) => ({
      suppliedSourcedId: supplied,
      allocatedSourcedId: record.sourcedId,
    }));
    return { sourcedIdPairs: allocate === "pairs-object" && list.length === 1 ? list[0] : list };
  }

  return {
    plain({ kind, record, created }) {
      if (putAnswer === "204") return emptyAnswer(204);
      // OneRoster 1.2 answers 201 without a body, also to an update.
      if (putAnswer === "201-empty") return emptyAnswer(201);
      return jsonAnswer(created ? 201 : 200, wrapped(kind, record));
    },
    allocated(stored) {
      const status = stored.created ? 201 : 200;
      const { kind, record } = stored;
      if (allocate === "body") return jsonAnswer(status, wrapped(kind, record));
      if (allocate !== "location") return jsonAnswer(status, pairs([stored]));
      const location = `${root()}/${COLLECTION_OF[kind]}/${encodeURIComponent(record.sourcedId)}`;
      return emptyAnswer(status, { location });
    },
    set: (stored) => jsonAnswer(201, pairs(stored)),
  };
}
