import { Lazy } from "cdktf";

test("a token of cdktf has no stack trace here, which Jest would map line by line", () => {
  expect(Lazy.anyValue({ produce: () => 1 })).toMatchObject({ creationStack: [] });
});

test("an error has one, and so has an object that asks for one", () => {
  const asks: { stack?: string } = {};
  Error.captureStackTrace(asks);
  expect([new Error("lost").stack, asks.stack]).toEqual([
    expect.stringContaining("token-traces.test.ts"),
    expect.stringContaining("token-traces.test.ts"),
  ]);
});
