// Quantities, addresses and bytes as people read them.

const attoFil = 10n ** 18n;

/** An amount of attoFIL, as FIL without trailing zeros; small ones in attoFIL. */
export function fil(quantity) {
  const amount = BigInt(quantity ?? 0);
  if (amount !== 0n && amount < 10n ** 9n) return `${grouped(amount)} attoFIL`;
  const rest = (amount % attoFil).toString().padStart(18, "0").replace(/0+$/, "");
  return `${grouped(amount / attoFil)}${rest ? `.${rest}` : ""} FIL`;
}

/** The attoFIL of an amount in FIL that a user typed; throws where it is none. */
export function parseFil(text) {
  const match = /^(\d+)(?:\.(\d{1,18}))?$/.exec(text.trim());
  if (!match) throw new Error("an amount such as 10 or 0.5 is needed");
  return BigInt(match[1]) * attoFil + BigInt((match[2] ?? "").padEnd(18, "0"));
}

export const grouped = number => BigInt(number ?? 0).toString().replace(/\B(?=(\d{3})+$)/g, " ");
export const short = hex => hex && hex.length > 20 ? `${hex.slice(0, 10)}…${hex.slice(-6)}` : hex ?? "";
export const hex = number => `0x${BigInt(number).toString(16)}`;
export const byteLength = data => data ? (data.length - 2) / 2 : 0;

/** The time of a block, in UTC. */
export const time = seconds => new Date(Number(seconds) * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");

export const isAddress = text => /^0x[0-9a-fA-F]{40}$/.test(text);
export const isHash = text => /^0x[0-9a-fA-F]{64}$/.test(text);

/** The actor ID of a masked address (0xff, eleven zero bytes, eight bytes); null for others. */
export const maskedId = address => /^0xff0{22}[0-9a-fA-F]{16}$/i.test(address ?? "") ? BigInt(`0x${address.slice(24)}`) : null;

/** A cut of long data, with its length. */
export function data(value, most = 4096) {
  if (!value || value === "0x") return "none";
  const length = byteLength(value);
  return 2 * length > most ? `${value.slice(0, most)}… (${grouped(length)} bytes)` : value;
}
