import { processChange, processInputs, processProblems, processProps, specOf } from "./process-props";
import { failures } from "./resource-handler";
import { secret, UNKNOWN_TEXT } from "./wire";

const GOOD = {
  supervisor: "0123456789abcdef",
  stateDir: "/srv/run",
  name: "rpc-0",
  command: ["/usr/bin/geth", "--http"],
  workingDir: "/srv/run/rpc-0",
};

const found = (more: object) =>
  processProblems({ ...GOOD, ...more }).map((problem) => `${problem.path} ${problem.code}`);

describe("check", () => {
  test("takes what is right", () => {
    const all = {
      env: { A: "1" },
      argsFile: "/srv/args",
      prepare: [["/bin/true", ""]],
      bootstrap: [["/bin/true"]],
      stopSignal: "SIGINT",
      graceSeconds: 300,
      restartDigest: "x",
      reloadDigest: "y",
      reloadSignal: "SIGUSR1",
      backoffSeconds: 5,
      ports: [8545, 8546],
    };
    expect(found(all)).toEqual([]);
  });

  test("tells every problem at once, with its path", () => {
    const bad = {
      name: "../x",
      command: ["geth", 1],
      env: { "1A": "x", CHAINKEEP_PROCESS: "x", B: 2 },
      workingDir: undefined,
      prepare: [[]],
      bootstrap: [["true"]],
      stopSignal: "SIGKILL",
      graceSeconds: 0,
      ports: [8545, 70000, 8545],
      grace: 3,
    };
    expect(found(bad).sort()).toEqual(
      [
        "name BAD_NAME",
        "command[0] PATH_NOT_ABSOLUTE",
        "command[1] BAD_WORD",
        'env["1A"] BAD_ENV_NAME',
        "env.CHAINKEEP_PROCESS ENV_RESERVED",
        "env.B BAD_WORD",
        "workingDir PATH_NOT_ABSOLUTE",
        "prepare[0] BAD_COMMAND",
        "bootstrap[0][0] PATH_NOT_ABSOLUTE",
        "stopSignal BAD_SIGNAL",
        "graceSeconds GRACE_RANGE",
        "ports[1] PORT_RANGE",
        "ports[2] PORT_CLASH",
        "grace UNKNOWN_KEY",
      ].sort(),
    );
  });

  test("says what it got and what to use", () => {
    expect(processProblems({ ...GOOD, graceSeconds: 0 })[0]?.message).toBe("got 0; use a whole number from 1 to 3600");
    expect(processProblems({ ...GOOD, workingDir: undefined })[0]?.message).toBe("missing; give an absolute path");
  });

  test("does not ask about what a preview does not know", () => {
    const unknown = Object.fromEntries(Object.keys(GOOD).map((key) => [key, UNKNOWN_TEXT]));
    expect(processProblems({ ...unknown, ports: [UNKNOWN_TEXT, UNKNOWN_TEXT], env: { A: UNKNOWN_TEXT } })).toEqual([]);
    expect(processInputs(unknown).logFile).toBe(UNKNOWN_TEXT);
  });

  test("fills in the defaults and keeps secrets wrapped", () => {
    expect(processInputs({ ...GOOD, env: { A: secret("x") }, argsFile: null })).toEqual({
      ...GOOD,
      env: { A: secret("x") },
      stopSignal: "SIGTERM",
      graceSeconds: 30,
      backoffSeconds: 1,
      reloadSignal: "SIGHUP",
      logFile: "/srv/run/logs/rpc-0.log",
    });
  });

  test("runs what fetches data before what prepares the start", () => {
    const props = processProps(processInputs({ ...GOOD, bootstrap: [["/bin/fetch"]], prepare: [["/bin/prepare"]] }));
    expect(specOf(props).prepare).toEqual([["/bin/fetch"], ["/bin/prepare"]]);
  });

  test("names a property to the engine only when the engine may print its value", () => {
    const news = { ...GOOD, graceSeconds: 0, name: secret("no name"), command: ["geth"] };
    const told = failures(processProblems(news), news);
    expect(told.map((failure) => failure.property).sort()).toEqual(["", "", "graceSeconds"]);
    expect(told.every((failure) => /: .* \[[A-Z_]+\]$/.test(failure.reason))).toBe(true);
  });
});

describe("a change", () => {
  const olds = processInputs({ ...GOOD, env: { A: "1", B: "2" }, restartDigest: "r", reloadDigest: "l", ports: [1] });
  const change = (more: object) => {
    const { restart, reload } = processChange(olds, { ...olds, ...more });
    return restart ? "restart" : reload ? "reload" : "nothing";
  };

  test("of nothing is none, whatever the order of keys and the wrapping", () => {
    const news = { ...olds, env: { B: secret("2"), A: "1" } };
    expect(processChange(olds, news)).toEqual({ keys: [], restart: false, reload: false });
  });

  test("of what the process was started with restarts it", () => {
    const restarting = [
      { command: ["/usr/bin/geth"] },
      { env: { A: "1" } },
      { workingDir: "/srv" },
      { argsFile: "/srv/args" },
      { prepare: [["/bin/true"]] },
      { stopSignal: "SIGINT" },
      { graceSeconds: 31 },
      { backoffSeconds: 2 },
      { restartDigest: "r2" },
      { restartDigest: "r2", reloadDigest: "l2" },
      { restartDigest: UNKNOWN_TEXT },
    ];
    expect(restarting.map(change)).toEqual(restarting.map(() => "restart"));
  });

  test("of the reload digest alone reloads, and of the rest disturbs nobody", () => {
    expect(change({ reloadDigest: "l2" })).toBe("reload");
    expect(change({ reloadDigest: "l2", ports: [2] })).toBe("reload");
    expect(change({ ports: [2] })).toBe("nothing");
    expect(change({ reloadSignal: "SIGUSR2" })).toBe("nothing");
    expect(change({ bootstrap: [["/bin/true"]] })).toBe("nothing");
  });
});
