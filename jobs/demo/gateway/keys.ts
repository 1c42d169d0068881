/** Keys that can be read again: of the Ed25519 keys that ssh2 makes, one in 170 lacks a leading zero byte. */
import ssh2 from "ssh2";

export interface KeyPair {
  private: string;
  public: string;
}

/** @param passphrase locks the private key */
export function ed25519Pair(passphrase?: string): KeyPair {
  for (;;) {
    const pair =
      passphrase === undefined
        ? ssh2.utils.generateKeyPairSync("ed25519")
        : ssh2.utils.generateKeyPairSync("ed25519", { passphrase, cipher: "aes256-ctr", rounds: 1 });
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}
