import { Client, type Dispatcher, Pool } from "undici";

export interface PoolSettings {
  /** Sockets per origin. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** How long an idle connection is kept. The other side's own word, if it gives one, wins. 0: one request per connection. */
  readonly keepAliveMs: number;
}

/** What a question is put to. */
export type Door = Pick<Dispatcher, "dispatch">;

type Closable = Door & { close(): Promise<void>; destroy(): Promise<void> };

/** Up to so many connections need no common queue. */
const MAX_LANES = 4;

/** One pool of kept-alive connections per origin, closed when nobody needs the origin any more. */
export class Pools {
  private readonly pools = new Map<string, Closable>();

  constructor(private settings: PoolSettings) {}

  of(origin: string): Door {
    const known = this.pools.get(origin);
    if (known) return known;
    const { connections } = this.settings;
    const options = clientOptions(this.settings);
    const pool =
      connections <= MAX_LANES ? new Lanes(origin, this.settings) : new Pool(origin, { ...options, connections });
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

/**
 * A few connections, each with a queue of its own. The library's pool keeps 16 KiB per origin for a common queue, which a
 * thousand nodes feel.
 */
class Lanes implements Door {
  private readonly clients: Client[] = [];

  constructor(
    private readonly origin: string,
    private readonly settings: PoolSettings,
  ) {}

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.freest().dispatch(options, handler);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.clients.map((client) => client.close()));
  }

  async destroy(): Promise<void> {
    await Promise.allSettled(this.clients.map((client) => client.destroy()));
  }

  private freest(): Client {
    const free = this.clients.find((client) => client.stats.size === 0);
    if (free) return free;
    if (this.clients.length < this.settings.connections) {
      const client = new Client(this.origin, clientOptions(this.settings));
      this.clients.push(client);
      return client;
    }
    return this.clients.reduce((best, client) => (client.stats.size < best.stats.size ? client : best));
  }
}

function clientOptions({ connectTimeoutMs, keepAliveMs }: PoolSettings) {
  return {
    pipelining: keepAliveMs === 0 ? 0 : 1,
    keepAliveTimeout: Math.max(1, keepAliveMs),
    connect: { timeout: connectTimeoutMs },
  };
}
