/**
 * What to do where a SIS has nothing: both versions of OneRoster, and in 1.2 each service, live at addresses of their
 * own (OneRoster 1.1 §2; OneRoster 1.2, REST bindings).
 */

export function notFoundHint({ pathname }: URL): string {
  const [, minor] = /\/v1p([12])(?=\/|$)/i.exec(pathname) ?? [];
  if (/\/(categories|lineItems|results)(\/|$)/.test(pathname)) return ofGradebook(pathname, minor);
  const elsewhere = minor === "1" ? ` ${IS_11}` : minor === "2" ? ` ${IS_12}` : "";
  return `Check source.url: it is the OneRoster root, such as …/ims/oneroster/v1p1. If only this endpoint is missing, the SIS does not offer it: put its collection under source.exclude.${elsewhere}`;
}

function ofGradebook(pathname: string, minor: string | undefined): string {
  if (minor === "2" && /\/rostering\//i.test(pathname)) {
    return "This is an address for rosters. In OneRoster 1.2 grades have one of their own, mostly …/ims/oneroster/gradebook/v1p2: put it under source.gradebookUrl.";
  }
  return "Check source.gradebookUrl, or source.url where it is not set: it is the root under which the SIS has categories, lineItems and results. Ask the SIS's support whether it takes grades over OneRoster.";
}

const IS_11 =
  'This is an address of OneRoster 1.1: a SIS that speaks only 1.2 has its rosters at …/ims/oneroster/rostering/v1p2, and wants source.version: "1.2".';
const IS_12 =
  'This is an address of OneRoster 1.2: a SIS that speaks only 1.1 has all of it at …/ims/oneroster/v1p1, and wants source.version: "1.1".';
