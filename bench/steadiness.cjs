// How steady the core is: the same work, 400 times. A neighbour on the same silicon, of whom no load average tells, makes
// some of it slow. Prints what the slowest quarter took at least, over the fastest.
const record = { name: "visitor", visits: 1, pages: ["/", "/session"], note: "x".repeat(50) };

function work() {
  const start = process.hrtime.bigint();
  const seen = new Map();
  for (let i = 0; i < 4000; i++) {
    seen.set(i % 100, JSON.parse(JSON.stringify(record)).pages.length);
    record.note = record.note.replace(/x+/, (xs) => xs.toUpperCase()).toLowerCase();
  }
  return Number(process.hrtime.bigint() - start);
}

for (let i = 0; i < 100; i++) work();
const took = Array.from({ length: 400 }, work).sort((a, b) => a - b);
process.stdout.write((took[0.75 * took.length] / took[0]).toFixed(2));
