// The load where wrk is missing: a process of its own, so that it can be pinned.
const { readFileSync } = require("node:fs");
const autocannon = require("autocannon");

autocannon(JSON.parse(readFileSync(process.argv[2], "utf8"))).then(({ requests, duration, errors, non2xx }) => {
  process.stdout.write(JSON.stringify({ requests: requests.total, seconds: duration, failed: errors + non2xx }));
});
