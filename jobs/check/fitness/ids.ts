/** Ids that a person or a program will get wrong sooner or later. Pure. */
import type { RosterSample } from "../../../connectors/oneroster/probe.ts";
import type { RecordType } from "../../../connectors/oneroster/records.ts";
import { type Doubt, doubt } from "./doubt.ts";

export function idDoubts({ kinds }: RosterSample): Doubt[] {
  return (Object.keys(kinds) as RecordType[]).flatMap((type) => {
    const records: readonly { sourcedId: string }[] = kinds[type]?.records ?? [];
    const inside = records.filter(({ sourcedId }) => /\s/.test(sourcedId));
    const alike = sharingLetters(records);
    return [
      ...doubt(type, "have a sourcedId with spaces in it", inside, records.length, INSIDE),
      ...doubt(
        type,
        "have a sourcedId that differs from another one only by case",
        alike,
        records.length,
        CASE,
      ),
    ];
  });
}

const INSIDE =
  "Canvas takes them, but they are easily lost in reports and addresses. Tell the SIS's support.";
const CASE = "Spreadsheets and other programs take them for the same. Tell the SIS's support.";

function sharingLetters(records: readonly { sourcedId: string }[]): { sourcedId: string }[] {
  const forms = new Map<string, string>();
  return records.filter(({ sourcedId }) => {
    const plain = sourcedId.toLowerCase();
    const before = forms.get(plain);
    if (before === undefined) forms.set(plain, sourcedId);
    return before !== undefined && before !== sourcedId;
  });
}
