/** The district, its schools, and how many children each has. */
import { SCHOOL_NAMES } from "./names.ts";
import { type GuidRef, type RawOrg, ref } from "./raw-records.ts";

export type Level = "elementary" | "middle" | "high";

export interface School {
  org: RawOrg;
  ref: GuidRef;
  level: Level;
  grades: readonly string[];
  students: number;
}

const LEVELS = {
  elementary: { title: "Elementary School", grades: ["KG", "01", "02", "03", "04", "05"], weight: 1 },
  middle: { title: "Middle School", grades: ["06", "07", "08"], weight: 1.2 },
  high: { title: "High School", grades: ["09", "10", "11", "12"], weight: 2 },
} as const;

const MIX: readonly Level[] = ["elementary", "middle", "high", "elementary", "middle", "elementary"];

const DISTRICT_ID = "D-1";

export function makeSchools(schools: number, students: number): { orgs: RawOrg[]; schools: School[] } {
  const districtRef = ref("orgs", "org", DISTRICT_ID);
  const levels = Array.from({ length: schools }, (_, index) => MIX[index % MIX.length] ?? "elementary");
  const weight = levels.reduce((sum, level) => sum + LEVELS[level].weight, 0);
  let placed = 0;
  let share = 0;

  const list = levels.map((level, index): School => {
    share += LEVELS[level].weight / weight;
    const upToHere = index === schools - 1 ? students : Math.round(students * share);
    const size = upToHere - placed;
    placed = upToHere;
    const sourcedId = String(101 + index);
    const name = SCHOOL_NAMES[index % SCHOOL_NAMES.length] ?? "";
    const again = Math.floor(index / SCHOOL_NAMES.length);
    return {
      org: org(
        sourcedId,
        `${name}${again === 0 ? "" : ` ${again + 1}`} ${LEVELS[level].title}`,
        "school",
        districtRef,
      ),
      ref: ref("orgs", "org", sourcedId),
      level,
      grades: LEVELS[level].grades,
      students: size,
    };
  });
  const district = org(DISTRICT_ID, "Oakdale Unified School District", "district", undefined);
  district.children = list.map((school) => school.ref);
  return { orgs: [...list.map((school) => school.org), district], schools: list };
}

function org(sourcedId: string, name: string, type: RawOrg["type"], parent: GuidRef | undefined): RawOrg {
  return {
    sourcedId,
    status: "active",
    dateLastModified: "2026-07-01T06:00:00.000Z",
    name,
    type,
    identifier: type === "school" ? `06-${sourcedId}` : null,
    ...(parent === undefined ? {} : { parent }),
  };
}
