import { digestOf } from "../resources/digest";
import { fileSetInputs, fileSetProblems, wantedFiles } from "./file-set-props";
import { secret, UNKNOWN_TEXT } from "./wire";

const file = (content: string) => ({ content });
const found = (more: object) =>
  fileSetProblems({ directory: "/srv/a", ...more }).map((problem) => `${problem.path} ${problem.code}`);

describe("check", () => {
  test("takes paths inside of the directory", () => {
    expect(
      found({ files: { a: file(""), "b/c..d/.e": file("x") }, secretFiles: { key: { ...file("k"), mode: "0400" } } }),
    ).toEqual([]);
  });

  test("refuses every path that is not plainly inside", () => {
    const paths = [
      "/etc/passwd",
      "../x",
      "a/../../x",
      "a/..",
      "",
      "a//b",
      "./a",
      "a/",
      "x\ny",
      ".chainkeep-identity",
      "a/.chainkeep-x",
    ];
    for (const name of paths)
      expect(found({ files: { [name]: file("") } })).toEqual([`files[${JSON.stringify(name)}] PATH_OUTSIDE`]);
  });

  test("refuses a path that two files want, or that is a file and a directory", () => {
    expect(found({ files: { a: file("") }, secretFiles: { a: file("") } })).toEqual(['secretFiles["a"] PATH_CLASH']);
    expect(found({ files: { "a/b": file(""), a: file("") } })).toEqual(['files["a/b"] PATH_CLASH']);
  });

  test("never shows the text of a file, not even one of the wrong type", () => {
    const problems = fileSetProblems({
      directory: "/srv",
      secretFiles: secret({ key: { content: ["geheim"], mode: "rw", more: 1 } }),
    });
    expect(problems.map((problem) => `${problem.path} ${problem.code}`)).toEqual([
      "secretFiles.key.content BAD_TYPE",
      "secretFiles.key.mode BAD_MODE",
      "secretFiles.key.more UNKNOWN_KEY",
    ]);
    expect(JSON.stringify(problems)).not.toContain("geheim");
  });

  test("refuses a directory outside of the state directory", () => {
    expect(found({ stateDir: "/srv/b" })).toEqual(["directory DIRECTORY_OUTSIDE"]);
    expect(found({ stateDir: "/srv/a" })).toEqual(["directory DIRECTORY_OUTSIDE"]);
    expect(found({ stateDir: "/srv" })).toEqual([]);
  });

  test("does not ask about what a preview does not know", () => {
    for (const files of [UNKNOWN_TEXT, { a: UNKNOWN_TEXT }, { a: file(UNKNOWN_TEXT) }])
      expect(found({ files })).toEqual([]);
  });
});

describe("the digest", () => {
  const digest = (inputs: object) => fileSetInputs({ directory: "/srv", ...inputs }).digest;

  test("is known as soon as the files are, and the same that a program computes", () => {
    expect(digest({ files: { a: file("1") } })).toBe(digestOf({ a: file("1") }));
    expect(digest({ files: { a: file(UNKNOWN_TEXT) } })).toBe(UNKNOWN_TEXT);
  });

  test("is secret when it tells of secrets", () => {
    const files = { a: file("1") };
    const secretFiles = { b: file("2") };
    expect(digest({ files, secretFiles: secret(secretFiles) })).toEqual(secret(digestOf(files, secretFiles)));
    expect(digest({ files, secretFiles: secret(UNKNOWN_TEXT) })).toEqual(secret(UNKNOWN_TEXT));
    expect(digest({ files, secretFiles: secret({}) })).toBe(digestOf(files));
  });
});

test("files have the permissions of their group unless they say otherwise", () => {
  const inputs = {
    files: { a: file("1"), b: { ...file("2"), mode: "755" } },
    secretFiles: secret({ c: { ...file("3"), createOnly: true } }),
  };
  expect(wantedFiles(inputs)).toEqual([
    { path: "a", content: "1", mode: "0644", createOnly: false, secret: false },
    { path: "b", content: "2", mode: "0755", createOnly: false, secret: false },
    { path: "c", content: "3", mode: "0600", createOnly: true, secret: true },
  ]);
});
