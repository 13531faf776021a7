import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { lightTrust } from "./light-trust";

const HASH = "AB".repeat(32);
const OTHER = "CD".repeat(32);

const servers: Server[] = [];
const homes: string[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

async function node(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const commit = (hash: string, chainId = "devnet", height = "1") =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: -1,
    result: {
      signed_header: { header: { chain_id: chainId, height }, commit: { block_id: { hash } } },
      canonical: true,
    },
  });

/** A node that tells the block with this hash. */
function telling(hash: string, chainId?: string, height?: string): Promise<string> {
  return node((request, response) => {
    expect(["/commit?height=1", "/health"]).toContain(request.url);
    response.end(request.url === "/health" ? '{"result":{}}' : commit(hash, chainId, height));
  });
}

function saying(text: string, status = 200): Promise<string> {
  return node((_request, response) => response.writeHead(status).end(text));
}

/** A port on which nobody listens. */
async function nobody(): Promise<string> {
  const url = await saying("");
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  return url;
}

function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), "chainkeep-light-"));
  homes.push(home);
  return home;
}

function run(home: string, primary: string, witnesses: readonly string[], ...more: string[]): Promise<void> {
  const asked = witnesses.flatMap((witness) => ["--witness", witness]);
  const own = ["--rpc", primary, ...asked, "--home", home, "--chain-id", "devnet", "--args-file", "trust.args"];
  return lightTrust([...own, "--timeout", "2", ...more]);
}

const wordsOf = (home: string) =>
  readFileSync(path.join(home, "trust.args"), "utf8")
    .split(/\s+/)
    .filter((w) => w !== "");
const trusted = (height: number, hash: string) => [`--height=${height}`, `--hash=${hash}`];

/** What cometbft leaves when it has saved a header. */
function store(home: string, file: string, chainId = "devnet"): void {
  const folder = path.join(home, "light-client-db.db");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, file),
    Buffer.concat([Buffer.of(1, 0, 255), Buffer.from(`lb/${chainId}/00000000000000000007`)]),
  );
}

describe("trust on first use", () => {
  it("takes block 1 when the primary and a witness agree", async () => {
    const home = path.join(newHome(), "made", "by", "it");
    await run(home, await telling(HASH.toLowerCase()), [await telling(HASH)]);
    expect(wordsOf(home)).toEqual(trusted(1, HASH));
  });

  it("does without witnesses that are silent as long as one agrees", async () => {
    const home = newHome();
    await run(home, await telling(HASH), [await nobody(), await telling(HASH), await saying("<html>", 502)]);
    expect(wordsOf(home)).toEqual(trusted(1, HASH));
  });

  it("waits for a network that has no block yet", async () => {
    const none = JSON.stringify({
      error: { code: -32603, message: "Internal error", data: "height 1 must be less than" },
    });
    let asked = 0;
    const late = await node((_request, response) => response.end(++asked < 3 ? none : commit(HASH)));
    const home = newHome();
    await run(home, late, [await telling(HASH)]);
    expect(asked).toBe(3);
    expect(wordsOf(home)).toEqual(trusted(1, HASH));
  });

  it("trusts nothing when one of them tells another block, whoever is right", async () => {
    const home = newHome();
    const [right, wrong] = [await telling(HASH), await telling(OTHER)];
    await expect(run(home, right, [right, wrong])).rejects.toThrow(
      `light-trust: ${right} says that block 1 is ${HASH}, ${wrong} says ${OTHER}; one of them lies or is on another network, so nothing is trusted`,
    );
    await expect(run(home, wrong, [right])).rejects.toThrow(/nothing is trusted/);
    expect(() => wordsOf(home)).toThrow(/ENOENT/);
  });

  it("refuses another chain", async () => {
    const stranger = await telling(HASH, "mainnet");
    await expect(run(newHome(), await telling(HASH), [stranger])).rejects.toThrow(
      `light-trust: ${stranger} is on chain mainnet, expected devnet; check the addresses`,
    );
  });

  it("says at the end of its patience who gave which answer", async () => {
    const [primary, hung] = [await nobody(), await node(() => undefined)];
    const failed = run(newHome(), primary, [hung], "--timeout", "1");
    await expect(failed).rejects.toThrow(/^light-trust: no trusted block within 1 s; /);
    await expect(failed).rejects.toThrow(`${primary}: fetch failed (ECONNREFUSED)`);
    await expect(failed).rejects.toThrow(new RegExp(`${hung}: no answer within \\d+ ms`));
  });

  it.each<[string, () => Promise<string>]>([
    ["garbage", () => saying("\u0000<<<")],
    ["nothing", () => saying("")],
    ["JSON of another kind", () => saying('[{"result":null}]')],
    ["a hash that is none", () => telling("../../etc")],
    ["another block", () => telling(HASH, "devnet", "2")],
    ["an answer without end", () => node((_request, response) => void endless(response))],
    [
      "a redirect",
      () => node((_request, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()),
    ],
  ])("counts %s as no answer", async (_what, liar) => {
    const home = newHome();
    const failed = run(home, await telling(HASH), [await liar()], "--timeout", "1");
    await expect(failed).rejects.toThrow(/no trusted block within 1 s/);
    await expect(failed).rejects.toThrow(/^[^\n\p{Cc}]{1,500}$/u);
    expect(() => wordsOf(home)).toThrow(/ENOENT/);
  });

  it("does not believe another first block later, while the proxy has saved nothing", async () => {
    const home = newHome();
    await run(home, await telling(HASH), [await telling(HASH)]);
    await expect(run(home, await telling(OTHER), [await telling(OTHER)])).rejects.toThrow(
      `it was ${HASH} when it was trusted first; if the network was made anew, remove ${path.join(home, "trust.json")}`,
    );
    rmSync(path.join(home, "trust.json"));
    await run(home, await telling(OTHER), [await telling(OTHER)]);
    expect(wordsOf(home)).toEqual(trusted(1, OTHER));
  });
});

describe("a store that the proxy has filled", () => {
  it.each(["000001.log", "MANIFEST-000004"])(
    "is gone on with, told by its %s: cometbft gets no trusted block",
    async (file) => {
      const home = newHome();
      await run(home, await telling(HASH), [await telling(HASH)]);
      store(home, file);
      await run(home, await telling(HASH), [await nobody()]);
      expect(wordsOf(home)).toEqual([]);
      expect(readFileSync(path.join(home, "light-client-db.db", file), "utf8")).toContain("lb/devnet/");
    },
  );

  it("is made anew when it holds no header, or one of another chain", async () => {
    for (const chainId of ["", "devnet-2"]) {
      const home = newHome();
      store(home, "000001.log", chainId);
      await run(home, await telling(HASH), [await telling(HASH)]);
      expect(wordsOf(home)).toEqual(trusted(1, HASH));
      expect(() => readFileSync(path.join(home, "light-client-db.db", "000001.log"))).toThrow(/ENOENT/);
    }
  });

  it("waits for its primary, without which the proxy ends at once", async () => {
    const home = newHome();
    store(home, "000001.log");
    const gone = await nobody();
    await expect(run(home, gone, [gone], "--timeout", "1")).rejects.toThrow(
      `light-trust: primary is not up within 1 s; ${gone}: fetch failed (ECONNREFUSED)`,
    );
    await expect(run(home, await saying("<html>"), [gone], "--timeout", "1")).rejects.toThrow(
      /answer is not CometBFT's/,
    );
  });
});

describe("a block that the user trusts", () => {
  const given = (height: number, hash: string) => ["--height", String(height), "--hash", hash];

  it("is taken without asking for another opinion", async () => {
    const home = newHome();
    await run(home, await telling(OTHER), [], ...given(28_000_000, HASH.toLowerCase()));
    expect(wordsOf(home)).toEqual(trusted(28_000_000, HASH));
  });

  it("starts the store once, and anew when it changes", async () => {
    const home = newHome();
    const primary = await telling(OTHER);
    await run(home, primary, [], ...given(10, HASH));
    store(home, "000001.log");
    await run(home, primary, [], ...given(10, HASH));
    expect(wordsOf(home)).toEqual([]);
    await run(home, primary, [], ...given(20, HASH));
    expect(wordsOf(home)).toEqual(trusted(20, HASH));
    expect(() => readFileSync(path.join(home, "light-client-db.db", "000001.log"))).toThrow(/ENOENT/);
  });

  it("starts the store anew when a crash tore the record of it", async () => {
    const home = newHome();
    store(home, "000001.log");
    writeFileSync(path.join(home, "trust.json"), '{"chainId":"dev');
    await run(home, await telling(OTHER), [], ...given(10, HASH));
    expect(wordsOf(home)).toEqual(trusted(10, HASH));
  });
});

describe("the command line", () => {
  const full = [
    "--rpc",
    "http://x",
    "--witness",
    "http://y",
    "--home",
    "/nonexistent/h",
    "--chain-id",
    "c",
    "--args-file",
    "a",
  ];
  const without = (name: string) => full.filter((word, i) => word !== name && full[i - 1] !== name);

  it.each(["--rpc", "--witness", "--home", "--chain-id", "--args-file"])("is refused without %s", async (name) => {
    await expect(lightTrust(without(name))).rejects.toThrow(`${name} is missing`);
  });

  it.each([
    [["--height", "5"], "--hash: got nothing"],
    [["--hash", HASH], "--height is missing"],
    [["--height", "0", "--hash", HASH], "--height: got 0"],
    [["--height", "5", "--hash", "abc"], "--hash: got abc"],
    [["--timeout", "soon"], "--timeout: got soon"],
    [["--heigth", "5"], "--heigth"],
  ])("is refused with %j", async (words, message) => {
    await expect(lightTrust([...full, ...words])).rejects.toThrow(message);
  });
});

async function endless(response: NodeJS.WritableStream): Promise<void> {
  let open = true;
  response.on("close", () => {
    open = false;
  });
  response.on("error", () => {
    open = false;
  });
  const chunk = Buffer.alloc(1024 * 1024, "x");
  while (open) {
    if (!response.write(chunk)) await new Promise((resolve) => setImmediate(resolve));
  }
}
