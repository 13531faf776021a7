import { floatingImage, floatingVersion } from "./pinned";

const digest = `sha256:${"ab".repeat(32)}`;

describe("pins", () => {
  it.each(["1.4.2", "v25.2.0", "31.1", "stable2606", "2026-11-24", "0.26.2-beta"])("take version %s", (version) => {
    expect(floatingVersion(version)).toEqual([]);
  });

  it.each(["latest", "stable", "Main", "nightly", "unreleased"])("refuse version %s", (version) => {
    expect(floatingVersion(version)).toHaveLength(1);
  });

  it.each([
    "bitcoin/bitcoin:31.1",
    "ghcr.io/acme/acmed:v1.4.2",
    "registry.example:5000/acme/acmed:v1.4.2",
    `acme/acmed@${digest}`,
    `acme/acmed:latest@${digest}`,
  ])("take image %s", (image) => {
    expect(floatingImage(image)).toEqual([]);
  });

  it.each([
    "bitcoin/bitcoin",
    "bitcoin/bitcoin:",
    "bitcoin/bitcoin:latest",
    "registry.example:5000/acme/acmed",
    "acme/acmed:stable",
    "acme/acmed@sha256:short",
  ])("refuse image %s", (image) => {
    expect(floatingImage(image)).toHaveLength(1);
  });
});
