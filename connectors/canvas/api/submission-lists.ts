/** The addresses at which a section's work is had. Pure. */
import { NOT_WANTED } from "./submissions.ts";

/** Some servers and proxies take no longer ones; the path of Canvas's own address is part of it. */
const LONGEST_URL = 4000;
const PAGE_SIZE = 100;

/**
 * As few lists as the length of addresses allows, each naming the assignments that it is about.
 * @param base Canvas's address, ending in a slash
 */
export function submissionLists(
  base: URL,
  sectionId: string,
  assignmentIds: readonly string[],
  comments: boolean,
): { url: URL; ids: string[] }[] {
  const lists: { url: URL; ids: string[] }[] = [];
  for (const id of assignmentIds) {
    const last = lists.at(-1);
    const longer = last === undefined ? undefined : withAssignment(last.url, id);
    if (last !== undefined && longer !== undefined && longer.href.length <= LONGEST_URL) {
      last.url = longer;
      last.ids.push(id);
    } else {
      lists.push({ url: withAssignment(emptyList(base, sectionId, comments), id), ids: [id] });
    }
  }
  return lists;
}

function emptyList(base: URL, sectionId: string, comments: boolean): URL {
  const url = new URL(`api/v1/sections/${encodeURIComponent(sectionId)}/students/submissions`, base);
  const { searchParams } = url;
  searchParams.append("student_ids[]", "all");
  searchParams.append("include[]", "user");
  if (comments) searchParams.append("include[]", "submission_comments");
  for (const field of NOT_WANTED) searchParams.append("exclude_response_fields[]", field);
  searchParams.append("per_page", String(PAGE_SIZE));
  return url;
}

function withAssignment(url: URL, id: string): URL {
  const longer = new URL(url);
  longer.searchParams.append("assignment_ids[]", id);
  return longer;
}
