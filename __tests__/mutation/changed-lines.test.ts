import { listChangedLines } from "./changed-lines";

const DIFF = `diff --git a/webapp/forms/form-token.ts b/webapp/forms/form-token.ts
--- a/webapp/forms/form-token.ts
+++ b/webapp/forms/form-token.ts
@@ -3 +3 @@ import
-one
+two
@@ -10,2 +10,3 @@
+a
+b
+c
@@ -30,2 +31,0 @@
-gone
diff --git a/webapp/forms/new.ts b/webapp/forms/new.ts
new file mode 100644
--- /dev/null
+++ b/webapp/forms/new.ts
@@ -0,0 +1,4 @@
+x
`;

describe("the lines of a diff", () => {
  it("are those that are new or changed, by file", () => {
    expect(listChangedLines(DIFF)).toEqual([
      "webapp/forms/form-token.ts:3-3",
      "webapp/forms/form-token.ts:10-12",
      "webapp/forms/new.ts:1-4",
    ]);
  });

  it("are none where nothing changed", () => {
    expect(listChangedLines("")).toEqual([]);
  });
});
