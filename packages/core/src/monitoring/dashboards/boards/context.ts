import type { MonitoringLinks } from "../../links";
import type { AlertParameters, Preset } from "../../types";

/** What a board is made of. */
export interface BoardContext {
  readonly parameters: AlertParameters;
  readonly presets: readonly Preset[];
  readonly links: MonitoringLinks;
}
