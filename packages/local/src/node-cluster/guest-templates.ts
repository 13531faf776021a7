import * as path from "node:path";
import type { DerivedMaterial, FilePlan, GuestPlan, NodePlan } from "@chainkeep/core";
import { type FileMap, fileMap, splitShared, usesShared } from "./render";

/** How a guest is started: without peers, and with those that any node has. */
export type GuestMode = "offline" | "online";
const MODES: readonly GuestMode[] = ["offline", "online"];

/** What derives from the seed, for each way of starting. */
export type GuestMaterial = Readonly<Record<GuestMode, DerivedMaterial>>;

/** Folder of a guest's files below the vault's directory; `layer` undefined for those that its processes share. */
export function templateOf(guest: string, mode: GuestMode, layer: string | undefined): string {
  return path.posix.join("templates", guest, mode, layer ?? "shared");
}

/** Files that are copied over restored data before a client opens it, by their path below the vault's directory. */
export function guestTemplates(guest: GuestPlan, material: GuestMaterial, kind: "open" | "secret"): FileMap {
  return Object.assign({}, ...MODES.map((mode) => templatesOf(guest[mode], mode, material, kind))) as FileMap;
}

function templatesOf(node: NodePlan, mode: GuestMode, material: GuestMaterial, kind: "open" | "secret"): FileMap {
  const derived = node.processes.map((process) => {
    const split = splitShared(material[mode].files[node.name]?.[process.layer]?.[kind] ?? []);
    return {
      layer: process.layer,
      shared: split.shared,
      own: kind === "open" ? [...process.files, ...split.own] : split.own,
    };
  });
  const folders: [string | undefined, readonly FilePlan[]][] = derived.map(({ layer, own }) => [layer, own]);
  if (usesShared(node)) folders.push([undefined, derived.flatMap(({ shared }) => shared)]);
  return Object.assign({}, ...folders.map(([layer, files]) => below(templateOf(node.name, mode, layer), files, kind)));
}

/** Files that a client changes later are its own in a guest, too: what is copied there stays as it was made here. */
function below(folder: string, files: readonly FilePlan[], kind: "open" | "secret"): FileMap {
  const entries = Object.entries(fileMap(files)).map(([name, { createOnly: _, ...file }]) => [
    path.posix.join(folder, name),
    file,
  ]);
  // A folder is there although nothing is in it.
  const kept = kind === "open" ? [[path.posix.join(folder, KEPT), { content: KEPT_TEXT }]] : [];
  return Object.fromEntries([...kept, ...entries]) as FileMap;
}

const KEPT = "chainkeep-guest.txt";
const KEPT_TEXT = "A node that lives as long as a proof of a recovery point. It is wiped afterwards.\n";
