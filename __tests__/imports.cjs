/**
 * The arrows of docs/design.md, for dependency-cruiser: `npm run check` fails on an import that goes another way.
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
const OURS = ["modules", "webapp", "environment", "settings", "stacks", "cli", "docs", "bench"];
const TOPOLOGIES = "ec2|ecs|lambda";
const PARTS = "network|redis|memcached|web-app|load-balancer|instances";
const BASE = "connections|artifact|alarms|iam|naming|logs";

/** Files of a folder may import from these folders of ours and from no others. */
function only(folder, allowed, comment) {
  const others = OURS.filter((name) => name !== folder && !allowed.includes(name));
  return {
    name: `${folder}-imports-${allowed.length === 0 ? "nothing-of-ours" : `only-${allowed.join("-and-")}`}`,
    comment,
    severity: "error",
    from: { path: `^${folder}/` },
    to: { path: `^((${others.join("|")})/|main\\.ts$)` },
  };
}

/** Folders of modules/ that must not import from others of it. */
function never(name, from, to, comment) {
  return { name, comment, severity: "error", from: { path: `^modules/(${from})/` }, to: { path: `^modules/(${to})/` } };
}

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    only("environment", [], "The contract that the constructs and the app both read."),
    only("webapp", ["environment"], "The app knows nothing of the infrastructure code."),
    only("modules", ["environment"], "The constructs are usable without this repository's app and settings."),
    only("settings", ["modules", "environment"], "Settings become props of constructs."),
    only("stacks", ["settings", "modules", "environment"], "Stacks are modules, composed by settings."),
    only("cli", ["stacks", "settings", "modules", "environment"], "Commands know the app as a process and as bundles."),
    only("bench", ["webapp", "cli"], "The benchmark runs the app as it is deployed, and the session layer."),
    {
      name: "cli-is-imported-as-the-way-to-write-a-command",
      comment:
        "main.ts, docs/build and bench are commands too; of cli they know how one begins, runs programs and ends.",
      severity: "error",
      from: { path: "^(main\\.ts$|docs/|bench/)" },
      to: { path: "^cli/", pathNot: "^cli/machine/" },
    },
    {
      name: "the-app-knows-no-cdktf",
      severity: "error",
      from: { path: "^(webapp|environment)/" },
      to: { path: "^node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "one-file-knows-koa-session",
      comment: "webapp/session/context-session.ts is the seam: the rest of the session layer calls that.",
      severity: "error",
      from: { path: "^webapp/", pathNot: "^webapp/session/context-session\\.ts$" },
      to: { path: "^node_modules/koa-session/" },
    },
    never("parts-know-no-topology", PARTS, TOPOLOGIES, "Topologies import the parts, never the other way round."),
    never(
      "base-knows-no-part",
      BASE,
      `${PARTS}|${TOPOLOGIES}`,
      "Every construct may use these, and they use none above.",
    ),
    ...TOPOLOGIES.split("|").map((one) =>
      never(
        `${one}-knows-no-other-topology`,
        one,
        TOPOLOGIES.split("|")
          .filter((other) => other !== one)
          .join("|"),
        "Topologies never import each other.",
      ),
    ),
    ...["cli/plan", "cli/policy", "cli/terraform", "cli/machine"].map((folder, index, floors) => ({
      name: `${folder.replace("/", "-")}-imports-lower-floors`,
      comment: "plan -> policy -> terraform -> machine",
      severity: "error",
      from: { path: `^${folder}/` },
      to: { path: `^(${floors.slice(0, index).join("|") || "^$"})/` },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    // TypeScript 7 has no parser that other programs can use.
    parser: "swc",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".mts", ".js", ".cjs", ".mjs"] },
  },
};
