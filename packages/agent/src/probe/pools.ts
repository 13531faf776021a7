import { Pool } from "undici";

export interface PoolSettings {
  /** Sockets per origin. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** How long an idle connection is kept. The other side's own word, if it gives one, wins. 0: one request per connection. */
  readonly keepAliveMs: number;
}

/** One pool of kept-alive connections per origin, closed when nobody needs the origin any more. */
export class Pools {
  private readonly pools = new Map<string, Pool>();

  constructor(private settings: PoolSettings) {}

  of(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known) return known;
    const { connections, connectTimeoutMs, keepAliveMs } = this.settings;
    const pool = new Pool(origin, {
      connections,
      pipelining: keepAliveMs === 0 ? 0 : 1,
      keepAliveTimeout: Math.max(1, keepAliveMs),
      connect: { timeout: connectTimeoutMs },
    });
    this.pools.set(origin, pool);
    return pool;
  }

  /** Drops the pools of origins that are no longer there; all of them when the settings have changed. */
  keep(origins: ReadonlySet<string>, settings: PoolSettings): void {
    const same = JSON.stringify(settings) === JSON.stringify(this.settings);
    this.settings = settings;
    for (const [origin, pool] of this.pools) {
      if (same && origins.has(origin)) continue;
      this.pools.delete(origin);
      pool.close().catch(() => {});
    }
  }

  async destroy(): Promise<void> {
    const all = [...this.pools.values()];
    this.pools.clear();
    await Promise.allSettled(all.map((pool) => pool.destroy()));
  }
}
