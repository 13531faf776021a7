import { askPoints, type VaultOptions, vaultPlace } from "../agent/vault";
import type { Context } from "../context";
import { EXIT } from "../errors";
import { pointsText } from "../render/points";

/** Recovery points of a cluster. Exit code: 0 there is one that was opened, 1 there is none, 3 no answer. */
export async function points(options: VaultOptions, context: Context): Promise<number> {
  const place = await vaultPlace(options);
  const { status, vault } = place;
  const { time } = status;
  const list = await askPoints(place);
  if (options.json) {
    context.out(JSON.stringify({ schemaVersion: 1, vault: vault.name, time, points: list }, undefined, 2));
  } else if (list.length === 0) {
    context.out(`Vault ${vault.name} holds no point of ${status.cluster}. Take one with: npx chainkeep backup`);
  } else {
    context.out(pointsText(list, time, context.style));
  }
  const proven = list.some((p) => p.bad === null && p.verified !== null && !["exists", "intact"].includes(p.verified));
  return proven ? EXIT.ok : EXIT.problem;
}
