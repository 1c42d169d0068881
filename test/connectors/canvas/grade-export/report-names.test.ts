import { describe, expect, it } from "vitest";
import { recentReports, reportStamp } from "../../../../connectors/canvas/grade-export/report-names.ts";

const file = (name: string, modified = "2026-11-21T04:00:00Z") => ({ name, modified: new Date(modified) });
const chosen = (...files: ReturnType<typeof file>[]) => recentReports(files).map(({ name }) => name);

describe("the stamp of a report", () => {
  it("sorts by day, then by number", () => {
    const names = [
      "grade_export_csv_9_Nov_2026_99.csv",
      "grade_export_csv_10_Nov_2026_100.csv",
      "x_10_Nov_2026_1000.zip",
    ];

    expect(names.map(reportStamp)).toEqual(names.map(reportStamp).sort());
    expect(reportStamp("x_1_Dec_2026_1.csv")).toMatch(/^2026-12-01 /);
  });

  it("is not found in other names", () => {
    expect(reportStamp("Fall.csv")).toBeUndefined();
    expect(reportStamp("x_10_Foo_2026_1.csv")).toBeUndefined();
  });
});

describe("the reports that are worth fetching", () => {
  it("are those of the last week before the newest one", () => {
    const names = ["14", "13", "21"].map((day) => `grade_export_csv_${day}_Nov_2026_1.csv`);

    expect(chosen(...names.map((name) => file(name)))).toEqual([names[0], names[2]]);
  });

  it("are known by name, and where none has one, by when they were written", () => {
    expect(chosen(file("mgp_grade_export_csv_21_Nov_2026_1.zip"), file("users.csv"))).toEqual([
      "mgp_grade_export_csv_21_Nov_2026_1.zip",
    ]);
    expect(chosen(file("Fall.csv"), file("old.csv", "2026-11-01T04:00:00Z"), file("readme.txt"))).toEqual([
      "Fall.csv",
    ]);
    expect(chosen()).toEqual([]);
  });
});
