import { score } from "./score";

const reportOf = (...statuses: string[]) => ({
  files: {
    "a.ts": { mutants: statuses.slice(0, 2).map((status) => ({ status })) },
    "b.ts": { mutants: statuses.slice(2).map((status) => ({ status })) },
  },
});

describe("the score of planted faults", () => {
  it("counts a fault that no test reaches as missed, and one that hangs a test as found", () => {
    const report = reportOf("Killed", "Survived", "Timeout", "NoCoverage");
    expect(score(report)).toEqual({ found: 2, planted: 4, percent: 50 });
  });

  it("leaves out faults that do not compile and those with a reason in a comment", () => {
    expect(score(reportOf("Killed", "CompileError", "Ignored"))).toEqual({ found: 1, planted: 1, percent: 100 });
  });

  it("is whole where nothing could be planted", () => {
    expect(score(reportOf())).toMatchObject({ planted: 0, percent: 100 });
  });
});
