import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Against tests that hang, not for speed: a busy machine takes several times as long as an idle one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Real processes, servers and keys on two cores: more files at once only make each of them slower.
    maxWorkers: 2,
  },
});
