import { show } from "../errors/errors";

/** Tags and versions that point to something else next week. */
const MOVING =
  /^(?:latest|stable|edge|nightly|main|master|develop|dev|canary|unstable|next|current|lts|release|testing)$/i;

/** Why a version is not pinned; nothing when it is. */
export function floatingVersion(version: string): string[] {
  if (MOVING.test(version)) return [`got ${show(version)}, which moves; use an exact version, e.g. "1.4.2"`];
  return /\d/.test(version) ? [] : [`got ${show(version)}, which has no number; use an exact version, e.g. "1.4.2"`];
}

/** Why an image is not pinned; nothing when it is. A digest pins whatever the tag says. */
export function floatingImage(image: string): string[] {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
  const [, tag] = image.slice(image.lastIndexOf("/") + 1).split(":");
  if (tag === undefined || tag === "")
    return [`got ${show(image)} without a tag, which means latest; add the exact tag`];
  return floatingVersion(tag).length === 0
    ? []
    : [`got ${show(image)}, whose tag moves; use the exact tag or a digest`];
}
