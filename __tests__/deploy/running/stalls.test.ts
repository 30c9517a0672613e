import { Stalls } from "./stalls";

it("a request is covered by a stall it was under way in, and by none before or after", () => {
  const stalls = new Stalls();
  stalls.stop();
  const began = performance.now();
  stalls.look(began);
  stalls.look(began + 300);
  stalls.look(began + 1300);
  const covers = (from: number, to: number) => stalls.cover({ start: began + from, end: began + to });
  expect([covers(0, 290), covers(0, 310), covers(400, 500), covers(1200, 1400), covers(1300, 1400)]).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});
