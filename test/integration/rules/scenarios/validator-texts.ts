import type { Texts } from "../world";

/** Texts of alerts on validators, as people read them. */
export const texts = {
  ValidatorNotSigning: (validator: string, blocks = "", limit = ""): Texts => [
    `validator ${validator} of private signs nothing`,
    `Validator ${validator} on val-0 has signed none of the last ${blocks} blocks (limit ${limit} blocks, block time 1 s).`,
  ],
  ValidatorMissedConsecutive: (validator: string, blocks = ""): Texts => [
    `validator ${validator} of private misses blocks`,
    `Validator ${validator} has missed ${blocks} blocks in a row (limit 5 blocks). Single misses are usual.`,
  ],
  SlashingWindowBudget: (validator: string, used = "", limit = ""): Texts => [
    `validator ${validator} of private is on its way to jail`,
    `Validator ${validator} has used ${used} of the misses that the chain allows in its window (limit ${limit}).`,
  ],
  ValidatorInactive: (validator: string): Texts => [
    `validator ${validator} of private is not in the set`,
    `Validator ${validator} is jailed, unbonding or out of the active set: it signs and earns nothing.`,
  ],
  AttestationMissStreak: (validator: string, misses = ""): Texts => [
    `validator ${validator} of mainnet attests nothing`,
    `Validator ${validator} has missed ${misses} attestations and made none that came into the chain (limit 2 attestations).`,
  ],
};
