const path = require("node:path");
const { projects } = require("../../jest.config.js");

const unit = projects.find(({ displayName }) => displayName === "unit");

// Stryker runs one project: the unit tests of the folder that is mutated.
module.exports = {
  ...unit,
  rootDir: path.join(__dirname, "..", ".."),
  testMatch: JSON.parse(process.env.MUTATION_TESTS ?? "[]").map((glob) => `<rootDir>/__tests__/${glob}`),
  testTimeout: 30_000,
};
