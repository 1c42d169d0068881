import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The folder arrows of the project: who may import whom. Each folder names what it must not reach for. */
function arrows(folder, forbidden) {
  return {
    files: [`${folder}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: forbidden.map(({ patterns, because }) => ({ group: patterns, message: because })) },
      ],
    },
  };
}

const nobodyImportsJobs = { patterns: ["**/jobs/**"], because: "Nobody imports jobs: they are what runs." };

export default defineConfig(
  { ignores: ["dist", "node_modules", "coverage", "var", "eslint.config.js"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  arrows("config", [
    nobodyImportsJobs,
    { patterns: ["**/connectors/**", "**/mappers/**"], because: "config imports nothing of the project." },
  ]),
  arrows("mappers", [
    nobodyImportsJobs,
    {
      patterns: ["node:*", "**/connectors/store/**", "**/connectors/gateway/**", "pino", "undici"],
      because: "Mappers are pure: no I/O, no clock, no randomness.",
    },
  ]),
  arrows("connectors/oneroster", [
    nobodyImportsJobs,
    {
      patterns: ["**/mappers/**", "**/store/**", "**/gateway/**", "**/notify/**"],
      because: "Connectors do not know each other.",
    },
  ]),
  arrows("connectors/gateway", [
    nobodyImportsJobs,
    {
      patterns: ["**/mappers/**", "**/store/**", "**/oneroster/**", "**/notify/**"],
      because: "Connectors do not know each other.",
    },
  ]),
  arrows("connectors/store", [
    nobodyImportsJobs,
    {
      patterns: ["**/oneroster/**", "**/gateway/**", "**/notify/**"],
      because: "Connectors do not know each other.",
    },
  ]),
  arrows("connectors/canvas", [
    nobodyImportsJobs,
    {
      patterns: ["**/mappers/**", "**/store/**", "**/oneroster/**", "**/gateway/**", "**/notify/**"],
      because: "Connectors do not know each other.",
    },
  ]),
  arrows("connectors/formats", [
    nobodyImportsJobs,
    {
      patterns: [
        "**/mappers/**",
        "**/store/**",
        "**/oneroster/**",
        "**/canvas/**",
        "**/gateway/**",
        "**/notify/**",
      ],
      because: "Whoever reads a file says what it is for.",
    },
  ]),
  arrows("connectors/notify", [
    nobodyImportsJobs,
    {
      patterns: ["**/mappers/**", "**/store/**", "**/oneroster/**", "**/gateway/**"],
      because: "Connectors do not know each other.",
    },
  ]),
  {
    files: ["mappers/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", "process", "fetch", "setTimeout", "performance", "console"],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "The clock comes in as a value." },
        { object: "Math", property: "random", message: "Mappers are deterministic." },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/require-await": "off" },
  },
);
