import { type AgentAddress, chosenAgents } from "../agent/discover";
import { askStatus } from "../agent/status";
import { CliError, EXIT } from "../errors";
import { checkedStack, findProject } from "../project/project";

export interface ClusterOptions {
  readonly stack: string;
  readonly cluster?: string;
  readonly agent?: string;
}

/** A cluster's monitoring, as its agent tells where it is. */
export interface MonitoringPlace {
  readonly agent: AgentAddress;
  readonly cluster: string;
  readonly network: string;
  readonly stack: string;
  readonly nodes: readonly string[];
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
}

/** Monitoring of every chosen cluster that has some. */
export async function monitoringPlaces(options: ClusterOptions): Promise<MonitoringPlace[]> {
  const agents = await chosenAgents(findProject, { ...options, stack: checkedStack(options.stack) });
  const places = await Promise.all(agents.map(placeOf));
  const found = places.filter((place) => place !== undefined);
  if (found.length > 0) return found;
  const names = agents.map(({ cluster, url }) => cluster ?? url).join(", ");
  throw new CliError(
    `${names} has no monitoring; turn it on with monitoring: { receivers: ... } and deploy`,
    "NO_MONITORING",
    EXIT.usage,
  );
}

async function placeOf(agent: AgentAddress): Promise<MonitoringPlace | undefined> {
  const { status } = await askStatus(agent);
  const { cluster, network, stack, nodes, prometheusUrl, alertmanagerUrl } = status;
  if (prometheusUrl === undefined || alertmanagerUrl === undefined) return undefined;
  return { agent, cluster, network, stack, nodes: nodes.map((n) => n.name), prometheusUrl, alertmanagerUrl };
}

/** The one cluster that a command changes something of. */
export async function onePlace(options: ClusterOptions): Promise<MonitoringPlace> {
  const places = await monitoringPlaces(options);
  const [place] = places;
  if (place && places.length === 1) return place;
  const names = places.map((p) => p.cluster).join(", ");
  throw new CliError(`this stack has several clusters; name one with --cluster: ${names}`, "MANY_CLUSTERS", EXIT.usage);
}
