import { daemonEnvironment } from "./daemon";

test("processes inherit what programs need, and none of the deployment's secrets", () => {
  const env = {
    PATH: "/bin",
    HOME: "/home/op",
    LC_ALL: "C",
    HTTPS_PROXY: "http://proxy",
    PULUMI_CONFIG_PASSPHRASE: "secret",
    PULUMI_ACCESS_TOKEN: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
    NODE_OPTIONS: "--inspect",
  };
  expect(daemonEnvironment(env)).toEqual({ PATH: "/bin", HOME: "/home/op", LC_ALL: "C", HTTPS_PROXY: "http://proxy" });
});
