/** What a sandbox gateway can be told to be, and what it tells of itself. */

export type GatewayFault =
  /** The disk is full once this many bytes of a file are stored. */
  | { kind: "full"; afterBytes: number }
  /** The connection is cut once this many bytes were received. */
  | { kind: "drop"; afterBytes: number }
  /** The connection is cut once this many bytes were read. */
  | { kind: "drop-reads"; afterBytes: number }
  /** The connection is cut after a rename was done and before its answer. */
  | { kind: "drop-after-rename" }
  /** Files may be written, and none renamed. */
  | "no-rename"
  /** A package is collected as soon as it has its name, and the rename is answered with "no such file". */
  | "collects-before-answer"
  /** Nothing may be written, renamed, removed or made. */
  | "read-only"
  /** Every write is said to be done and stores less than it was given. */
  | "short-write"
  /** A second request on a handle before the answer to the first fails. */
  | "one-request-at-a-time"
  /** Every folder but the root is said not to exist. */
  | "missing-folder"
  /** Lacks the extension posix-rename@openssh.com. Read when a client connects. */
  | "no-posix-rename";

export interface SandboxGatewayOptions {
  /** Folder that is served as `/`; default: a new temporary one, which `stop` removes. */
  folder?: string;
  /** Folders that are made in it, such as `/incoming`. */
  folders?: string[];
  username?: string;
  password?: string;
  fault?: GatewayFault;
  /** Default: any free one. */
  port?: number;
}

/** What became of a file, in the order in which it happened. `path` is the client's, such as `/incoming/a.zip`. */
export type GatewayEvent =
  | { kind: "open" | "close" | "remove" | "mkdir"; path: string }
  | { kind: "write"; path: string; bytes: number }
  | { kind: "rename"; path: string; from: string; posix: boolean };

export interface SandboxGateway {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** OpenSSH private key, unencrypted, that the gateway lets in. */
  readonly privateKey: string;
  /** `SHA256:…`, as `ssh-keygen -lf` prints it. */
  readonly hostKey: string;
  /** Where the files really are. */
  readonly folder: string;
  /** Every file there, as the client sees it, sorted. */
  files(): Promise<string[]>;
  /** Successful changes only. A name that was opened for writing was partially there. */
  readonly history: readonly GatewayEvent[];
  setFault(fault: GatewayFault | undefined): void;
  stop(): Promise<void>;
}
