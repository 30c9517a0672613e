const path = require("node:path");

/** Jest's reporter of tests that passed or failed only after a second try: each is a fault to mend, though the run is green. */
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
