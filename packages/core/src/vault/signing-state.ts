/**
 * Height up to which a validator has signed, from the text of its signing state (`priv_validator_state.json` of CometBFT).
 *
 * @returns Nothing for a text that tells none: torn, or of another form.
 */
export function signedHeightOf(text: string): number | undefined {
  try {
    const { height } = JSON.parse(text) as { height?: unknown };
    const value = typeof height === "string" && /^\d{1,15}$/.test(height) ? Number(height) : height;
    return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
