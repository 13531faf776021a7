import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { RecoveryPoint, StatusDocument, StatusPoint, StatusVault } from "@chainkeep/core";
import { askPoints } from "./vault";

const KNOWN = { id: "devnet-1" } as StatusPoint;
const STORED = { id: "devnet-2", verification: { level: "opens", at: 5, bad: null }, processes: [], copies: [] };

describe("the points of a vault", () => {
  let server: Server;
  let answer: { readonly status: number; readonly body: unknown } = { status: 200, body: {} };
  let asked = 0;
  beforeAll(async () => {
    server = createServer((_, response) => {
      asked += 1;
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const points = (pointsAt: number | null, known: readonly StatusPoint[]) =>
    askPoints({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      status: { points: known } as unknown as StatusDocument,
      vault: { pointsAt } as StatusVault,
    });

  it("are those that the agent knows, and the store is not asked again", async () => {
    expect(await points(9, [KNOWN])).toEqual([KNOWN]);
    expect(asked).toBe(0);
  });

  it("are asked for when the agent has just begun: no points known is not no points", async () => {
    answer = { status: 200, body: { points: [STORED as unknown as RecoveryPoint], torn: [] } };
    expect(await points(null, [])).toEqual([expect.objectContaining({ id: "devnet-2", verified: "opens" })]);
  });

  it("are not none when the store does not answer, and what the agent says of it is passed on", async () => {
    answer = { status: 500, body: { error: "the password is wrong [STORE_PASSWORD]", code: "STORE_PASSWORD" } };
    await expect(points(null, [])).rejects.toMatchObject({ message: "the password is wrong", code: "STORE_PASSWORD" });
    answer = { status: 502, body: "who is there?" };
    await expect(points(null, [])).rejects.toMatchObject({ code: "AGENT_UNREACHABLE" });
  });
});
