/** A folder whose faults its tests must find. */
export interface MutatedFolder {
  readonly folder: string;
  /** Test files, as globs under `__tests__`. */
  readonly tests: readonly string[];
  /** The least share of planted faults that a test finds. Percent. */
  readonly least: number;
}

const app = ["webapp/app.test.ts", "webapp/routes/*.test.ts", "webapp/security/*.test.ts"];

/** The session layer has the higher bound: a fault there loses a session or lets a stranger in. */
export const FOLDERS: readonly MutatedFolder[] = [
  { folder: "webapp/session", tests: ["webapp/session/**/*.test.ts"], least: 90 },
  { folder: "webapp/forms", tests: ["webapp/forms/*.test.ts", ...app], least: 80 },
  { folder: "webapp/login", tests: ["webapp/login/*.test.ts", ...app], least: 80 },
  { folder: "webapp/redis", tests: ["webapp/redis/*.test.ts"], least: 80 },
  { folder: "cli/policy/rules", tests: ["cli/policy/*.test.ts"], least: 80 },
  { folder: "cli/plan/risks", tests: ["cli/plan/**/*.test.ts"], least: 80 },
];
