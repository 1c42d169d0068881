/** Lets in who knows the password or holds the key, and nobody else. */
import ssh2, { type AuthContext, type ParsedKey } from "ssh2";

export interface Credentials {
  username: string;
  password: string;
  /** OpenSSH public key, as a line of authorized_keys. */
  publicKey: string;
}

/** Accepts or rejects the attempt; a key counts only with a signature that its private half made. */
export function decide(attempt: AuthContext, credentials: Credentials): void {
  if (attempt.username === credentials.username && isProven(attempt, credentials)) attempt.accept();
  else attempt.reject(["publickey", "password"]);
}

function isProven(attempt: AuthContext, { password, publicKey }: Credentials): boolean {
  if (attempt.method === "password") return attempt.password === password;
  if (attempt.method !== "publickey") return false;
  const key = readKey(publicKey);
  if (!attempt.key.data.equals(key.getPublicSSH())) return false;
  // Without a signature the client only asks whether the key would do.
  if (attempt.signature === undefined || attempt.blob === undefined) return true;
  return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo);
}

/** Throws when the text is no key. */
export function readKey(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}
