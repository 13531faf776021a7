import { fixtureText } from "../../scripts/record-metrics/trim";
import { parseExposition } from "./metrics/exposition";

const HEADING = { program: "toy", version: "1.2.3", recorded: "2026-11-25", how: "alone" };
const body = (...scrapes: readonly string[]) =>
  fixtureText(HEADING, scrapes)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "));

describe("a recording", () => {
  it("says what it is of, and how it came about", () => {
    expect(fixtureText(HEADING, ["# TYPE a gauge\na 5\n"]).split("\n").slice(0, 5)).toEqual([
      "# program: toy",
      "# version: 1.2.3",
      "# recorded: 2026-11-25",
      "# by: npm run record:metrics toy",
      "# how: alone",
    ]);
  });

  it("is the same whatever the values and their order were", () => {
    const one = '# TYPE b counter\nb 5\n# TYPE a gauge\na{x="2"} 7\na{x="1"} 8\n';
    const other = '# TYPE a gauge\na{x="1"} 1\na{x="2"} NaN\n# TYPE b counter\nb 9e+10\n';
    expect(fixtureText(HEADING, [one])).toBe(fixtureText(HEADING, [other]));
    expect(body(one)).toEqual(['a{x="1"} 1', 'a{x="2"} 1', "b 1"]);
  });

  it("puts several scrapes together, each series once", () => {
    expect(body("# TYPE a gauge\na 1\n", "# TYPE a gauge\na 2\n# TYPE c gauge\nc 3\n")).toEqual(["a 1", "c 1"]);
  });

  it("keeps the first buckets and the last", () => {
    const bucket = (le: string) => `h_bucket{le="${le}"} 1\n`;
    const scrape = `# TYPE h histogram\n${["0.1", "0.5", "1", "5", "+Inf"].map(bucket).join("")}h_sum 1\nh_count 1\n`;
    expect(body(scrape).filter((line) => line.startsWith("h_bucket"))).toHaveLength(3);
    expect(body(scrape)).toContain('h_bucket{le="+Inf"} 1');
    expect(fixtureText(HEADING, [scrape]).match(/# TYPE/g)).toHaveLength(1);
  });

  it("keeps few of many label sets, and none that shows nothing new", () => {
    const many = Array.from({ length: 100 }, (_, i) => `a{peer="${i}",kind="${i % 2}"} 1\n`).join("");
    const kept = body(`# TYPE a gauge\n${many}`);
    expect(kept.length).toBeLessThanOrEqual(16);
    expect(kept.join()).toMatch(/kind="0".*kind="1"/);
  });

  it("leaves places and ports of this machine out", () => {
    const scrape = '# TYPE a gauge\na{file="/tmp/chainkeep-1/rules.yml;group",at="http://127.0.0.1:40123/x"} 1\n';
    expect(body(scrape)).toEqual(['a{file="/data;group",at="http://127.0.0.1:1/x"} 1']);
  });

  it("leaves out what the program's own rule says, and refuses to grow", () => {
    const leaveOut = (name: string) => name === "secret";
    expect(fixtureText(HEADING, ["# TYPE secret gauge\nsecret 1\n"], { leaveOut })).not.toContain("secret");
    const huge = Array.from({ length: 9000 }, (_, i) => `# TYPE some_rather_long_name_${i} gauge\n`).join("");
    expect(() => fixtureText(HEADING, [huge])).toThrow(/toy: \d+ bytes are too many/);
  });
});

describe("the text format", () => {
  it("is read with all its oddities", () => {
    // geth writes a space before the labels; others a comma behind the last one, and times.
    const { samples, types } = parseExposition(
      '# HELP a it has "quotes"\n# TYPE a summary\na {quantile="0.5"} 1\nb{x="a\\"b,{}\\n",y="",} -Inf 1700000000000\n\nc NaN\n',
    );
    expect(types.get("a")).toBe("summary");
    expect(samples).toEqual([
      { name: "a", labels: { quantile: "0.5" }, value: "1" },
      { name: "b", labels: { x: 'a"b,{}\n', y: "" }, value: "-Inf" },
      { name: "c", labels: {}, value: "NaN" },
    ]);
  });

  it.each(["a{x=1} 1", 'a{x="1" 1', "a", 'a{x="1"}', "<html>"])("refuses %s with its line", (line) => {
    expect(() => parseExposition(`ok 1\n${line}\n`)).toThrow(`line 2 is no sample: ${line}`);
  });
});
