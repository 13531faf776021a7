import { connect } from "node:net";
import { portIsOpen } from "./failure";

/**
 * Whether a port takes connections, for a process that cannot be asked: a node that is down has no cookie either, and must not
 * look as if it only refused us.
 *
 * @returns Nothing when a fault of this machine kept it from being found out.
 */
export function takesConnections(address: string, timeoutMs: number): Promise<boolean | undefined> {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (open: boolean | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(open);
    };
    const timer = setTimeout(() => done(false), timeoutMs);
    socket.once("connect", () => done(true));
    // Later ones find nobody who listens, and would be thrown.
    socket.on("error", (error) => done(portIsOpen(error).open));
  });
}
