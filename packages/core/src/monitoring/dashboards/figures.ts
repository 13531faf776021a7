import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { COLOURS, type LineOf, stepsOf } from "./lines";
import type { Figure, Mood } from "./model";

/** Words for values. */
export function mappingsOf({ meanings = [] }: Pick<Figure, "meanings">): sdk.ValueMapping[] {
  return meanings.map(({ value, from, text, mood }, index): sdk.ValueMapping => {
    const result = { ...(text === undefined ? {} : { text }), color: COLOURS[mood], index };
    if (value !== undefined) return { type: sdk.MappingType.ValueToText, options: { [String(value)]: result } };
    return { type: sdk.MappingType.RangeToText, options: { from: from ?? null, to: null, result } };
  });
}

/** Moods of texts. */
export function textMappings(moods: Readonly<Record<string, Mood>>): sdk.ValueMapping[] {
  const options = Object.entries(moods).map(([text, mood], index) => [text, { text, color: COLOURS[mood], index }]);
  return [{ type: sdk.MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** The lines of the alerts. `fine` is the colour on their good side. */
export function thresholdsOf({ limits = [] }: Figure, lineOf: LineOf, fine: string): sdk.ThresholdsConfigBuilder {
  const lines = limits.flatMap((limit) => lineOf(limit) ?? []);
  return new sdk.ThresholdsConfigBuilder().mode(sdk.ThresholdsMode.Absolute).steps(stepsOf(lines, fine));
}
