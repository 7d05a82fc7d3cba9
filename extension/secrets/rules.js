/**
 * What credentials look like. Tokens of providers are recognised by the rules of secretlint, which its authors keep up
 * to date; here stands what those leave out: tokens that need no provider, and fields whose name says what they hold.
 */

/** Packages of rules take a moment to load, so a server pays for them with its first export, one after the other. */
const load = once(async () => {
  const { lintSource } = await import('@secretlint/core');
  const { creator } = await import('@secretlint/secretlint-rule-preset-recommend');
  const config = { rules: [{ id: creator.meta.id, rule: creator }] };
  return (/** @type {string} */ content) =>
    lintSource({
      source: { filePath: 'values.txt', content, ext: '.txt', contentType: 'text' },
      options: { config, maskSecrets: true, noPhysicFilePath: true },
    });
});

/** @type {readonly {kind: string, pattern: RegExp}[]} tokens by their shape */
export const SHAPES = Object.freeze([
  { kind: 'AWS access key id', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { kind: 'Google API key', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { kind: 'Google OAuth token', pattern: /\bya29\.[\w-]{20,}/g },
  { kind: 'JSON Web Token', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g },
  { kind: 'Mapbox secret token', pattern: /\bsk\.eyJ[\w-]{16,}\.[\w-]{16,}/g },
  { kind: 'private key', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g },
  { kind: 'Authorization header', pattern: /\b(?:Bearer|Basic|Token)\s+[\w.~+/-]{12,}=*/gi },
  { kind: 'password in a URL', pattern: /\b[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:[^\s/:@]+@/gi },
]);

/** Names of what is secret, at the end of a name. */
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|secret|token|api[-_ ]?key|(?:access|private|secret|signing|encryption)[-_ ]?key|credentials?|authorization)$/i;

/** A value with fewer characters, or with less in each, is a word and no secret. */
const LEAST_LENGTH = 8;
const LEAST_BITS = 2.8;

/**
 * @param {string} text many values, divided by what is in none
 * @returns {Promise<{kind: string, at: number}[]>} what looks like a credential, and where it begins
 */
export async function credentialsIn(text) {
  const lint = await load();
  const { messages } = await lint(text);
  const known = messages.map(({ messageId, range }) => ({ kind: inWords(messageId), at: range[0] }));
  const shaped = SHAPES.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map(({ index }) => ({ kind, at: index })),
  );
  return [...known, ...shaped];
}

/**
 * @param {string} name of a field, a key or a header
 * @param {string} value
 * @returns {boolean} whether it is named like a secret, and as hard to guess
 */
export function isNamedSecret(name, value) {
  return (
    SECRET_NAME.test(name) && value.length >= LEAST_LENGTH && !/\s/.test(value) && bits(value) >= LEAST_BITS
  );
}

/** @param {string} value @returns {number} Shannon's entropy, in bits per character */
function bits(value) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  const shares = [...counts.values()].map(count => count / value.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}

/** @param {string} messageId such as `GITLAB_PERSONAL_ACCESS_TOKEN` or `IncomingWebhook` @returns {string} */
function inWords(messageId) {
  return messageId
    .replaceAll(/(?<=[a-z])(?=[A-Z])|_/g, ' ')
    .replaceAll(/\b([A-Z])([A-Z]{3,})\b/g, (_, first, rest) => first + rest.toLowerCase());
}

/**
 * @template T
 * @param {() => Promise<T>} make
 * @returns {() => Promise<T>}
 */
function once(make) {
  /** @type {Promise<T> | undefined} */
  let made;
  return () => {
    made ??= make();
    return made;
  };
}
