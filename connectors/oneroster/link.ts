/** The Link header (RFC 8288), as providers send it: also without the angle brackets. */

/** Target of rel="next", as written; undefined without one. */
export function nextLink(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  for (const link of header.split(/,(?=\s*(?:<|https?:|\/))/)) {
    const [, bracketed, bare, parameters] = /^\s*(?:<([^>]*)>|([^;\s]+))\s*;(.*)$/s.exec(link) ?? [];
    const relation = /(?:^|;)\s*rel\s*=\s*"?([^";]*)/i.exec(parameters ?? "")?.[1];
    if (relation?.toLowerCase().split(/\s+/).includes("next")) return (bracketed ?? bare)?.trim();
  }
  return undefined;
}
