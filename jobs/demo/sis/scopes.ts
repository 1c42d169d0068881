/** Which scope opens which endpoint. Source: the OAuth 2 scopes of OneRoster 1.1. */

const PREFIX = "https://purl.imsglobal.org/spec/or/v1p1/scope/";

/** A token without any OneRoster scope belongs to a SIS that does not use them: it may read everything. */
export function scopesAllow(scopes: readonly string[], path: string): boolean {
  const granted = scopes
    .filter((scope) => scope.startsWith(PREFIX))
    .map((scope) => scope.slice(PREFIX.length));
  if (granted.length === 0) return true;
  if (path.startsWith("/demographics")) return granted.includes("roster-demographics.readonly");
  const nested = path.split("/").length > 3;
  return granted.includes("roster.readonly") || (!nested && granted.includes("roster-core.readonly"));
}
