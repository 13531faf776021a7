import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fileSetHandler } from "./file-set-resource";
import { type Raw, secret } from "./wire";

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "chainkeep-files-"));
  directory = path.join(root, "node");
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const at = (name: string) => path.join(directory, name);
const read = (name: string) => readFileSync(at(name), "utf8");
const mode = (name: string) => (statSync(at(name)).mode & 0o777).toString(8);
const filesLeft = () =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();

/** As the engine does it: inputs are checked before anything else sees them. */
async function checked(inputs: Raw): Promise<Raw> {
  const result = await fileSetHandler.check({}, { directory, ...inputs });
  if (result.failures?.length) throw new Error(result.failures.map((failure) => failure.reason).join("\n"));
  return result.inputs;
}

const create = async (inputs: Raw): Promise<Raw> => (await fileSetHandler.create(await checked(inputs))).outs;
const update = async (olds: Raw, inputs: Raw): Promise<Raw> =>
  (await fileSetHandler.update(directory, olds, await checked(inputs))).outs;
const changes = async (olds: Raw, inputs: Raw) => (await fileSetHandler.diff(olds, await checked(inputs))).changes;
const refreshed = async (props: Raw): Promise<Raw> => (await fileSetHandler.read(directory, props)).props;

const CONFIG = { files: { "config/app.toml": { content: "a = 1\n" } } };

describe("files", () => {
  test("are written with their permissions, secret ones for the owner alone", async () => {
    const outs = await create({ ...CONFIG, secretFiles: secret({ "config/key": { content: "geheim" } }) });
    expect(read("config/app.toml")).toBe("a = 1\n");
    expect([mode("config/app.toml"), mode("config/key"), mode("config"), mode("")]).toEqual([
      "644",
      "600",
      "700",
      "700",
    ]);
    expect(JSON.stringify(outs)).not.toContain("geheim");
    expect(await changes(outs, { ...CONFIG, secretFiles: secret({ "config/key": { content: "geheim" } }) })).toBe(
      false,
    );
  });

  test("that change are rewritten, and those that are dropped go with their empty directories", async () => {
    const outs = await create({ files: { "a/b/c": { content: "1" }, d: { content: "1" } } });
    const next = { files: { d: { content: "2" } } };
    expect(await changes(outs, next)).toBe(true);
    expect(await changes(await update(outs, next), next)).toBe(false);
    expect(read("d")).toBe("2");
    expect(existsSync(at("a"))).toBe(false);
  });

  test("that somebody changed, removed or opened to others are seen and put back", async () => {
    const inputs = { files: { a: { content: "1" }, b: { content: "2" }, c: { content: "3", mode: "0600" } } };
    const outs = await create(inputs);
    writeFileSync(at("a"), "other");
    rmSync(at("b"));
    chmodSync(at("c"), 0o644);
    const seen = await refreshed(outs);
    expect(await changes(seen, inputs)).toBe(true);
    const after = await update(seen, inputs);
    expect([read("a"), read("b"), mode("c")]).toEqual(["1", "2", "600"]);
    expect(await changes(await refreshed(after), inputs)).toBe(false);
  });

  test("are gone when none is left", async () => {
    const outs = await create(CONFIG);
    rmSync(at("config/app.toml"));
    expect(await fileSetHandler.read(directory, outs)).toEqual({ id: "", props: {} });
  });

  test("are not written through a symbolic link that leads out of the directory", async () => {
    mkdirSync(directory);
    mkdirSync(path.join(root, "elsewhere"));
    symlinkSync(path.join(root, "elsewhere"), at("config"));
    await expect(create(CONFIG)).rejects.toThrow(/config: leads to .*elsewhere, outside of .*\[PATH_OUTSIDE\]/);
    expect(readdirSync(path.join(root, "elsewhere"))).toEqual([]);
  });

  test("whose place is taken are all told of", async () => {
    writeFileSync(directory, "");
    await expect(create(CONFIG)).rejects.toThrow(/PATH_TAKEN/);
  });
});

describe("a file that is written once", () => {
  const inputs = { files: { "state.json": { content: "{}", createOnly: true }, conf: { content: "x" } } };

  test("is the program's from then on", async () => {
    const outs = await create(inputs);
    writeFileSync(at("state.json"), '{"height":5}');
    const seen = await refreshed(outs);
    expect(await changes(seen, inputs)).toBe(false);
    const other = {
      files: { ...inputs.files, "state.json": { content: '{"new":1}', createOnly: true }, conf: { content: "y" } },
    };
    await update(seen, other);
    expect(read("state.json")).toBe('{"height":5}');
  });

  test("is not made again when the program has removed it", async () => {
    const outs = await create(inputs);
    rmSync(at("state.json"));
    await update(outs, { files: { ...inputs.files, conf: { content: "y" } } });
    expect(existsSync(at("state.json"))).toBe(false);
  });

  test("stays after a delete if the program has changed it, and is found again by the next create", async () => {
    const outs = await create(inputs);
    writeFileSync(at("state.json"), '{"height":5}');
    await fileSetHandler.delete(outs);
    expect(filesLeft()).toEqual(["state.json"]);
    await create(inputs);
    expect(read("state.json")).toBe('{"height":5}');
  });

  test("goes with a delete if it says nothing new", async () => {
    await fileSetHandler.delete(await create(inputs));
    expect(existsSync(directory)).toBe(false);
  });
});

describe("the identity", () => {
  const withIdentity = (identity: string) => ({ ...CONFIG, identity });

  test("of existing data guards it, in previews too, and says what to do", async () => {
    await create(withIdentity("one"));
    writeFileSync(at("blocks.db"), "");
    await expect(checked(withIdentity("two"))).rejects.toThrow(
      /identity: got identity "two", but .*node holds data of "one" \(blocks\.db\); keep the old seed .*\[IDENTITY_CONFLICT\]/,
    );
  });

  test("is looked at again at the moment of writing", async () => {
    const inputs = await checked(withIdentity("two"));
    const outs = await create(withIdentity("one"));
    writeFileSync(at("blocks.db"), "");
    await expect(fileSetHandler.create(inputs)).rejects.toThrow(/IDENTITY_CONFLICT/);
    await expect(fileSetHandler.update(directory, outs, inputs)).rejects.toThrow(/IDENTITY_CONFLICT/);
  });

  test("outlives a delete as long as the data does", async () => {
    const outs = await create(withIdentity("one"));
    mkdirSync(at("data"));
    writeFileSync(at("data/blocks.db"), "");
    await fileSetHandler.delete(outs);
    expect(filesLeft()).toEqual([".chainkeep-identity", "data/blocks.db"]);
    await expect(checked(withIdentity("two"))).rejects.toThrow(/data\/blocks\.db/);
    await expect(create(withIdentity("one"))).resolves.toBeDefined();
  });

  test("may change as long as there is no data", async () => {
    const outs = await create(withIdentity("one"));
    mkdirSync(at("data"));
    const after = await update(outs, withIdentity("two"));
    await fileSetHandler.delete(after);
    expect(filesLeft()).toEqual([]);
  });

  test("is not asked for when there is none", async () => {
    mkdirSync(directory);
    writeFileSync(at("blocks.db"), "");
    await create(CONFIG);
    await expect(checked(withIdentity("one"))).resolves.toBeDefined();
  });
});

describe("a delete", () => {
  test("keeps data, and with purgeData deletes the whole directory", async () => {
    const inputs = { ...CONFIG, stateDir: root };
    const kept = await create(inputs);
    writeFileSync(at("blocks.db"), "");
    await fileSetHandler.delete(kept);
    expect(filesLeft()).toEqual(["blocks.db"]);
    await fileSetHandler.delete(await create({ ...inputs, purgeData: true }));
    expect(existsSync(directory)).toBe(false);
  });

  test("purges only below a state directory", async () => {
    const outs = await create({ ...CONFIG, purgeData: true });
    await expect(fileSetHandler.delete(outs)).rejects.toThrow(/is not below a state directory .*\[PURGE_REFUSED\]/);
    expect(read("config/app.toml")).toBe("a = 1\n");
    writeFileSync(path.join(root, ".chainkeep-state"), "");
    await fileSetHandler.delete(outs);
    expect(existsSync(directory)).toBe(false);
  });

  test("never purges through a symbolic link", async () => {
    const real = path.join(root, "real");
    mkdirSync(real);
    symlinkSync(real, directory);
    const outs = await create({ ...CONFIG, stateDir: root, purgeData: true });
    await expect(fileSetHandler.delete(outs)).rejects.toThrow(/PURGE_REFUSED/);
    expect(existsSync(path.join(real, "config/app.toml"))).toBe(true);
  });

  test("by the former owner of a renamed set leaves the files to the new one", async () => {
    const inputs = { ...CONFIG, stateDir: root, purgeData: true };
    const former = await create(inputs);
    const present = await create(inputs);
    await fileSetHandler.delete(former);
    expect(read("config/app.toml")).toBe("a = 1\n");
    await fileSetHandler.delete(present);
    expect(existsSync(directory)).toBe(false);
  });

  test("of a directory that is gone is no trouble", async () => {
    const outs = await create(CONFIG);
    rmSync(directory, { recursive: true });
    await expect(fileSetHandler.delete(outs)).resolves.toBeUndefined();
  });
});

test("another directory is a replacement", async () => {
  const outs = await create(CONFIG);
  expect(await fileSetHandler.diff(outs, { ...CONFIG, directory: path.join(root, "b") })).toMatchObject({
    replaces: ["directory"],
  });
});
