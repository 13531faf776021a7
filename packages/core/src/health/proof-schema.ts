import { z } from "zod";

/** Shape of `proof` in a health probe, around the shape that requests have there. */
export function proofSchema<T extends z.ZodType>(request: T) {
  return z.strictObject({
    block: z.strictObject({ request, hash: z.string().max(1000), state: z.string().max(1000).optional() }),
    genesis: z.strictObject({ request, hash: z.string().max(1000) }).optional(),
  });
}
