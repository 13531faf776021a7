export * from "./deploy";
