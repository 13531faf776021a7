import { Client, type Dispatcher } from "undici";

export interface PoolSettings {
  /** Sockets per origin. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** How long an idle connection is kept. The other side's own word, if it gives one, wins. 0: one request per connection. */
  readonly keepAliveMs: number;
}

/** A handler that may have lost interest before its turn comes. */
export interface Asker extends Dispatcher.DispatchHandler {
  isOver(): boolean;
}

/** What a question is put to. */
export interface Door {
  dispatch(options: Dispatcher.DispatchOptions, asker: Asker): void;
}

/** One pool of kept-alive connections per origin, closed when nobody needs the origin any more. */
export class Pools {
  private readonly pools = new Map<string, Lanes>();

  constructor(private settings: PoolSettings) {}

  of(origin: string): Door {
    const known = this.pools.get(origin);
    if (known) return known;
    const pool = new Lanes(origin, this.settings);
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
      pool.retire();
    }
  }

  /** Begins anew with every origin, after a fault that may have left connections in an unknown state. */
  renew(): void {
    for (const pool of this.pools.values()) pool.retire();
    this.pools.clear();
  }

  async destroy(): Promise<void> {
    const all = [...this.pools.values()];
    this.pools.clear();
    await Promise.allSettled(all.map((pool) => pool.destroy()));
  }
}

const RETIRE_MS = 60_000;

interface Lane {
  readonly client: Client;
  busy: boolean;
}

interface Turn {
  readonly options: Dispatcher.DispatchOptions;
  readonly asker: Asker;
}

/**
 * Connections to one origin with a common queue. The library's own pool keeps questions that nobody waits for any more, and
 * takes 16 KiB per origin for its queue, which a thousand nodes feel.
 */
class Lanes implements Door {
  private readonly lanes: Lane[] = [];
  private queue: Turn[] = [];

  constructor(
    private readonly origin: string,
    private readonly settings: PoolSettings,
  ) {}

  dispatch(options: Dispatcher.DispatchOptions, asker: Asker): void {
    const lane = this.free();
    if (lane) this.run(lane, { options, asker });
    else {
      // All wait about equally long: those who have given up are in front.
      while (this.queue[0]?.asker.isOver()) this.queue.shift();
      this.queue.push({ options, asker });
    }
  }

  /** Closes when everybody who has come this way is through: an asking of several rounds may still come back. */
  retire(): void {
    const close = () => Promise.allSettled(this.lanes.map(({ client }) => client.close()));
    setTimeout(close, RETIRE_MS).unref();
  }

  async destroy(): Promise<void> {
    this.queue = [];
    await Promise.allSettled(this.lanes.map(({ client }) => client.destroy()));
  }

  private free(): Lane | undefined {
    const free = this.lanes.find((lane) => !lane.busy);
    if (free || this.lanes.length >= this.settings.connections) return free;
    const lane = { client: new Client(this.origin, clientOptions(this.settings)), busy: false };
    this.lanes.push(lane);
    return lane;
  }

  private run(lane: Lane, { options, asker }: Turn): void {
    lane.busy = true;
    let over = false;
    const done = () => {
      if (over) return;
      over = true;
      // Not at once: the client may not be put a question while it tells that the one before has failed.
      queueMicrotask(() => {
        lane.busy = false;
        this.next(lane);
      });
    };
    try {
      lane.client.dispatch(options, announcing(asker, done));
    } catch (error) {
      done();
      throw error;
    }
  }

  private next(lane: Lane): void {
    for (let turn = this.queue.shift(); turn; turn = this.queue.shift()) {
      if (turn.asker.isOver()) continue;
      try {
        this.run(lane, turn);
      } catch (error) {
        turn.asker.onResponseError?.(NO_CONTROLLER, error as Error);
        continue;
      }
      return;
    }
  }
}

/** The same handler, with a word to `done` when it is over. */
function announcing(asker: Asker, done: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => asker.onRequestStart?.(controller, context),
    onResponseStart: (...args) => asker.onResponseStart?.(...args),
    onResponseData: (...args) => asker.onResponseData?.(...args),
    onResponseEnd: (...args) => {
      asker.onResponseEnd?.(...args);
      done();
    },
    onResponseError: (...args) => {
      asker.onResponseError?.(...args);
      done();
    },
  };
}

/** For a question that never reached the client. */
const NO_CONTROLLER: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => {},
  pause: () => {},
  resume: () => {},
};

function clientOptions({ connectTimeoutMs, keepAliveMs }: PoolSettings) {
  return {
    pipelining: keepAliveMs === 0 ? 0 : 1,
    keepAliveTimeout: Math.max(1, keepAliveMs),
    connect: { timeout: connectTimeoutMs },
  };
}
