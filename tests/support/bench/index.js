/**
 * A Directus extension for tests: `directus bench <file> <name> [input]` calls an exported function of a file
 * with what Directus hands to hooks and the parsed input, and prints its result as one line of JSON. So a
 * test calls any module of the extension inside a real Directus, without a command made for it.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Marks the line of the result among the lines that Directus logs. */
const RESULT = 'bench result: ';

/** @param {any} hooks @param {any} context */
export default function register({ init }, context) {
  init('cli.before', (/** @type {any} */ { program }) => {
    program
      .command('bench <file> <name> [input]')
      .action((/** @type {string} */ file, /** @type {string} */ name, input = 'null') =>
        print(() => call(file, name, JSON.parse(input), context)),
      );
  });
}

/** @param {string} file @param {string} name @param {any} input @param {any} context */
async function call(file, name, input, context) {
  const cases = await import(pathToFileURL(resolve(file)).href);
  return cases[name](context, input);
}

/** @param {() => Promise<any>} act */
async function print(act) {
  /** @type {any} */
  let line;
  try {
    line = { result: (await act()) ?? null };
  } catch (error) {
    const { code, message, path, stack } = /** @type {any} */ (error);
    line = { error: { code, message, path, stack } };
  }
  process.stdout.write(`\n${RESULT}${JSON.stringify(line)}\n`, () => process.exit(0));
}

/**
 * @param {string} stdout of `directus bench`
 * @returns {{result?: any, error?: {code?: string, message: string, path?: string, stack?: string}}}
 */
export function benchResult(stdout) {
  const line = stdout.split('\n').findLast(text => text.startsWith(RESULT));
  if (!line) throw new Error(`directus bench printed no result:\n${stdout}`);
  return JSON.parse(line.slice(RESULT.length));
}
