import { fakeInventory, inventoryNode } from "../testing/fake-node.fixture";
import { START, Stage, NOWHERE as url } from "../testing/stage.fixture";
import { HeightHistory } from "./heights";

describe("HeightHistory", () => {
  async function stageOf(...names: string[]) {
    const stage = new Stage(await fakeInventory(names.map((name) => inventoryNode(name, url))));
    const history = new HeightHistory(
      () => stage.fleet.state(),
      () => stage.now,
      4,
    );
    const sample = (heights: Readonly<Record<string, number | undefined>>) => {
      for (const [name, height] of Object.entries(heights)) {
        stage.answer(name, height === undefined ? undefined : { height });
      }
      history.record();
      stage.wait(5);
    };
    return { stage, history, sample };
  }

  it("has nothing to tell before the first sample", async () => {
    const { history } = await stageOf("rpc-0");
    expect(history.document()).toEqual({ schemaVersion: 1, times: [], heights: {} });
  });

  it("tells heights with their times, oldest first, and null where a node did not tell", async () => {
    const { history, sample } = await stageOf("rpc-0", "rpc-1");
    sample({ "rpc-0": 100, "rpc-1": 99 });
    sample({ "rpc-0": 101, "rpc-1": undefined });
    expect(history.document()).toEqual({
      schemaVersion: 1,
      times: [START / 1000, START / 1000 + 5],
      heights: { "rpc-0": [100, 101], "rpc-1": [99, null] },
    });
  });

  it("keeps the newest samples only", async () => {
    const { history, sample } = await stageOf("rpc-0");
    for (let height = 100; height < 106; height += 1) sample({ "rpc-0": height });
    const { times, heights } = history.document();
    expect(heights).toEqual({ "rpc-0": [102, 103, 104, 105] });
    expect(times).toEqual([10, 15, 20, 25].map((s) => START / 1000 + s));
  });

  it("forgets nodes that are gone, and knows nothing of new ones before they came", async () => {
    const { stage, history, sample } = await stageOf("rpc-0", "rpc-1");
    sample({ "rpc-0": 100, "rpc-1": 100 });
    stage.inventory = { ...stage.inventory, nodes: [inventoryNode("rpc-0", url), inventoryNode("rpc-2", url)] };
    stage.fleet.update(stage.inventory);
    sample({ "rpc-0": 101, "rpc-2": 90 });
    expect(history.document().heights).toEqual({ "rpc-0": [100, 101], "rpc-2": [null, 90] });
  });
});
