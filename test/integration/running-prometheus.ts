import { RunningService } from "./running-service";

/** A real Prometheus in a directory with prometheus.yml; `until` awaits what it has learnt. */
export class RunningPrometheus extends RunningService {
  static start(program: string, directory: string, port: number, flags: readonly string[] = []) {
    const address = `127.0.0.1:${port}`;
    const args = [
      "--config.file=prometheus.yml",
      `--storage.tsdb.path=data-${port}`,
      `--web.listen-address=${address}`,
      ...flags,
    ];
    return new RunningPrometheus({ program, args, directory, address }).ready();
  }

  /** Labels of every series of an instant query. */
  async series(query: string): Promise<Readonly<Record<string, string>>[]> {
    const answer = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data } = (await answer.json()) as { data?: { result: { metric: Record<string, string> }[] } };
    return (data?.result ?? []).map(({ metric }) => metric);
  }
}
