import { Mounts } from "./mounts";

const LIST = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
23 22 0:20 / /proc rw,nosuid - proc proc rw
30 22 8:17 / /data rw,noatime shared:5 - xfs /dev/sdb1 rw,attr2
31 30 8:33 / /data/chain ro,noatime - ext4 /dev/sdc1 rw
32 22 8:49 / /mnt/two\\040words rw - ext4 /dev/sdd1 ro,norecovery
33 22 8:65 / /over rw - ext4 /dev/sde1 rw
34 22 0:50 / /over ro - tmpfs tmpfs rw
35 22 0:51 / /opt rw shared:7 master:2 propagate_from:1 - overlay overlay rw,lowerdir=/a:/b

torn line`;

describe("Mounts", () => {
  const mounts = Mounts.parse(LIST);

  it.each([
    ["/srv/x", false],
    ["/data/other", false],
    ["/data/chain", true],
    ["/data/chain/geth/chaindata", true],
    // A longer name is no place below.
    ["/data/chains", false],
    ["/mnt/two words/node", true],
    ["/over/x", true],
    ["/opt/x", false],
    ["/", false],
  ])("%s is read-only: %s", (path, readonly) => {
    expect(mounts.isReadonly(path)).toBe(readonly);
  });

  it("knows nothing without a list", async () => {
    expect(Mounts.parse("").isReadonly("/x")).toBeUndefined();
    expect(await Mounts.read("/nonexistent/mountinfo")).toBeUndefined();
  });
});
