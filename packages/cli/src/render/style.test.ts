import { wantsColour } from "./style";

describe("wantsColour", () => {
  const terminal = { isTTY: true };
  it.each<[string, boolean, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean]>([
    ["a terminal", true, terminal, {}, true],
    ["no terminal", true, {}, {}, false],
    ["--no-color", false, terminal, {}, false],
    ["NO_COLOR", true, terminal, { NO_COLOR: "1" }, false],
    ["an empty NO_COLOR", true, terminal, { NO_COLOR: "" }, true],
    ["a dumb terminal", true, terminal, { TERM: "dumb" }, false],
  ])("%s", (_what, flag, stream, env, wanted) => {
    expect(wantsColour(flag, stream, env)).toBe(wanted);
  });
});
