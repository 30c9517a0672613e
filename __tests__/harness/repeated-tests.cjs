const path = require("node:path");

/** A reporter for Jest that lists each test that ran twice: its first run failed, which a green run would hide. */
class RepeatedTests {
  #write;

  constructor(_config, { write = (text) => process.stderr.write(text) } = {}) {
    this.#write = write;
  }

  onRunComplete(_contexts, { testResults }) {
    const lines = testResults.flatMap((file) =>
      file.testResults
        .filter(({ invocations = 1 }) => invocations > 1)
        .map(({ fullName }) => `  ${path.relative(process.cwd(), file.testFilePath)}: ${fullName}\n`),
    );
    if (lines.length > 0) this.#write(`\nran twice:\n${lines.join("")}`);
  }
}

module.exports = RepeatedTests;
