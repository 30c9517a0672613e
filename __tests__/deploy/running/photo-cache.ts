import type { StrictAws } from "../aws-double/start";
import type { Running } from "./start";

const WORKS = "It works!";
const FAILS = "Doesn't work";
/** On a busy machine, the double may answer a scan later than the function waits for it. */
const TRIES = 3;

type Invocable = Pick<Running["functions"][number], "name" | "invoke">;

/**
 * Invokes the photo-cache function as `aws lambda invoke` does, where the stack has one.
 *
 * @returns what was done, for the report.
 * @throws with what it answered, when it is not what document C wants.
 */
export async function invokePhotoCache(
  { state, functions }: Pick<Running, "state"> & { readonly functions: readonly Invocable[] },
  { aws }: StrictAws,
): Promise<string[]> {
  const name = state.findOutput("photo_function");
  const photoCache = functions.find((one) => one.name === name);
  if (photoCache === undefined) return [];
  const photo = { id: { S: "harbour" }, title: { S: "A harbour" } };
  const item = ["--item", JSON.stringify(photo)];
  await aws("dynamodb", "put-item", "--table-name", state.output("photo_table"), ...item);
  let check = await photoCache.invoke({});
  for (let left = TRIES - 1; left > 0 && check === FAILS; left--) check = await photoCache.invoke({});
  const answers = [check, await photoCache.invoke({ photo: "harbour" })];
  const [works, fetched] = answers as [
    unknown,
    { readonly cache?: string; readonly photo?: { readonly title?: string } },
  ];
  const again = (await photoCache.invoke({ photo: "harbour" })) as { readonly from?: string };
  if (works !== WORKS || fetched.photo?.title !== "A harbour" || again.from !== "cache") {
    throw new Error(
      `${name}: got ${JSON.stringify([...answers, again])}, takes "${WORKS}", a photo, and it from the cache`,
    );
  }
  return [`invokes the photo cache: ${WORKS}`, "finds a photo in the table, then in the cache"];
}
