/** Both versions of OneRoster, and in 1.2 each service, live at addresses of their own (OneRoster 1.1 §2; 1.2 REST bindings). */

/** Where a SIS may have what it does not have at this address; with a space before it, or nothing. */
export function otherAddress({ pathname }: URL): string {
  const [, minor] = /\/v1p([12])(?=\/|$)/i.exec(pathname) ?? [];
  if (minor === "1") return IS_11;
  if (minor !== "2") return "";
  const isGradebook = /\/(categories|lineItems|results)(\/|$)/.test(pathname);
  return isGradebook && /\/rostering\//i.test(pathname) ? IS_ROSTERING : IS_12;
}

const IS_11 =
  ' This is an address of OneRoster 1.1: a SIS that speaks only 1.2 has its rosters at …/ims/oneroster/rostering/v1p2, and wants source.version: "1.2".';
const IS_12 =
  ' This is an address of OneRoster 1.2: a SIS that speaks only 1.1 has all of it at …/ims/oneroster/v1p1, and wants source.version: "1.1".';
const IS_ROSTERING =
  " In OneRoster 1.2 grades have an address of their own, mostly …/ims/oneroster/gradebook/v1p2: put it under source.gradebookUrl.";
