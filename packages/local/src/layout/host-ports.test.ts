import { hostPortProblems, hostPortsOf } from "./host-ports";

const lines = (args: object | undefined) =>
  hostPortProblems(args as never).map((p) => `${p.path}: ${p.message} [${p.code}]`);

describe("hostPortsOf", () => {
  it("fills in what the user does not say", () => {
    expect(hostPortsOf({ rpc: 30_000 })).toEqual({
      rpc: 30_000,
      agent: 26680,
      prometheus: 26690,
      alertmanager: 26693,
      grafana: 26695,
      nodeExporter: 26691,
      nodesFrom: 20000,
      nodesTo: 25999,
      proof: 26720,
    });
  });

  it("has defaults that do not clash, and no garbage", () => {
    expect(lines(undefined)).toEqual([]);
    for (const garbage of [null, "x", { rpc: "1" }, { rpc: undefined }]) {
      expect(hostPortsOf(garbage as never)).toEqual(hostPortsOf(undefined));
    }
  });
});

describe("hostPortProblems", () => {
  it("tells two services on one port, and a service among the nodes", () => {
    expect(lines({ rpc: 26_700, agent: 26_700, prometheus: 20_000 })).toEqual([
      "hostPorts.agent: got 26700, also used by hostPorts.rpc; choose a free port, e.g. 26701 [PORT_CLASH]",
      "hostPorts.prometheus: got 20000, which lies in the nodes' range 20000 to 25999; choose a port outside of it [PORT_CLASH]",
    ]);
  });

  it("tells a clash with a default", () => {
    expect(lines({ grafana: 26_691 })).toEqual([
      "hostPorts.nodeExporter: got 26691, also used by hostPorts.grafana; choose a free port, e.g. 26692 [PORT_CLASH]",
    ]);
    expect(lines({ alertmanager: 26_690 })).toEqual([
      "hostPorts.alertmanager: got 26690, also used by hostPorts.prometheus; choose a free port, e.g. 26692 [PORT_CLASH]",
    ]);
  });

  it.each([
    [{ nodesFrom: 20_000, nodesTo: 20_014 }, ["got 20014; use at least 20015: a node takes sixteen ports"]],
    [{ nodesFrom: 20_000, nodesTo: 20_015 }, []],
    [{ nodesFrom: 24_000, nodesTo: 22_000 }, ["got 22000; use at least 24015: a node takes sixteen ports"]],
    [{ nodesFrom: 20_000, nodesTo: 26_000 }, []],
  ])("judges the nodes' range %j", (args, expected) => {
    expect(hostPortProblems(args).map((p) => p.message)).toEqual(expected);
  });

  it("looks at the ports of a proof only where points are proven, or somebody chose them", () => {
    const clash = { prometheus: 26_735 };
    expect(lines(clash)).toEqual([]);
    expect(hostPortProblems(clash, true).map((p) => p.message)).toEqual([
      "got 26720: ports 26720 to 26735 overlap with hostPorts.prometheus (26735); choose sixteen free ports, e.g. from 26736",
    ]);
    expect(hostPortProblems(undefined, true)).toEqual([]);
    expect(lines({ proof: 25_990 })).toEqual([
      "hostPorts.proof: got 25990: ports 25990 to 26005 overlap with the nodes' range 20000 to 25999; choose sixteen free ports, e.g. from 26720 [PORT_CLASH]",
    ]);
    expect(lines({ proof: 26_000 })).toEqual([]);
    expect(lines({ proof: 26_642 })).toHaveLength(1);
    expect(lines({ proof: 26_641 })).toEqual([]);
  });

  it("leaves what has no sound shape to the check of shapes", () => {
    expect(lines({ rpc: 1, agent: 1 })).toEqual([]);
    expect(lines({ rpc: "26680" })).toEqual([]);
  });

  it("advises a port that is free, and one that exists", () => {
    expect(lines({ rpc: 65_535, agent: 65_535 })[0]).toContain("choose a free port, e.g. 1024 [");
    expect(lines({ rpc: 19_999, agent: 19_999 })[0]).toContain("choose a free port, e.g. 26000 [");
  });
});
