const { existsSync, statfsSync } = require("node:fs");
const { availableParallelism } = require("node:os");

// Programs wait until what they write is on disk: where memory serves as one, tests need not.
const MEMORY = "/dev/shm";
const LEAST_BYTES = 2 ** 32;
const room = existsSync(MEMORY) ? statfsSync(MEMORY) : { bavail: 0, bsize: 0 };
if (room.bavail * room.bsize > LEAST_BYTES) process.env.TMPDIR ??= MEMORY;

/** Unit tests run the sources, integration tests the built program. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/unit_tests", "<rootDir>/integration_tests"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // These are ES modules alone, which jest can't load as they are.
  transformIgnorePatterns: [
    "/node_modules/(?!(parse-duration|wrap-ansi|string-width|strip-ansi|ansi-styles|ansi-regex|get-east-asian-width)/)",
  ],
  // Looked up in the sandbox, globals cost so much that the stand-in API would spend its time on Math.
  sandboxInjectedGlobals: ["Array", "JSON", "Math", "Number", "Object"],
  // Most tests wait for a program, or a program for its API.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  testTimeout: 120_000,
};
