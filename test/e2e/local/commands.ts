import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { findProgram } from "../../integration/find-program";
import type { CommandResult, LocalStack } from "../stack";

function json<T>({ code, stdout, stderr }: CommandResult): T {
  if (code !== 0) throw new Error(`exit code ${code}\n${stdout}\n${stderr}`);
  return JSON.parse(stdout) as T;
}

/** Silences an alert of a node, sees it listed, ends that, and sees that nothing is silenced any more. */
export async function silenceAndEnd(stack: LocalStack, alert: string, node: string): Promise<void> {
  const made = json<{ id: string }>(await stack.cli("silence", alert, "--node", node, "--for", "5m", "--json"));
  const ids = async () =>
    json<{ silences: { id: string }[] }>(await stack.cli("silence", "--json")).silences.map((silence) => silence.id);
  expect(await ids()).toEqual([made.id]);
  expect(json(await stack.cli("silence", "--end", made.id, "--json"))).toMatchObject({ ended: true });
  expect(await ids()).toEqual([]);
}

/** Writes the monitoring of the stack as files, sees that they are those that run, and lets promtool and amtool judge them. */
export async function renderAndCheck(stack: LocalStack): Promise<string[]> {
  const { directory, files } = json<{ directory: string; files: string[] }>(
    await stack.cli("render", "monitoring", "out", "--json"),
  );
  const running = path.join(stack.root, ".chainkeep", "run", "local");
  for (const file of files) {
    expect([file, readFileSync(path.join(directory, file), "utf8")]).toEqual([
      file,
      readFileSync(path.join(running, file), "utf8"),
    ]);
  }
  const [promtool, amtool] = ["promtool", "amtool"].map(findProgram);
  if (promtool)
    execFileSync(promtool, ["check", "config", "prometheus.yml"], { cwd: `${directory}/devnet/prometheus` });
  if (amtool) execFileSync(amtool, ["check-config", "alertmanager.yml"], { cwd: `${directory}/devnet/alertmanager` });
  return files;
}
