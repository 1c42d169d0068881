import { describe, expect, it } from "vitest";
import { fingerprint, isPinned, strangeHostKey } from "../../../connectors/gateway/host-key.ts";

// The public host key of github.com and its fingerprint, as GitHub's documentation states them.
const GITHUB = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const GITHUB_FINGERPRINT = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

describe("a host key", () => {
  it("has the fingerprint that ssh-keygen prints", () => {
    expect(fingerprint(Buffer.from(GITHUB, "base64"))).toBe(GITHUB_FINGERPRINT);
  });

  it("is known with and without padding, alone and in a list", () => {
    expect(isPinned(GITHUB_FINGERPRINT, GITHUB_FINGERPRINT)).toBe(true);
    expect(isPinned(GITHUB_FINGERPRINT, `${GITHUB_FINGERPRINT}=`)).toBe(true);
    expect(isPinned(GITHUB_FINGERPRINT, [`SHA256:${"A".repeat(43)}`, GITHUB_FINGERPRINT])).toBe(true);
  });

  it("is strange when it differs by as little as the case of a letter", () => {
    expect(isPinned(GITHUB_FINGERPRINT, GITHUB_FINGERPRINT.toLowerCase().replace("sha256", "SHA256"))).toBe(
      false,
    );
    expect(isPinned(GITHUB_FINGERPRINT, [])).toBe(false);
  });

  it("that is strange is told with what was seen, what was expected and a warning", () => {
    const failure = strangeHostKey("sftp.example.org:22", ["SHA256:seen"], ["SHA256:known", "SHA256:other"]);

    expect(failure).toMatchObject({ code: "delivery.host-key", exitCode: 5 });
    expect(failure.message).toContain("sftp.example.org:22");
    expect(failure.message).toContain("seen SHA256:seen, expected SHA256:known and SHA256:other");
    expect(failure.hint).toContain("Do not simply take over");
  });
});
