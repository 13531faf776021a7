const common = {
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  moduleNameMapper: { "^@chainkeep/([a-z]+)$": "<rootDir>/packages/$1/src/index.ts" },
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "/.chainkeep/"],
  modulePathIgnorePatterns: ["<rootDir>/.*/dist/", "<rootDir>/.chainkeep/"],
  testEnvironment: "node",
};

/** unit: pure and mocked, seconds. integration: real binaries, one process each. e2e: whole stacks. */
module.exports = {
  maxWorkers: 2,
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/packages/*/src/**/*.test.ts", "<rootDir>/test/{contract,types}/**/*.test.ts"],
    },
    { ...common, displayName: "integration", testMatch: ["<rootDir>/test/integration/**/*.test.ts"] },
    { ...common, displayName: "e2e", testMatch: ["<rootDir>/test/e2e/**/*.test.ts"] },
  ],
};
