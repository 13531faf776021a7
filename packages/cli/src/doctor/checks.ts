/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** `fail`: required, missing, and cannot be had. `warn`: works, but somebody should know. */
  readonly status: "ok" | "warn" | "fail";
  /** What was found. */
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
}

const OLDEST_NODE: readonly [number, number] = [20, 19];

export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  const fits = major > oldest || (major === oldest && minor >= oldestMinor);
  const name = "Node.js";
  if (fits) return { name, status: "ok", text: version };
  return { name, status: "fail", text: `${version} is too old`, fix: `install ${OLDEST_NODE.join(".")} or newer` };
}

export function platformCheck(platform: string, arch: string): Check {
  const name = "platform";
  const text = `${platform}-${arch}`;
  if (platform === "linux" || platform === "darwin") return { name, status: "ok", text };
  return { name, status: "fail", text, fix: "use Linux, macOS, or WSL on Windows" };
}

export function programCheck(name: string, version: string | undefined, missing: Omit<Check, "name" | "text">): Check {
  return version === undefined ? { name, text: "not on PATH", ...missing } : { name, status: "ok", text: version };
}

/** What was found out about one of the programs. */
export interface ToolFacts {
  readonly name: string;
  readonly pinned: string;
  /** Everything else works without it. */
  readonly optional: boolean;
  readonly found?: { readonly source: string; readonly version: string | undefined; readonly path: string };
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

export function toolCheck({ name, pinned, optional, found, skipped, open, closed }: ToolFacts): Check {
  const passed = skipped.map(({ path, reason }) => `${path} ${reason}`);
  if (found) {
    const version = found.version ?? "version not told";
    return { name, status: "ok", text: [`${version} (${found.source}) ${found.path}`, ...passed].join("; ") };
  }
  const missing = [`${pinned} is not here yet`, ...passed].join("; ");
  if (open.length > 0) return { name, status: "ok", text: `${missing}; "npm run setup" can ${open.join(" or ")}` };
  if (optional) {
    const fix = `all else works without it; to have it, install it on PATH or allow the download (${closed.join("; ")})`;
    return { name, status: "warn", text: missing, fix };
  }
  const fix = `install it on PATH, allow the download, or install Go (${closed.join("; ")})`;
  return { name, status: "fail", text: missing, fix };
}

const GIB = 1024 ** 3;

/** A first build needs about this much; so does a devnet after some days. */
const WANTED_BYTES = 5 * GIB;
const LEAST_BYTES = GIB / 2;

export function diskCheck(name: string, directory: string, freeBytes: number): Check {
  const text = `${(freeBytes / GIB).toFixed(1)} GiB free in ${directory}`;
  if (freeBytes >= WANTED_BYTES) return { name, status: "ok", text };
  const fix = `free some: builds and chain data want ${WANTED_BYTES / GIB} GiB`;
  return { name, status: freeBytes < LEAST_BYTES ? "fail" : "warn", text, fix };
}

/** `running`: the agent of this stack answers, so its ports are in use by the stack itself. */
export function portsCheck(taken: readonly string[], all: readonly string[], running: boolean): Check {
  const name = "ports";
  if (running) return { name, status: "ok", text: "the stack runs and uses its ports" };
  if (taken.length === 0) return { name, status: "ok", text: `${all.join(", ")} are free` };
  const fix = "stop what listens there, or choose others: pulumi config set --path chainkeep:hostPorts.<name> <port>";
  return { name, status: "warn", text: `in use by something else: ${taken.join(", ")}`, fix };
}
