/** A server goes on serving while it imports, since the core works beside it. How well is measured by a benchmark. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCounted, demandProducts, ofProducts } from '../../bench/projects.js';
import { WatchedServer } from '../../bench/responsive/watched.js';
import { spentInCore } from '../../bench/responsive/where.js';
import {
  IMPORTED,
  LIVE,
  prepare,
  reviseFile,
  untilLogged,
  writeProducts,
} from '../../bench/responsive/works.js';
import { combinations } from '../support/combinations.js';

const ROWS = 20_000;
/** Of the time of an import, what the server's own thread may spend in the core. */
const LARGEST_SHARE = 0.02;
/** What a second import may leave behind beside the first, in MiB: nothing, but a process is never quite still. */
const MOST_LEFT = 100;

for (const { name, major, database, skip } of await combinations({ majors: ['12'] })) {
  test(`${name}: a server that imports ${ROWS} rows goes on serving`, { skip }, async t => {
    const project = await createCounted({ major, database, content: ofProducts(0) });
    t.after(() => project.destroy());
    await prepare(project);
    const watched = await WatchedServer.start(project, { env: LIVE, profile: true });
    await watched.settle();
    const answers = /** @type {number[]} */ ([]);
    const imported = (/** @type {() => Promise<unknown>} */ edit) =>
      watched.during(async () => {
        const served = serving(watched.server.url);
        await untilLogged(watched.server, IMPORTED, edit);
        answers.push(served.end());
      });
    const first = await imported(() => writeProducts(project, ROWS));
    const second = await imported(() => reviseFile(project));
    assert.ok(
      second.after.rss < first.after.rss + MOST_LEFT,
      `${first.after.rss.toFixed(0)} MiB, then ${second.after.rss.toFixed(0)}`,
    );
    await watched.end();
    for (const [index, span] of [first, second].entries()) {
      assert.ok(Number(answers[index]) > span.seconds, 'it answers more than once a second');
      const ms = await spentInCore(watched.profiled, span);
      assert.ok(ms < span.seconds * 1000 * LARGEST_SHARE, `${ms} of ${span.seconds * 1000} ms`);
    }
    await demandProducts(project, { rows: ROWS, revised: 0 });
  });
}

/** Asks a server again and again. @param {string} url @returns {{end: () => number}} how often it has answered */
function serving(url) {
  let answers = 0;
  let goesOn = true;
  const ask = async () => {
    while (goesOn) {
      if ((await fetch(`${url}/server/ping`)).ok) answers += 1;
      await sleep(20);
    }
  };
  ask().catch(() => {});
  return {
    end() {
      goesOn = false;
      return answers;
    },
  };
}
