import type { SlotTime, ValueSource } from "../health/types";
import { beaconHealth } from "./beacon-health";

/** What Prysm 6.0.4 answered on mainnet before it had peers, shortened. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  "/eth/v1/beacon/headers/head": { data: { root: "0x4d61", header: { message: { slot: "0" } } } },
  "/eth/v1/beacon/headers/finalized": { data: { root: "0x4d61", header: { message: { slot: "0" } } } },
  "/eth/v1/node/syncing": {
    data: { head_slot: "0", sync_distance: "15721980", is_syncing: true, is_optimistic: false, el_offline: true },
  },
  "/eth/v1/node/peer_count": { data: { disconnected: "0", connecting: "0", connected: "0", disconnecting: "0" } },
  "/eth/v1/beacon/genesis": { data: { genesis_time: "1606824023", genesis_validators_root: "0x4b36" } },
  "/eth/v1/config/deposit_contract": { data: { chain_id: "1", address: "0x0000" } },
  "/eth/v1/node/version": { data: { version: "Prysm/Unknown (linux amd64)" } },
};

function valueAt({ from, path }: ValueSource): unknown {
  const answer = ANSWERS[beaconHealth.requests[from]?.get ?? ""];
  return path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], answer);
}

describe("questions to a consensus client", () => {
  it("find every value in what a real client answered", () => {
    const { timestamp, ...plain } = beaconHealth.head;
    expect(Object.fromEntries(Object.entries(plain).map(([name, source]) => [name, valueAt(source)]))).toEqual({
      height: "0",
      hash: "0x4d61",
      syncing: true,
      peers: "0",
      chainId: "1",
      finalizedHeight: "0",
      genesis: "0x4b36",
      version: "Prysm/Unknown (linux amd64)",
    });
    const time = timestamp as SlotTime;
    expect([valueAt(time.slot), valueAt(time.genesisTime), time.secondsPerSlot]).toEqual(["0", "1606824023", 12]);
  });

  it("are not ready without an execution client, and not on its unchecked word", () => {
    expect(beaconHealth.faults?.map(({ value, code }) => [code, valueAt(value), value.as])).toEqual([
      ["EXECUTION_OFFLINE", true, "boolean"],
      ["OPTIMISTIC", false, "boolean"],
    ]);
  });

  it("only read", () => {
    expect(Object.values(beaconHealth.requests).map(({ get, rpc }) => [get?.startsWith("/eth/v1/"), rpc])).toEqual(
      Object.keys(beaconHealth.requests).map(() => [true, undefined]),
    );
  });
});
