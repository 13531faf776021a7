export { digestOf } from "./resources/digest";
export { type FileInput, type FileInputs, FileSet, type FileSetInputs } from "./resources/file-set";
export { Process, type ProcessInputs } from "./resources/process";
export { Supervisor, type SupervisorInputs } from "./resources/supervisor";
