import * as path from "node:path";
import type { Browser, Page } from "playwright-core";
import { describeWithChromium, openPage, overflow, startChromium, type Watched } from "./chromium";
import { StatusPageWorld } from "./status-page-world";

const KINDS = {
  "validators-0": "validator",
  "validators-1": "validator",
  "validators-2": "validator",
  "rpc-0": "full",
  "rpc-1": "full",
  "rpc-2": "full",
  "mirror-0": "mirror",
} as const;
const NODES = Object.keys(KINDS);
const PHONE = { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true };
const HOSTILE = `"><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">`;

const IMAGES = path.resolve(__dirname, "../../docs/guides/images");
/** Only for `npm run docs:screenshots`, which runs nothing but this. */
const shooting = process.env.CHAINKEEP_SCREENSHOTS === "1";

describeWithChromium()("the status page in a browser", () => {
  let browser: Browser;
  let world: StatusPageWorld;
  const opened: Watched[] = [];

  beforeAll(async () => {
    world = await StatusPageWorld.of(KINDS);
    browser = await startChromium();
    await healthy();
  }, 120_000);

  afterEach(async () => {
    // A test that failed half-way must not fail the next ones.
    for (const node of NODES) world.say(node, { version: "0.38.19", behind: 0, syncing: false, silent: false });
    for (const { complaints, close } of opened.splice(0)) {
      await close();
      expect(complaints).toEqual([]);
    }
  });

  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  }, 60_000);

  async function healthy(): Promise<void> {
    await world.agent.until(
      "all nodes ready",
      () => world.agent.status(),
      (status) => status.nodes.length === NODES.length && status.nodes.every((n) => n.ready),
    );
  }

  async function open(where: string, options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
    const watched = await openPage(browser, `${world.base}${where}`, options);
    opened.push(watched);
    return watched.page;
  }

  const over = () => ({ status: "resolved", endsAt: new Date(Date.now() - 20_000).toISOString() });
  const rowOf = (page: Page, node: string) => page.getByRole("row").filter({ hasText: node });

  it("shows the cluster at a glance", async () => {
    const page = await open("/");
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("devnet");
    expect(await page.getByText("7 of 7 nodes ready").isVisible()).toBe(true);
    expect(await page.getByRole("columnheader").allTextContents()).toEqual(
      expect.arrayContaining(["Node", "State", "Height", "Behind", "Peers"]),
    );
    for (const node of NODES) expect(await rowOf(page, node).getByText("Ready").isVisible()).toBe(true);
    expect(await rowOf(page, "rpc-0").textContent()).toContain("0.38.19");
    expect(await page.getByText("No vault yet:").isVisible()).toBe(true);
    expect(await page.getByRole("link", { name: "Prometheus" }).getAttribute("href")).toBe("http://127.0.0.1:9");
    expect(await page.getByRole("link", { name: "Grafana" }).count()).toBe(0);
    expect(await page.title()).toBe("devnet");
  });

  it("draws heights over time as soon as there are two samples", async () => {
    const page = await open("/");
    await page.getByRole("img", { name: /^From [\d,]+ to [\d,]+ in \d+ s, / }).waitFor({ timeout: 30_000 });
    expect(await page.locator(".plot path.best").getAttribute("d")).toMatch(/^M0 \d+(\.\d+)?L/);
  }, 60_000);

  it("takes over what changed without a reload, says it aloud, and keeps what a person has opened", async () => {
    const page = await open("/");
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    await page.evaluate('document.body.setAttribute("data-kept", "yes")');
    await world.alert("NodeDown", { node: "mirror-0" });
    const link = page.getByRole("link", { name: "NodeDown" });
    await link.waitFor();
    expect(await page.locator("body").getAttribute("data-kept")).toBe("yes");
    await page.getByRole("heading", { name: "1 critical alert fires" }).waitFor();
    expect(await page.getByRole("status").textContent()).toBe("1 critical alert fires, NodeDown of mirror-0");
    expect(await page.title()).toBe("1 critical alert fires - devnet");
    // The worst comes first.
    expect(await page.getByRole("row").nth(1).textContent()).toContain("mirror-0");
    await link.click();
    await page.getByRole("heading", { name: "Diagnosis" }).waitFor();
    expect(page.url()).toBe(`${world.base}/runbooks/NodeDown`);
    expect(await page.getByText("It fires now for mirror-0.").isVisible()).toBe(true);
    expect(await page.getByRole("row", { name: /Must hold for 20 s/ }).isVisible()).toBe(true);
    await world.alert("NodeDown", { node: "mirror-0" }, over());
    await page.getByText("It does not fire now.").waitFor({ timeout: 30_000 });
    await page.goto(`${world.base}/`);
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    await page.locator("summary").click();
    expect(await page.getByText("NodeDown of mirror-0").isVisible()).toBe(false);
    await page.waitForResponse((response) => response.url() === `${world.base}/`);
    await page.waitForResponse((response) => response.url() === `${world.base}/`);
    expect(await page.getByText("NodeDown of mirror-0").isVisible()).toBe(false);
  }, 60_000);

  it("shows hostile text of nodes and alerts as text", async () => {
    world.say("rpc-1", { version: HOSTILE });
    await world.alert("Odd", { node: "rpc-1", severity: "info" }, { annotations: { summary: HOSTILE } });
    const page = await open("/");
    await rowOf(page, "rpc-1").getByText("<script>").waitFor();
    expect(await page.locator(".alerts").getByText("<script>").isVisible()).toBe(true);
    expect(await page.evaluate('[typeof window.hacked, document.querySelectorAll("img").length]')).toEqual([
      "undefined",
      0,
    ]);
    world.say("rpc-1", { version: "0.38.19" });
    await world.alert("Odd", { node: "rpc-1", severity: "info" }, { annotations: { summary: "over" }, ...over() });
    await page.getByRole("heading", { name: "All is well" }).waitFor();
  }, 60_000);

  it("says in words and with reasons what is wrong with a node, and names it in the chart", async () => {
    world.say("rpc-2", { behind: 40, syncing: true });
    const page = await open("/");
    await rowOf(page, "rpc-2").getByText("Catching up", { exact: true }).waitFor();
    expect(await rowOf(page, "rpc-2").textContent()).toMatch(/4\d blocks behind.*BEHIND.*taken out/s);
    await page.getByRole("heading", { name: "1 node is not ready" }).waitFor();
    await page.locator(".legend").getByRole("link", { name: "rpc-2" }).waitFor({ timeout: 30_000 });
    world.say("rpc-2", { behind: 0, syncing: false });
    await page.getByRole("heading", { name: "All is well" }).waitFor();
  }, 60_000);

  it.each(["/", "/runbooks", "/runbooks/MetricsContractBroken", "/runbooks/NodeDwn"])(
    "%s fits a phone of 360 pixels",
    async (where) => {
      await world.alert("NodeStalled", { node: "validators-2" }, { ...over(), startsAt: "2026-01-01T00:00:00Z" });
      world.say("rpc-1", { version: "0.38.19-a-very-long-version-with-a-commit-0123456789abcdef0123456789abcdef" });
      const watched = await openPage(browser, `${world.base}${where}`, PHONE);
      expect(await overflow(watched.page)).toBe(0);
      expect(await watched.page.getByRole("heading", { level: 1 }).isVisible()).toBe(true);
      if (where === "/") {
        const row = watched.page.getByRole("row").filter({ hasText: "rpc-0" });
        expect(await row.getByText("Ready").isVisible()).toBe(true);
        expect((await row.boundingBox())?.height).toBeLessThan(200);
      }
      await watched.close();
      // The browser tells of the 404 that was asked for.
      expect(watched.complaints.filter((c) => !c.includes("404"))).toEqual([]);
      world.say("rpc-1", { version: "0.38.19" });
    },
    60_000,
  );

  it.each([768, 830, 1040])("keeps figures on one line at %d pixels", async (width) => {
    world.say("rpc-2", { behind: 40, syncing: true });
    const page = await open("/", { viewport: { width, height: 900 } });
    await rowOf(page, "rpc-2").getByText("Catching up", { exact: true }).waitFor();
    expect(await overflow(page)).toBe(0);
    const heights = await page.evaluate<number[]>(
      `[...document.querySelectorAll("tbody td.n")].map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length;
      })`,
    );
    expect(Math.max(...heights)).toBe(1);
  });

  it("marks the node that a link leads to", async () => {
    const page = await open("/#rpc-1");
    const ground = (node: string) =>
      page.evaluate<string>(`getComputedStyle(document.getElementById("${node}")).backgroundColor`);
    expect(await ground("rpc-1")).not.toBe(await ground("rpc-0"));
    await page.waitForResponse((response) => response.url() === `${world.base}/`);
    expect(await ground("rpc-1")).not.toBe(await ground("rpc-0"));
  });

  it("is dark where the person likes it dark", async () => {
    const ground = async (colorScheme: "dark" | "light") => {
      const page = await open("/", { colorScheme });
      return page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    };
    expect(await ground("light")).toBe("rgb(245, 246, 248)");
    expect(await ground("dark")).toBe("rgb(13, 17, 23)");
  });

  it("works without JavaScript", async () => {
    const page = await open("/", { javaScriptEnabled: false });
    expect(await page.getByRole("heading", { name: "All is well" }).isVisible()).toBe(true);
    expect(await page.getByRole("row").count()).toBe(NODES.length + 1);
    expect(await page.locator("noscript meta[http-equiv=refresh]").count()).toBe(1);
  });

  if (shooting) {
    it("is shown in the docs", async () => {
      // Long enough for lines that say something.
      await new Promise((resolve) => setTimeout(resolve, 120_000));
      world.say("mirror-0", { silent: true });
      world.say("rpc-2", { behind: 25, syncing: true, version: "0.38.17" });
      await new Promise((resolve) => setTimeout(resolve, 40_000));
      const alerts = [
        ["RpcProbeFailing", { node: "mirror-0" }, "mirror-0 of private answers nothing useful", {}],
        ["NodeSyncLag", { node: "rpc-2", severity: "warning" }, "rpc-2 of private is behind", {}],
        ["NoPeers", { node: "rpc-1" }, "rpc-1 of private has no peers", over()],
      ] as const;
      for (const [name, labels, summary, rest] of alerts) {
        await world.alert(name, labels, { annotations: { summary }, ...rest });
      }
      const wide = await open("/", { viewport: { width: 1040, height: 900 } });
      await wide.screenshot({ path: path.join(IMAGES, "status-page.png"), fullPage: true });
      const phone = await open("/", PHONE);
      const clip = { x: 0, y: 0, width: 360, height: 1340 };
      await phone.screenshot({ path: path.join(IMAGES, "status-page-phone.png"), fullPage: true, clip });
    }, 300_000);
  }

  it("says that what it shows is old when the agent is gone", async () => {
    const watched = await openPage(browser, `${world.base}/`);
    await watched.page.getByRole("heading", { name: "All is well" }).waitFor();
    await world.agent.stop();
    await watched.page.getByRole("alert").getByText("The agent does not answer since").waitFor();
    expect(await watched.page.getByText("7 of 7 nodes ready").isVisible()).toBe(true);
    await watched.close();
  }, 60_000);
});
