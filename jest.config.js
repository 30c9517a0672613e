require("./cli/machine/node-version.cjs");
const { availableParallelism } = require("node:os");

// One project a kind of proof. `unit` needs redis-server at most, and a second or two a file. Whole programs run as `e2e`
// (`*.e2e.test.ts`): commands, the built app, loops of ten thousand. The others need more of the machine.
const base = {
  testEnvironment: "node",
  setupFilesAfterEnv: ["<rootDir>/__tests__/harness/retry.ts", "<rootDir>/__tests__/harness/token-traces.ts"],
  transform: {
    // httpxy comes as an ES module only, and Jest runs CommonJS.
    "^.+\\.(ts|mjs)$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }],
  },
  transformIgnorePatterns: ["/node_modules/(?!httpxy/)"],
  moduleFileExtensions: ["ts", "js", "mjs", "json", "node"],
  // docs/examples import the package as its users do.
  moduleNameMapper: { "^cdktf-session-store$": "<rootDir>/modules" },
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/webapp/dist"],
};
const project = (name, testMatch, extra = {}) => ({ ...base, displayName: name, testMatch, ...extra });

module.exports = {
  // Half of a unit test's time is waiting for the programs it drives. Jest takes no more than "100%" for a share.
  maxWorkers: 2 * availableParallelism(),
  // No watch mode, so Watchman is not started.
  watchman: false,
  reporters: ["default", "<rootDir>/__tests__/harness/repeated-tests.cjs"],
  // Real programs on a busy machine: a test that hangs still ends, one that is slow does not fail for it.
  testTimeout: 30_000,
  projects: [
    project("unit", ["<rootDir>/__tests__/**/*.test.ts"], {
      testPathIgnorePatterns: [
        "/node_modules/",
        "/__tests__/(faults|e2e|deploy|package|docs/build)/",
        "\\.(run|e2e)\\.test\\.ts$",
        "/diagrams/mermaid",
      ],
    }),
    project("faults", ["<rootDir>/__tests__/faults/**/*.test.ts"]),
    project("e2e", ["<rootDir>/__tests__/e2e/**/*.test.ts", "<rootDir>/__tests__/**/*.e2e.test.ts"]),
    // Runs the deployed parts of a stack here: user data, a task's commands, and the app with the JSON's environment and permissions.
    project("deploy", ["<rootDir>/__tests__/deploy/**/*.test.ts", "<rootDir>/__tests__/**/*.run.test.ts"]),
    project("package", [
      "<rootDir>/__tests__/{package,docs/build}/**/*.test.ts",
      "<rootDir>/__tests__/cli/diagrams/mermaid.test.ts",
    ]),
  ],
};
