import { describe, expect, it } from "vitest";
import { nextLink } from "../../../connectors/oneroster/link.ts";

describe("the next page in a Link header", () => {
  it.for([
    [
      '<https://s/users?offset=10>; rel="next", <https://s/users?offset=90>; rel="last"',
      "https://s/users?offset=10",
    ],
    [
      '<https://s/users?offset=0>; rel="first",<https://s/users?offset=10>;rel=next',
      "https://s/users?offset=10",
    ],
    ["https://s/users?offset=10; rel=next", "https://s/users?offset=10"],
    [
      'https://s/users?offset=0; rel="prev", https://s/users?offset=20; rel="next"',
      "https://s/users?offset=20",
    ],
    ['</users?fields=a,b&offset=10>; title="x"; rel="NEXT last"', "/users?fields=a,b&offset=10"],
    ['<https://s/users?offset=90>; rel="last"', undefined],
    ['<https://s/users?offset=90>; rel="nextish"', undefined],
    ["", undefined],
    ["nonsense", undefined],
    [undefined, undefined],
  ] as const)("%s", ([header, expected]) => {
    expect(nextLink(header)).toBe(expected);
  });
});
