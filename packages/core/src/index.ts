export * from "./chains/types";
export * from "./cluster/inventory-types";
export * from "./cluster/types";
export * from "./errors/errors";
export * from "./errors/suggest";
export * from "./health/types";
export * from "./health/verdict";
