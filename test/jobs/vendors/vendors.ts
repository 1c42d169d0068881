/** Every SIS that rosterbridge knows of, as the sandbox speaks it, and what a district writes into its config for it. */
import type { SandboxAuth, SandboxSis, SandboxSisOptions } from "../../../jobs/demo/sis.ts";
import { OAUTH1, SIS_SECRET, SIS_TOKEN } from "../night-kit.ts";

type Tree = Record<string, unknown>;

export interface Vendor {
  sis: Partial<SandboxSisOptions> & { auth: SandboxAuth };
  /** `source` of the config: what the profile does not know. */
  source(sis: Pick<SandboxSis, "url" | "gradebookUrl" | "tokenUrl">): Tree;
  /** Whether it takes grades. */
  grades: boolean;
}

const { key } = OAUTH1;
const secret = { env: "SIS_SECRET" };
const OAUTH2 = { kind: "oauth2", key, secret: SIS_SECRET, credentialsIn: "basic" } as const;
const scope = (version: string, name: string) =>
  `https://purl.imsglobal.org/spec/or/${version}/scope/${name}`;
const SCOPES_12 = ["roster.readonly", "gradebook.readonly", "gradebook.createput"].map((name) =>
  scope("v1p2", name),
);

export const VENDORS: Record<string, Vendor> = {
  "any SIS, OneRoster 1.1 with OAuth 1.0a": {
    sis: { auth: OAUTH1 },
    source: ({ url }) => ({ url, auth: { kind: "oauth1", key, secret } }),
    grades: true,
  },
  "any SIS, OneRoster 1.2 with OAuth 2": {
    sis: { version: "1.2", auth: { ...OAUTH2, scopes: SCOPES_12 } },
    source: ({ url, gradebookUrl, tokenUrl }) => ({
      version: "1.2",
      url,
      gradebookUrl,
      auth: { kind: "oauth2", tokenUrl, key, secret, scopes: SCOPES_12 },
    }),
    grades: true,
  },
  "Qmlativ, OneRoster 1.1": {
    sis: { dialect: "qmlativ", auth: OAUTH2 },
    source: ({ url, tokenUrl }) => ({ profile: "qmlativ", url, auth: { tokenUrl, key, secret } }),
    grades: true,
  },
  "Qmlativ, OneRoster 1.2": {
    sis: { dialect: "qmlativ", version: "1.2", auth: { ...OAUTH2, scopes: SCOPES_12 } },
    source: ({ url, tokenUrl }) => ({
      profile: "qmlativ",
      version: "1.2",
      url,
      auth: { tokenUrl, key, secret },
    }),
    grades: true,
  },
  "ClassLink, asked directly": {
    sis: { auth: OAUTH1 },
    source: ({ url }) => ({ profile: "classlink", url, auth: { key, secret } }),
    grades: false,
  },
  "ClassLink, by its proxy": {
    sis: { dialect: "classlink-proxy", auth: { kind: "bearer", token: SIS_TOKEN } },
    source: ({ url }) => ({
      profile: "classlink",
      url,
      auth: { kind: "bearer", token: { env: "SIS_TOKEN" } },
    }),
    grades: false,
  },
  "Q, with OAuth 1.0a": {
    sis: { auth: { ...OAUTH1, signature: "HMAC-SHA1" } },
    source: ({ url }) => ({
      profile: "q",
      url,
      auth: { kind: "oauth1", key, secret, signature: "HMAC-SHA1" },
    }),
    grades: true,
  },
  "Q, with OAuth 2": {
    sis: { auth: OAUTH2 },
    source: ({ url, tokenUrl }) => ({ profile: "q", url, auth: { kind: "oauth2", tokenUrl, key, secret } }),
    grades: true,
  },
};
