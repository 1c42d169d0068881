/** Which scope opens which endpoint to which method. Source: the OAuth 2 scopes of OneRoster 1.1 and 1.2. */
import { isOfGradebook } from "./gradebook/listings.ts";

const SCOPE = /^https:\/\/purl\.imsglobal\.org\/spec\/or\/v1p[12]\/scope\/(.+)$/;
const GRADEBOOK_WRITES: Record<string, string> = {
  PUT: "gradebook.createput",
  POST: "gradebook.createpost",
  DELETE: "gradebook.delete",
};

/** A token without any OneRoster scope belongs to a SIS that does not use them: it may do everything. */
export function scopesAllow(scopes: readonly string[], method: string, path: string): boolean {
  const granted = scopes.map((scope) => SCOPE.exec(scope)?.[1]).filter((scope) => scope !== undefined);
  if (granted.length === 0) return true;
  if (path.startsWith("/demographics")) return granted.includes("roster-demographics.readonly");
  const service = isOfGradebook(path) ? "gradebook" : "roster";
  if (service === "gradebook" && method !== "GET") return granted.includes(GRADEBOOK_WRITES[method] ?? "");
  const nested = path.split("/").length > 3;
  return granted.includes(`${service}.readonly`) || (!nested && granted.includes(`${service}-core.readonly`));
}
