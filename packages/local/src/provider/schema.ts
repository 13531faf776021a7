/** Pulumi's description of this package, for `pulumi package get-schema` and for other languages. */
export function packageSchema(version: string): object {
  return {
    name: "chainkeep-local",
    displayName: "Chainkeep (this machine)",
    version,
    description: "Supervised processes and their files on this machine",
    license: "Apache-2.0",
    types: { "chainkeep-local:index:File": FILE },
    resources: {
      "chainkeep-local:index:Supervisor": SUPERVISOR,
      "chainkeep-local:index:FileSet": FILE_SET,
      "chainkeep-local:index:Process": PROCESS,
    },
  };
}

const text = (description: string) => ({ type: "string", description });
const whole = (description: string) => ({ type: "integer", description });
const flag = (description: string) => ({ type: "boolean", description });
const texts = (description: string) => ({ type: "array", items: { type: "string" }, description });
const files = (description: string) => ({
  type: "object",
  additionalProperties: { $ref: "#/types/chainkeep-local:index:File" },
  description,
});

const FILE = {
  type: "object",
  properties: {
    content: text("Text of the file"),
    mode: text('Permissions as octal text, e.g. "0600"'),
    createOnly: flag("Written once and left to the program from then on"),
  },
  required: ["content"],
};

function resource(description: string, inputs: object, outputs: object, requiredInputs: string[]) {
  const required = [...requiredInputs, ...Object.keys(outputs)];
  return { description, inputProperties: inputs, requiredInputs, properties: { ...inputs, ...outputs }, required };
}

const SUPERVISOR = resource(
  "A daemon that keeps processes running on this machine",
  {
    stateDir: text("Directory of the supervisor's files and logs"),
    binary: text("Path of process-compose"),
  },
  {
    socket: text("Path of the unix socket that answers the supervisor's API"),
    supervisorId: text("Mark of the supervisor's processes"),
    attachCommand: text("Command line that opens the terminal interface"),
  },
  ["stateDir", "binary"],
);

const FILE_SET = resource(
  "Files of one directory, and the guard of the data that grows beside them",
  {
    directory: text("The directory"),
    stateDir: text("Directory below which `directory` must lie"),
    files: files("Files by their path"),
    secretFiles: { ...files("Files by their path, whose text is secret"), secret: true },
    identity: text("What the data beside the files belongs to"),
    purgeData: flag("Deletes the whole directory when the set is deleted"),
  },
  { digest: text("Digest of all contents except createOnly ones") },
  ["directory"],
);

const PROCESS = resource(
  "One process under a supervisor",
  {
    supervisor: text("supervisorId of the supervisor"),
    stateDir: text("stateDir of the supervisor"),
    name: text("Name of the process, unique under its supervisor"),
    command: texts("Executable and arguments"),
    env: { type: "object", additionalProperties: { type: "string" }, description: "Environment variables" },
    workingDir: text("Working directory"),
    argsFile: text("File whose words are appended to the arguments"),
    prepare: { type: "array", items: texts("A command"), description: "Commands that run before each start" },
    bootstrap: {
      type: "array",
      items: texts("A command"),
      description: "Commands that run before those; a change of them alone restarts nobody",
    },
    stopSignal: text("SIGTERM or SIGINT"),
    graceSeconds: whole("Seconds from the stop signal to SIGKILL"),
    restartDigest: text("Text whose change restarts the process"),
    reloadDigest: text("Text whose change sends reloadSignal"),
    reloadSignal: text("SIGHUP, SIGUSR1 or SIGUSR2"),
    backoffSeconds: whole("Seconds between an exit and the next start"),
    ports: { type: "array", items: { type: "integer" }, description: "TCP ports that the process takes" },
  },
  { logFile: text("File that receives what the process prints") },
  ["supervisor", "stateDir", "name", "command", "workingDir"],
);
