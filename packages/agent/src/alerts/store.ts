import type { StatusAlert } from "@chainkeep/core";
import type { ReceivedAlert } from "./webhook";

const MAX_ALERTS = 500;
const KEEP_RESOLVED_SECONDS = 3600;
/** A firing alert is sent again every few hours at the latest; one that is not was resolved while nobody listened. */
const FORGET_FIRING_SECONDS = 12 * 3600;

interface Entry {
  readonly alert: ReceivedAlert;
  readonly receivedAt: number;
}

/** Alerts that fire, and those that were resolved within the last hour. Kept in memory only: Alertmanager sends them again. */
export class AlertStore {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly now: () => number = Date.now) {}

  receive(alerts: readonly ReceivedAlert[]): void {
    const receivedAt = this.now() / 1000;
    for (const alert of alerts) {
      const end = alert.state === "resolved" ? { endsAt: alert.endsAt ?? Math.round(receivedAt) } : {};
      this.entries.set(alert.key, { alert: { ...alert, ...end }, receivedAt });
    }
    this.prune();
  }

  /** Firing ones first, the newest first. */
  list(): StatusAlert[] {
    this.prune();
    return this.sorted().map(({ alert: { key: _, ...alert } }) => alert);
  }

  private prune(): void {
    const now = this.now() / 1000;
    for (const [key, { alert, receivedAt }] of this.entries) {
      const over = alert.state === "resolved" && now - (alert.endsAt ?? receivedAt) > KEEP_RESOLVED_SECONDS;
      if (over || now - receivedAt > FORGET_FIRING_SECONDS) this.entries.delete(key);
    }
    for (const { alert } of this.sorted().slice(MAX_ALERTS)) this.entries.delete(alert.key);
  }

  private sorted(): Entry[] {
    const rank = ({ alert }: Entry) => (alert.state === "firing" ? 0 : 1);
    const time = ({ alert }: Entry) => alert.endsAt ?? alert.startsAt;
    return [...this.entries.values()].sort((a, b) => rank(a) - rank(b) || time(b) - time(a));
  }
}
