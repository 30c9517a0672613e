import { InvokeApi } from "../../../../cli/dev/lambda/invoke-api";
import { FunctionError } from "../../../../cli/dev/lambda/runtime-api";

let api: InvokeApi | undefined;
afterEach(() => api?.stop());

/** Invokes one of a stack's functions as an SDK does. */
async function invoke(answer: (event: unknown) => unknown, body: string, name = "photos") {
  api = new InvokeApi(new Map([["photos", { invoke: async (event: unknown) => answer(event) }]]));
  const url = `${await api.listen()}/2015-03-31/functions/${name}/invocations`;
  const response = await fetch(url, { method: "POST", body });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const throws = (error: Error) => () => {
  throw error;
};

it.each([
  ['{"photo":"a"}', { photo: "a" }],
  ["", {}],
  ["null", null],
])("hands over %p and answers with what comes back", async (body, event) => {
  const answer = await invoke((got) => ({ got }), body);
  expect(answer).toMatchObject({ status: 200, body: { got: event } });
  expect(answer.headers.get("x-amz-function-error")).toBeNull();
});

it("answers with what a function threw, as Lambda does: 200, and a header", async () => {
  const { status, headers, body } = await invoke(throws(new FunctionError("TypeError", "no photo")), "{}");
  expect([status, headers.get("x-amz-function-error")]).toEqual([200, "Unhandled"]);
  expect(body).toEqual({ errorType: "TypeError", errorMessage: "no photo" });
});

it.each([
  ["a function that is not there", () => 1, "{}", "other", 404, "ResourceNotFoundException", /other; there is photos$/],
  ["a name that is none", () => 1, "{}", "%zz", 404, "ResourceNotFoundException", /%zz.*; there is photos$/],
  ["what is no JSON", () => 1, "{", "photos", 400, "InvalidRequestContentException", /^Could not parse request body/],
  [
    "more than there may be at a time",
    throws(new FunctionError("TooManyRequestsException", "Rate Exceeded.")),
    "{}",
    "photos",
    429,
    "TooManyRequestsException",
    /^Rate Exceeded/,
  ],
])("refuses %s", async (_what, answer, body, name, status, type, message) => {
  const refused = await invoke(answer, body, name);
  expect(refused).toMatchObject({ status, body: { message: expect.stringMatching(message) } });
  expect(refused.headers.get("x-amzn-errortype")).toBe(type);
});
