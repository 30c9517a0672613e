/** All of them, begun or failed, before the first failure is told: what began must be known, to be stopped. */
export async function all<T>(begun: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(begun);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<T>).value);
}
