import type { BudgetArgs, ClusterPlan, MonitoringArgs as CoreMonitoringArgs } from "@chainkeep/core";
import type { HostPorts } from "../layout/host-ports";
import type { Programs } from "../node-cluster/render";
import type { Supervisor } from "../resources/supervisor";

/** Prometheus, Alertmanager and dashboards of one cluster. Made by `NodeCluster`; there is no need to make one yourself. */
export interface MonitoringArgs {
  /**
   * Plan of the cluster that is watched.
   *
   * @default - required
   */
  plan: ClusterPlan;
  /**
   * Name of the stack, a label of every series.
   *
   * @default - required
   */
  stack: string;
  /**
   * The user's settings.
   *
   * @default - the defaults of each field
   */
  settings?: CoreMonitoringArgs;
  /**
   * What the cluster may cost.
   *
   * @default - none; no alert is held against it
   */
  budget?: BudgetArgs;
  /**
   * Directory of the cluster's files.
   *
   * @default - required
   */
  directory: string;
  /**
   * Ports on this machine.
   *
   * @default - required
   */
  ports: HostPorts;
  /**
   * Programs of this machine.
   *
   * @default - required
   */
  programs: Programs;
  /**
   * Supervisor that runs the processes.
   *
   * @default - required
   */
  supervisor: Supervisor;
}
