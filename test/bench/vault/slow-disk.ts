import { existsSync, mkdirSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const CONTROLLER = "/sys/fs/cgroup/blkio";

/**
 * Lets this process, and all that it starts, read from the disk no faster than that: as a store on a network or on a disk of a cloud does.
 *
 * @returns takes it back
 */
export function limitReads(mebibytesPerSecond: number): () => void {
  if (!existsSync(path.join(CONTROLLER, "tasks"))) {
    throw new Error(`--read-mib: there is no ${CONTROLLER} (cgroup v1); measure without it`);
  }
  const { dev } = statSync(tmpdir());
  const device = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
  const group = path.join(CONTROLLER, `chainkeep-bench-${process.pid}`);
  mkdirSync(group);
  const undo = () => {
    writeFileSync(path.join(CONTROLLER, "cgroup.procs"), String(process.pid));
    try {
      rmdirSync(group);
    } catch {
      // A process that it has started still ends: an empty group costs nothing.
    }
  };
  try {
    writeFileSync(path.join(group, "blkio.throttle.read_bps_device"), `${device} ${mebibytesPerSecond * 2 ** 20}`);
    writeFileSync(path.join(group, "cgroup.procs"), String(process.pid));
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}
