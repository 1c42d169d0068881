/** Where grades come from, by the configuration: each source gives the same records. */
import type { SftpConfig } from "../../config/schema.ts";
import { readCanvasApi } from "../../connectors/canvas/api/canvas-api.ts";
import { readGradeExports } from "../../connectors/canvas/grade-export/read-grade-exports.ts";
import { readGradebookExports } from "../../connectors/canvas/gradebook-export/read-gradebook-exports.ts";
import type { SectionGrades } from "../../connectors/canvas/records.ts";
import { REAL_PORTS } from "../../connectors/oneroster/ports.ts";
import { readCanvasData } from "../../connectors/store/canvas-data/grades.ts";
import { openDatabase } from "../../connectors/store/database.ts";
import type { RosterGround } from "../../connectors/store/ground.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";
import type { Run } from "../run/run.ts";
import { fetchExports } from "./fetch.ts";
import type { PassbackFolders } from "./folders.ts";

const MEMORY_LIMIT_MB = 192;

export interface SourceQuestion {
  rules: GradesConfig;
  ground: RosterGround;
  folders: PassbackFolders;
  /** course_ids; undefined: all. */
  courses: ReadonlySet<string> | undefined;
}

/** @throws Failure source.… when Canvas, or what it has exported, cannot be had completely */
export async function* readGrades(run: Run, question: SourceQuestion): AsyncGenerator<SectionGrades> {
  const { rules, ground, folders, courses } = question;
  const { source } = rules;
  const tell = (event: string, details: Record<string, unknown> = {}) => {
    run.log.info({ stage: "snapshot", ...details }, `snapshot: ${event}`);
  };
  switch (source.kind) {
    case "canvas-api":
      yield* readCanvasApi(source, {
        ports: {
          ...REAL_PORTS,
          scrub: run.scrub,
          log: ({ level, message }) => {
            run.log[level]({ stage: "snapshot" }, message);
          },
        },
        signal: run.signal,
        concurrency: rules.concurrency,
        ...(courses === undefined ? {} : { courses }),
        comments: rules.result.comment,
      });
      return;
    case "gradebook-csv":
      yield* readGradebookExports(source.path, ground, run.signal, tell);
      return;
    case "grade-export": {
      const folder = typeof source.path === "string" ? source.path : await fetched(run, source.path, folders);
      const { score, title } = rules.courseGrades;
      yield* readGradeExports(folder, { score, title }, run.signal, tell);
      return;
    }
    case "canvas-data": {
      const database = await openDatabase({
        spill: folders.spill,
        memoryLimitMb: MEMORY_LIMIT_MB,
        threads: 1,
      });
      try {
        yield* readCanvasData(database, source.path, {
          now: run.manifest.startedAt,
          signal: run.signal,
          ...(courses === undefined ? {} : { courses }),
        });
      } finally {
        database.close();
      }
    }
  }
}

async function fetched(run: Run, place: SftpConfig, { fetched: folder }: PassbackFolders): Promise<string> {
  await fetchExports(run, place, folder);
  return folder;
}
