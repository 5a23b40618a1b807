/**
 * Bundles the extension. What `import()` names is a file of its own, so that a window that opens does not parse the
 * language client, which is nine tenths of the code.
 */

import { build } from "esbuild";

/** Leaves `import("./name.ts")` to run time, where it is `name.cjs`. */
const apart = {
  name: "apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/.*\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: path.replace(/ts$/, "cjs"), external: true } : undefined,
    );
  },
};

await build({
  entryPoints: ["src/extension.ts", "src/connection.ts"],
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  external: ["vscode"],
  format: "cjs",
  platform: "node",
  target: "node20",
  minify: true,
  logLevel: "warning",
  plugins: [apart],
});
