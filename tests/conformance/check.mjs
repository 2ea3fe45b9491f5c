// Runs every listed scenario and compares each check with what is listed for it.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [url, work] = process.argv.slice(2);
const suite = "node_modules/@modelcontextprotocol/conformance/dist/index.js";
const { scenarios, expected } = JSON.parse(readFileSync("expected.json", "utf8"));

let passed = 0;
const failures = [];

function checksOf(scenario, version) {
  const out = join(work, `${scenario}-${version}`);
  const run = spawnSync(
    process.execPath,
    [suite, "server", "--url", url, "--scenario", scenario, "--spec-version", version, "-o", out],
    { encoding: "utf8", timeout: 120_000 },
  );
  try {
    const [folder] = readdirSync(out);
    return JSON.parse(readFileSync(join(out, folder, "checks.json"), "utf8"));
  } catch (error) {
    failures.push(`${scenario} ${version}: no result (${error.message})\n${run.stdout}${run.stderr}`);
    return [];
  }
}

const unmet = new Set(Object.keys(expected));
for (const [scenario, versions] of Object.entries(scenarios)) {
  for (const version of versions) {
    const seen = new Map();
    for (const check of checksOf(scenario, version)) {
      const key = `${scenario} ${version} ${check.id}`;
      // Notes count only where one is all that a scenario has to say.
      if (check.status === "INFO" && expected[key]?.status !== "INFO") continue;
      // A scenario may report a check several times: the worst counts.
      if (!seen.has(key) || check.status !== "SUCCESS") seen.set(key, check);
    }
    if (seen.size === 0) failures.push(`${scenario} ${version}: no check was made`);
    for (const [key, check] of seen) {
      const wanted = expected[key]?.status ?? "SUCCESS";
      unmet.delete(key);
      if (check.status === wanted) passed += 1;
      else failures.push(`${key}: ${check.status}, expected ${wanted}. ${check.errorMessage ?? ""}`);
    }
  }
}
for (const key of unmet) failures.push(`${key}: listed, but not made`);

for (const failure of failures) console.log(failure);
console.log(`conformance: ${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
