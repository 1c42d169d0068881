/** Grade passback: from Canvas to the SIS's gradebook, each stage on what the one before it left in the run folder. */
import { EXIT_CODES, type ExitCode } from "../config/failure.ts";
import type { Config } from "../config/schema.ts";
import { openGradebook } from "../connectors/oneroster/gradebook.ts";
import { REAL_PORTS } from "../connectors/oneroster/ports.ts";
import { openLedger } from "../connectors/store/ledger.ts";
import { gradebookAddress, refuseOtherGradebook } from "./passback/gradebook-address.ts";
import type { GradesSetup } from "./passback/configured.ts";
import { courseIds } from "./passback/courses.ts";
import { ledgerFile, passbackFolders } from "./passback/folders.ts";
import { groundOf } from "./passback/ground.ts";
import { match } from "./passback/match.ts";
import { endPartly } from "./passback/partial.ts";
import { post } from "./passback/post.ts";
import { createSending } from "./passback/sending.ts";
import { endRun, failRun, skipPending, stage, type Run } from "./run/run.ts";

export const GRADES_STAGES = ["snapshot", "match", "post"] as const;

/** Does what is still to do of a grades run, and gives its exit code; the manifest says the rest. */
export async function passback(run: Run, config: Config, { rules, sis }: GradesSetup): Promise<ExitCode> {
  const { institution, state } = config;
  const folders = passbackFolders(run.folder);
  const asked = run.manifest.grades;
  const open: { close(): unknown }[] = [];
  try {
    const ground = await groundOf(config, folders.spill);
    if (asked !== undefined) asked.roster = ground.run;
    const courses = courseIds(asked?.courses ?? [], ground);
    const ledgerPath = ledgerFile(state, institution.id);
    const ledger = openLedger(ledgerPath);
    open.push(ledger);
    const base = sis.gradebookUrl ?? sis.url;
    const address = gradebookAddress(base);
    const sendsAll = asked?.remaster === true && asked.courses.length === 0;
    refuseOtherGradebook(ledger, ledgerPath, { address, sendsAll });
    await stage(run, "snapshot", async () => {
      // What reads Canvas, its exports and extracts is much to load for a run that has its snapshot.
      const { snapshot } = await import("./passback/snapshot.ts");
      await snapshot(run, { rules, ground, folders, courses });
    });

    const gradebook = openGradebook(sis, rules, portsOf(run), run.signal);
    open.push(gradebook);
    const { timezone } = institution;
    const ports = {
      ...{ rules, ledger, gradebook, ground, timezone },
      institution: institution.id,
      endDates: sis.endDates,
      remaster: asked?.remaster ?? false,
      resumed: run.resumed,
      context: {
        base,
        rosterBase: sis.url,
        canvasUrl: rules.source.kind === "canvas-api" ? rules.source.url : null,
        version: sis.version,
        timezone,
      },
      send: createSending(gradebook, rules),
    };
    await stage(run, "match", () => match(run, folders, ports));
    if (run.manifest.dryRun)
      run.log.info({ stage: "post" }, "post: skipped, as this is a dry run; nothing was sent");
    else {
      await stage(run, "post", () => {
        if (ledger.gradebook() !== address) ledger.setGradebook(address);
        return post(run, folders, ports);
      });
    }
    skipPending(run);
    if (endPartly(run)) return EXIT_CODES.partial;
    endRun(run, "ok", EXIT_CODES.ok);
    return EXIT_CODES.ok;
  } catch (error) {
    return failRun(run, error);
  } finally {
    for (const one of open) await one.close();
  }
}

function portsOf(run: Run) {
  return {
    ...REAL_PORTS,
    scrub: run.scrub,
    log: ({
      level,
      message,
      endpoint,
    }: {
      level: "debug" | "info" | "warn";
      message: string;
      endpoint?: string;
    }) => {
      run.log[level]({ endpoint }, message);
    },
  };
}
