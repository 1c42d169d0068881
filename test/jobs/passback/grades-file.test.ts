import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGradesFile } from "../../../jobs/passback/grades-file.ts";
import { row } from "../../../jobs/passback/rows.ts";
import { underFileLimit } from "../../connectors/store/file-limit.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "grades-file-"));
  file = join(folder, "grades.csv");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PLACE = { course: "c-1", class: "k-1" };
const rowOf = (title: string) => row({ record: "lineItem", assignment: "1", title, student: "" }, "sent");
const lines = () => readFileSync(file, "utf8").split("\n");

describe("grades.csv", () => {
  it("keeps the part that was decided, and what follows is written anew each time", () => {
    const decided = openGradesFile(file);
    decided.add(PLACE, [rowOf("Zoë’s essay")]);
    const bytes = decided.close();
    for (const title of ["a first try that was longer", "second"]) {
      const posted = openGradesFile(file, bytes);
      posted.add(PLACE, [rowOf(title)]);
      expect(posted.close()).toBe(readFileSync(file).length);
    }
    expect(lines()).toEqual([
      expect.stringMatching(/^course,class,/),
      "c-1,k-1,1,Zoë’s essay,,lineItem,,sent,,,,",
      "c-1,k-1,1,second,,lineItem,,sent,,,,",
      "",
    ]);
  });

  it("fails where a part of the rows was written, and does not go on without the rest", () => {
    const script = `const file = on.openGradesFile(${JSON.stringify(file)});
      const row = { ...${JSON.stringify(rowOf(""))}, title: LONG };
      file.add(${JSON.stringify(PLACE)}, [row]); console.log("closed", file.close());`;
    const said = underFileLimit("jobs/passback/grades-file.ts", script);
    expect(said).toContain("EFBIG");
    expect(said).not.toContain("closed");
  });
});

describe("the file of what became of each class", () => {
  it("fails where a part of an outcome was written, and does not count it", () => {
    const script = `const file = on.createPostedFile(${JSON.stringify(join(folder, "posted.ndjson"))});
      file.add({ ...${JSON.stringify(PLACE)}, classId: LONG, rows: [] }); console.log("added");`;
    const said = underFileLimit("jobs/passback/posted-file.ts", script);
    expect(said).toContain("EFBIG");
    expect(said).not.toContain("added");
  });
});
