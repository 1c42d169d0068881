/** Where a SIS has its services: by the standard, or where some vendors have them instead. */
import type { OneRosterVersion } from "./options.ts";

/** `standard` is also ClassLink's when it is asked directly, and Q's. */
export type Dialect = "standard" | "qmlativ" | "classlink-proxy";

/** Paths without a slash at the end; those of both services are one where a SIS does not keep them apart. */
export interface Addresses {
  rostering: string;
  gradebook: string;
  token: string;
}

/** The part of a path that follows its service's root, and which services are there. */
export interface Place {
  root: string;
  path: string;
  rostering: boolean;
  gradebook: boolean;
}

const TOKEN = "/oauth/token";
/** Percent-encoded as ClassLink states it, and to be left so. */
const APPLICATION_ID = "MoYPlyQWmG0%3D";

const ADDRESSES: Record<Dialect, Record<OneRosterVersion, Addresses>> = {
  // OneRoster 1.1 §2; OneRoster 1.2, REST bindings of its services.
  standard: {
    "1.1": oneRoot("/ims/oneroster/v1p1", TOKEN),
    "1.2": {
      rostering: "/ims/oneroster/rostering/v1p2",
      gradebook: "/ims/oneroster/gradebook/v1p2",
      token: TOKEN,
    },
  },
  // The token URL has the key of the integration in it, and 1.2 has no /rostering before it.
  qmlativ: {
    "1.1": oneRoot("/api/ims/oneroster/v1p1", "/api/4f1c9a7e/oauth/token"),
    "1.2": oneRoot("/ims/oneroster/v1p2", "/api/4f1c9a7e/oauth/token"),
  },
  "classlink-proxy": {
    "1.1": oneRoot(`/${APPLICATION_ID}/ims/oneroster/v1p1`, TOKEN),
    "1.2": oneRoot(`/${APPLICATION_ID}/ims/oneroster/v1p2`, TOKEN),
  },
};

export function addressesOf(dialect: Dialect, version: OneRosterVersion): Addresses {
  return ADDRESSES[dialect][version];
}

/** @param target the path as it was sent: what is percent-encoded here must be so there */
export function placeOf(target: string, { rostering, gradebook }: Addresses): Place | undefined {
  const root = [rostering, gradebook].find((one) => target.startsWith(`${one}/`));
  if (root === undefined) return undefined;
  return {
    root,
    path: target.slice(root.length),
    rostering: root === rostering,
    gradebook: root === gradebook,
  };
}

function oneRoot(root: string, token: string): Addresses {
  return { rostering: root, gradebook: root, token };
}
