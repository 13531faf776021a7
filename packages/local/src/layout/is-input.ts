import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** A text, or a value that will be one: it is not looked into. */
export function isInput(error: (issue: { readonly input?: unknown }) => string) {
  return z.custom<unknown>(isTextOrLater, { error });
}

function isTextOrLater(value: unknown): boolean {
  try {
    return typeof value === "string" || pulumi.Output.isInstance(value) || value instanceof Promise;
  } catch {
    // Objects may refuse to be asked.
    return false;
  }
}
