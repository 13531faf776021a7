import { fakeInventory, inventoryNode, until } from "../testing/fake-node.fixture";
import { NOWHERE, Stage } from "../testing/stage.fixture";
import { ServiceEvents } from "./service-events";

describe("ServiceEvents", () => {
  async function stage() {
    const node = (name: string, rest = {}) => inventoryNode(name, NOWHERE, rest);
    const stage = new Stage(
      await fakeInventory([
        node("rpc-0"),
        node("rpc-1"),
        node("archive-0"),
        node("val-0", { kind: "validator", servesRpc: false }),
      ]),
    );
    const events: [string, boolean][] = [];
    const service = new ServiceEvents(stage.inventory, {
      fleet: () => stage.fleet.state(),
      rotation: stage.rotation,
      onEvent: (group, good) => events.push([group, good]),
    });
    const look = () => {
      events.length = 0;
      service.look();
      return Object.fromEntries(events);
    };
    return { stage, service, look };
  }

  it("are good while one node of the group can serve, and say nothing of groups that serve nobody or were not asked", async () => {
    const { stage: at, look } = await stage();
    expect(look()).toEqual({});
    at.answer("rpc-0", {});
    at.answer("val-0", {});
    expect(look()).toEqual({ rpc: true });
    at.answer("archive-0", undefined);
    expect(look()).toEqual({ rpc: true, archive: false });
    at.answer("rpc-1", undefined);
    at.answer("rpc-0", { syncing: true });
    expect(look()).toEqual({ rpc: false, archive: false });
    at.answer("rpc-1", {});
    expect(look()).toEqual({ rpc: true, archive: false });
  });

  it("are bad when the only ready node has just failed a request", async () => {
    const { stage: at, look } = await stage();
    at.answer("rpc-0", {});
    at.rotation.unreachable("rpc-0", "connection refused");
    expect(look()).toEqual({ rpc: false });
  });

  it("come once per interval", async () => {
    const { stage: at } = await stage();
    at.answer("rpc-0", {});
    let count = 0;
    const service = new ServiceEvents(at.inventory, {
      fleet: () => at.fleet.state(),
      rotation: at.rotation,
      onEvent: () => {
        count += 1;
      },
    });
    service.start();
    await until(
      "events",
      () => count,
      (n) => n >= 3,
    );
    service.stop();
  });
});
