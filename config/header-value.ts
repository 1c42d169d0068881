/** What a header of HTTP can carry (RFC 9110 §5.5); anything else is refused only when it is to be sent. */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

export const NO_HEADER_VALUE =
  "has a line break, or another character that no HTTP header can carry; was more copied than the value itself?";
