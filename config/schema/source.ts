/** `source`: the SIS that rosters come from, and how to speak to it. */
import { z } from "zod";
import { PROFILE_NAMES } from "../profiles.ts";
import { httpUrl, idText, secret, text, whole } from "./values.ts";

const OAuth1 = z.strictObject({
  kind: z.literal("oauth1").meta({ description: "OAuth 1.0a, two-legged: every request is signed." }),
  key: z.union([text, secret]).meta({ description: "Consumer key that the SIS issued." }),
  secret: secret.meta({ description: "Consumer secret that belongs to the key." }),
  signature: z
    .enum(["HMAC-SHA256", "HMAC-SHA1"])
    .default("HMAC-SHA256")
    .meta({ description: "Signature method that the SIS accepts; older ones know only HMAC-SHA1." }),
});

const OAuth2 = z.strictObject({
  kind: z.literal("oauth2").meta({ description: "OAuth 2 client credentials: a token that is renewed." }),
  tokenUrl: httpUrl.meta({
    description: "Where tokens are had. The SIS states it; it cannot be derived from `url`.",
  }),
  key: z.union([text, secret]).meta({ description: "Client id that the SIS issued." }),
  secret: secret.meta({ description: "Client secret that belongs to it." }),
  scopes: z.array(text).default([]).meta({ description: "Scopes to ask for; none: the SIS decides." }),
  credentialsIn: z.enum(["basic", "body"]).default("basic").meta({
    description: "Where the token request carries key and secret: in a Basic header, or in the form body.",
  }),
});

const Bearer = z.strictObject({
  kind: z.literal("bearer").meta({ description: "A fixed token that does not expire." }),
  token: secret.meta({ description: "The token." }),
});

export const COLLECTION_NAMES = [
  "orgs",
  "schools",
  "academicSessions",
  "terms",
  "gradingPeriods",
  "courses",
  "classes",
  "users",
  "students",
  "teachers",
  "enrollments",
  "demographics",
] as const;
export type CollectionName = (typeof COLLECTION_NAMES)[number];
const collection = z.enum(COLLECTION_NAMES);

/** Unquoted, 1.1 is a number in YAML; people who leave the quotes out mean the version all the same. */
const version = z.union([
  z.enum(["1.1", "1.2"]),
  z.literal([1.1, 1.2]).transform((number) => (number === 1.1 ? "1.1" : "1.2")),
]);

const everySource = {
  profile: z
    .enum(PROFILE_NAMES)
    .default("generic")
    .meta({ description: "Which SIS it is: sets defaults for other keys of `source` and `grades`." }),
  version: version.prefault("1.1").meta({ description: "OneRoster version that the SIS speaks." }),
  schools: z.array(idText).prefault([]).meta({
    description: "sourcedIds of the schools to take; empty: all. Quote ids with leading zeros.",
  }),
  endDates: z
    .enum(["inclusive", "exclusive"])
    .default("inclusive")
    .meta({ description: "Whether an endDate of the SIS is the last day itself, or the day after it." }),
  rejectTolerancePercent: z.number().min(0).max(100).default(1).meta({
    description:
      "Share of the records of a type that may be malformed and left out; above it the night ends with code 3 and nothing is delivered.",
  }),
};

/** A field name of RFC 9110 §5.1. */
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "must be a header name: letters, digits and dashes");

export const DEFAULT_CONCURRENCY = 6;

const RestSource = z.strictObject({
  kind: z.literal("oneroster-rest").meta({ description: "OneRoster over HTTP." }),
  ...everySource,
  url: httpUrl.meta({
    description: "OneRoster root of the SIS, such as https://sis.example.org/ims/oneroster/v1p1.",
  }),
  gradebookUrl: httpUrl.nullable().default(null).meta({
    description: "Root of line items and results where they live elsewhere (OneRoster 1.2); null: `url`.",
  }),
  auth: z.discriminatedUnion("kind", [OAuth1, OAuth2, Bearer]).meta({ description: "How the SIS knows us." }),
  headers: z
    .record(headerName, z.union([z.string(), secret]))
    .prefault({})
    .meta({ description: "Extra headers of every request: name → value; values may be secrets." }),
  service: z.enum(["bulk", "per-school"]).default("bulk").meta({
    description: "Whole collections, or school by school by the `/schools/{id}/…` endpoints.",
  }),
  pageSize: whole
    .min(1)
    .max(50_000)
    .default(1000)
    .meta({ description: "Records to ask for in a page; a SIS that gives fewer is followed all the same." }),
  concurrency: whole
    .min(1)
    .max(64)
    .default(DEFAULT_CONCURRENCY)
    .meta({ description: "Requests in flight at the same time, in all." }),
  pageConcurrency: whole.min(1).max(64).default(DEFAULT_CONCURRENCY).meta({
    description: "Of them, pages of one collection; 1: one after the other. At most `concurrency`.",
  }),
  requestsPerSecond: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .meta({ description: "Cap on the request rate; null: none." }),
  timeoutSeconds: z.number().positive().max(3600).default(60).meta({
    description: "How long one request may take to connect, to answer, and between two pieces of its body.",
  }),
  retries: whole.min(0).max(20).default(5).meta({
    description: "How often a request that failed for a passing reason is tried again, with growing pauses.",
  }),
  exclude: z
    .array(collection)
    .default([])
    .meta({ description: "Collections not to ask for, where the SIS does not have them or they fail." }),
  filters: z
    .partialRecord(collection, text)
    .default({})
    .meta({ description: "Collection → OneRoster filter, such as `users: \"status='active'\"`." }),
});

const CsvSource = z.strictObject({
  kind: z.literal("oneroster-csv").meta({ description: "OneRoster CSV files." }),
  ...everySource,
  path: text.meta({ description: "Folder or zip with the OneRoster CSV files." }),
});

export const Source = z
  .discriminatedUnion("kind", [RestSource, CsvSource])
  .meta({ description: "Where rosters come from." });

export type SourceConfig = z.output<typeof Source>;
export type RestSourceConfig = z.output<typeof RestSource>;
export type AuthConfig = RestSourceConfig["auth"];
