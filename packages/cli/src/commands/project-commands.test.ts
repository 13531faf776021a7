import { existsSync, mkdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { statusOf } from "../agent/fake-agent.fixture";
import { CliWorld } from "../cli-world.fixture";

// The first command loads Pulumi's SDK, which takes a while on a busy machine.
jest.setTimeout(60_000);

describe("chainkeep", () => {
  let world: CliWorld;
  beforeEach(async () => {
    world = new CliWorld();
    await world.agent.listen();
  });
  afterEach(() => world.dispose());

  describe("setup", () => {
    const PULUMI = [
      'if [ "$1 $2" = "config set" ]; then',
      '  cat > "$(echo "$4" | cut -d: -f2)"',
      '  test -e Pulumi.local.yaml || printf "encryptionsalt: v1:x\\nconfig:\\n" > Pulumi.local.yaml',
      '  printf "  $4:\\n    secure: v1:y\\n" >> Pulumi.local.yaml',
      "fi",
      'env | grep "^PULUMI_" | sort > pulumi.env',
    ].join("\n");

    it("makes backend, passphrase, wrapper, stack and its secrets", async () => {
      world.programs(PULUMI);
      process.env.PULUMI_CONFIG_PASSPHRASE = "somebody else's";
      mkdirSync("node_modules/.bin", { recursive: true });
      expect(await world.cli("setup")).toBe(0);
      expect(world.pulumiCalls).toEqual([
        "stack select --create local --non-interactive",
        "config set --secret chainkeep:seed --stack local --non-interactive",
        "config set --secret chainkeep:vaultPassword --stack local --non-interactive",
      ]);
      expect(world.read("seed")).toMatch(/^[0-9a-f]{64}$/);
      expect(world.read("vaultPassword")).toMatch(/^[0-9a-f]{64}$/);
      expect(world.read("vaultPassword")).not.toBe(world.read("seed"));
      expect(statSync(".chainkeep/passphrase").mode & 0o777).toBe(0o600);
      expect(statSync(".chainkeep").mode & 0o777).toBe(0o700);
      expect(world.read(".chainkeep", ".gitignore")).toBe("*\n");
      const env = world.read("pulumi.env");
      expect(env).toContain(`PULUMI_BACKEND_URL=file://${world.root}/.chainkeep/backend`);
      expect(env).not.toContain("somebody else's");
      // npx finds the wrapper, and the wrapper sets the same environment.
      expect(realpathSync("node_modules/.bin/pulumi")).toBe(`${world.root}/.chainkeep/bin/pulumi`);
    });

    it("changes nothing the second time", async () => {
      world.programs(PULUMI);
      await world.cli("setup");
      const kept = [world.read(".chainkeep", "passphrase"), world.read("seed")];
      for (const secret of ["seed", "vaultPassword"]) rmSync(secret);
      expect(await world.cli("setup")).toBe(0);
      expect(world.read(".chainkeep", "passphrase")).toBe(kept[0]);
      expect([existsSync("seed"), existsSync("vaultPassword")]).toEqual([false, false]);
    });

    it("gives a stack from before vaults its password, and keeps its seed", async () => {
      world.programs(PULUMI);
      await world.cli("setup");
      writeFileSync("Pulumi.local.yaml", "encryptionsalt: v1:x\nconfig:\n  chainkeep:seed:\n    secure: v1:y\n");
      for (const secret of ["seed", "vaultPassword"]) rmSync(secret);
      expect(await world.cli("setup")).toBe(0);
      expect([existsSync("seed"), existsSync("vaultPassword")]).toEqual([false, true]);
    });

    it("leaves somebody else's pulumi in node_modules alone", async () => {
      world.programs(PULUMI);
      mkdirSync("node_modules/.bin", { recursive: true });
      writeFileSync("node_modules/.bin/pulumi", "theirs");
      await world.cli("setup");
      expect(world.read("node_modules", ".bin", "pulumi")).toBe("theirs");
    });

    it("does not make a new passphrase for secrets that another one locks", async () => {
      world.programs(PULUMI);
      writeFileSync("Pulumi.local.yaml", "encryptionsalt: v1:x\nconfig:\n  chainkeep:seed:\n    secure: v1:y\n");
      expect(await world.cli("setup")).toBe(1);
      expect(world.err).toMatch(/Pulumi\.local\.yaml were written with another passphrase.*\[PASSPHRASE_LOST\]/);
      expect(existsSync(".chainkeep/passphrase")).toBe(false);
    });

    it("tells what Pulumi said when it refuses", async () => {
      world.programs('echo "error: the backend is gone" >&2; exit 255');
      expect(await world.cli("setup")).toBe(1);
      expect(world.err).toMatch(/cannot select stack local: error: the backend is gone \[STACK_FAILED\]/);
    });

    it("prints exports that a shell can read", async () => {
      expect(await world.cli("env")).toBe(0);
      expect(world.out).toContain(`export PULUMI_CONFIG_PASSPHRASE_FILE='${world.root}/.chainkeep/passphrase'`);
      expect(world.out).toContain("unset PULUMI_CONFIG_PASSPHRASE\n");
    });
  });

  describe("start and stop", () => {
    const pulumi = (more = "") =>
      [
        'case "$1 $2" in',
        `  "stack history") echo '[{"resourceChanges":{"same":24}}]' ;;`,
        `  "stack output") echo '{"rpcUrl":"http://127.0.0.1:1","count":3}' ;;`,
        '  "config set") cat > /dev/null ;;',
        `  up*) ${more || "true"} ;;`,
        "esac",
      ].join("\n");
    const rising = (height: number) => statusOf({ networkState: { halted: false, height, secondsSinceProgress: 0 } });

    it("deploys, waits until blocks flow, and shows nodes and addresses", async () => {
      world.programs(pulumi());
      world.cluster();
      world.agent.answers = [rising(5), rising(6)];
      expect(await world.cli("start")).toBe(0);
      expect(world.pulumiCalls).toContain(
        "up --stack local --refresh --yes --skip-preview --non-interactive --color never",
      );
      expect(world.out).toContain("Nothing to change: everything is as declared.");
      expect(world.out).toMatch(/^mirror-0 /m);
      expect(world.out).toMatch(/^rpcUrl +http:\/\/127\.0\.0\.1:1$/m);
      expect(world.err).toContain("devnet: blocks flow, all nodes are ready");
    });

    it("says where the dashboards are when there is no Grafana, and only then", async () => {
      world.programs(pulumi());
      const directory = path.join(world.cluster(), "grafana", "dashboards");
      mkdirSync(directory, { recursive: true });
      const monitored = { prometheusUrl: "http://127.0.0.1:2", alertmanagerUrl: "http://127.0.0.1:3" };
      world.agent.answers = [rising(5), { ...rising(6), ...monitored }];
      expect(await world.cli("start")).toBe(0);
      expect(world.out).toContain(
        `devnet: there is no Grafana here; its dashboards lie ready for import in ${directory}\n`,
      );
      world.agent.answers = [rising(7), { ...rising(8), ...monitored, grafanaUrl: "http://127.0.0.1:4" }];
      expect(await world.cli("start")).toBe(0);
      expect(world.out).not.toContain("Grafana");
    });

    it("gives up in time, with reasons", async () => {
      world.programs(pulumi());
      world.cluster();
      world.agent.answers = [rising(5)];
      expect(await world.cli("start", "--timeout", "1s")).toBe(1);
      expect(world.err).toMatch(/not up after 1 s: no new block seen yet \[START_TIMEOUT\]/);
      expect(world.out).toMatch(/^rpc-0 /m);
    });

    it("ends with Pulumi's failure", async () => {
      world.programs(pulumi("exit 7"));
      expect(await world.cli("start")).toBe(1);
      expect(world.err).toMatch(/"pulumi up" ended with exit code 7.*\[UP_FAILED\]/);
    });

    it("stops and keeps data, unless it is to go", async () => {
      world.programs(pulumi());
      const stateDir = world.cluster();
      await world.cli("setup");
      expect(await world.cli("stop")).toBe(0);
      expect(world.pulumiCalls.at(-1)).toBe(
        "destroy --stack local --yes --skip-preview --non-interactive --color never",
      );
      expect(existsSync(stateDir)).toBe(true);
      mkdirSync(".chainkeep/vaults/local/vault", { recursive: true });
      expect(await world.cli("stop", "--purge-data")).toBe(0);
      expect(existsSync(path.dirname(stateDir))).toBe(false);
      expect(world.out).toMatch(/Kept the recovery points in .*vaults\/local\b/);
      expect(existsSync(".chainkeep/vaults/local/vault")).toBe(true);
      expect(existsSync(".chainkeep/passphrase")).toBe(true);
    });

    it("keeps data when the stack could not be taken down", async () => {
      world.programs(`${pulumi()}\n[ "$1" = destroy ] && exit 3\nexit 0`);
      const stateDir = world.cluster();
      await world.cli("setup");
      expect(await world.cli("stop", "--purge-data")).toBe(1);
      expect(world.err).toMatch(/"pulumi destroy" ended with exit code 3.*\[DESTROY_FAILED\]/);
      expect(existsSync(stateDir)).toBe(true);
    });

    it("has nothing to stop where nothing was started", async () => {
      expect(await world.cli("stop")).toBe(0);
      expect(world.out).toContain("Nothing to stop");
    });
  });

  describe("logs", () => {
    it("prints the end of a log, of a cluster that was stopped as well", async () => {
      const stateDir = world.cluster();
      rmSync(path.join(stateDir, "agent"), { recursive: true });
      mkdirSync(path.join(stateDir, "logs"));
      // A vault's files lie beside those of clusters.
      mkdirSync(path.join(stateDir, "..", "_vaults", "vault"), { recursive: true });
      writeFileSync(path.join(stateDir, "logs", "rpc-0.log"), "one\ntwo\nthree\n");
      expect(await world.cli("logs", "rpc-0", "-n", "2")).toBe(0);
      expect(world.out).toBe("two\nthree\n");
      expect(await world.cli("logs", "rpc-9")).toBe(2);
      expect(world.err).toMatch(/no log of "rpc-9"; there are logs of rpc-0 \[NO_LOG\]/);
    });

    it("says that there is no cluster", async () => {
      expect(await world.cli("logs", "rpc-0")).toBe(1);
      expect(world.err).toMatch(/\[NO_CLUSTER\]/);
    });
  });

  it("attach says that no supervisor runs", async () => {
    world.cluster();
    expect(await world.cli("attach")).toBe(1);
    expect(world.err).toMatch(/no supervisor runs in .*\[NO_SUPERVISOR\]/);
  });
});
