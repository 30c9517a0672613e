/** How AWS replaces servers of one kind: a service's deployment, a group's instance refresh. */
export interface Rollout {
  /** Name of the service or group. */
  readonly group: string;
  /** So many serve at least meanwhile, of as many as there are to be. Percent. */
  readonly leastPercent: number;
  /** So many there are at most. Percent. */
  readonly mostPercent: number;
}

/** The steps of a rollout for servers of one kind. */
export interface Rolling<Server, Wanted> {
  /** How many there are to be. */
  readonly wanted: number;
  /** How many there are. */
  count(): number;
  /** Those that have to go. */
  readonly old: readonly Server[];
  /** Those that have to come. */
  readonly next: readonly Wanted[];
  /** Resolves when it serves. */
  add(wanted: Wanted): Promise<unknown>;
  /** Resolves when it has ended. */
  retire(server: Server): Promise<unknown>;
}

/**
 * New ones come as far as there may be more, old ones go as far as there may be fewer, until all are new.
 *
 * @throws when a new one does not come up; when there may be neither more nor fewer.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 */
export async function roll<Server, Wanted>(
  { group, leastPercent, mostPercent }: Rollout,
  { wanted, count, old, next, add, retire }: Rolling<Server, Wanted>,
): Promise<void> {
  const most = Math.floor((wanted * mostPercent) / 100);
  const least = Math.ceil((wanted * leastPercent) / 100);
  const [leaving, coming] = [[...old], [...next]];
  while (leaving.length + coming.length > 0) {
    const begun = coming.splice(0, Math.max(0, most - count()));
    await Promise.all(begun.map(add));
    const spared = leaving.splice(0, Math.max(0, count() - least));
    await Promise.all(spared.map(retire));
    if (begun.length + spared.length === 0) {
      throw new Error(
        `${group}: got at least ${least} and at most ${most} of ${wanted}, which leaves no way to replace one`,
      );
    }
  }
}
