/** What docs/configuration.md says before the tables. */

export const INTRODUCTION = `# Configuration

<!-- Made by \`npm run docs\` from config/schema.ts and its sections; change it there. -->

A configuration is one YAML file for one institution, by default \`./rosterbridge.yaml\`; \`--config FILE\` names
another. Only \`institution\`, \`source\` and \`delivery\` are required: \`config/examples/minimal.yaml\` is the
shortest file that works.

- Relative paths are relative to the folder of the file, not to where the command is started.
- Nothing is guessed: a key that is not known, a value of the wrong type or a missing secret ends with exit code 2
  before anything is asked or sent. All mistakes are told at once, each with file, line, column and key.
- Ids are text. Quote those that look like numbers: unquoted, \`0042\` is the number 42 in YAML, and is refused.
  Quote also what contains \`: \` or \`#\`, or begins with \`{\`, \`[\`, \`@\`, \`*\`, \`!\` or \`%\`.
- YAML aliases, merge keys and several documents in a file are not taken.
- \`rosterbridge schema\` prints the same rules as JSON Schema, for editors that check while one types.`;

export const SECRETS = `## Secrets

A secret is never written in the file. It is \`{ env: NAME }\`, the value of an environment variable, or
\`{ file: PATH }\`, the content of a file without the newline at its end. A variable that is not set, a file that
cannot be read and an empty value are mistakes. Wherever a table says so, a secret may stand in the place of text.
Every value that was read is replaced by \`[secret]\` in all that the program prints and writes, also inside URLs and
in base64.`;
