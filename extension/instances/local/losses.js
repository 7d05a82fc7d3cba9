/** Counts on the target what a change of its schema would lose or stumble over. */
import { readFailed } from './rows.js';

/**
 * @typedef {import('../../model.js').LossQuestion} LossQuestion
 * @typedef {import('./dialect.js').Dialect} Dialect
 * @typedef {import('./context.js').Knex} Knex a transaction, or a query
 */

/** More digits than any column of numbers has; the bounds of a whole column need not be whole. */
const NUMBER = 'DECIMAL(60, 20)';

/**
 * What is counted, by the kind of the question: rows of a query on the collection.
 *
 * @type {Readonly<Record<LossQuestion['kind'], (rows: Knex, question: any, dialect: Dialect) => Knex>>}
 */
const COUNTED = Object.freeze({
  rows: rows => rows,
  values: (rows, { field }) => rows.whereNotNull(field),
  nulls: (rows, { field }) => rows.whereNull(field),
  longer: (rows, { field, limit }, { characters }) => rows.whereRaw(`${characters} > ?`, [field, limit]),
  outside: (rows, { field, min, max }) =>
    rows.whereRaw(`?? NOT BETWEEN CAST(? AS ${NUMBER}) AND CAST(? AS ${NUMBER})`, [field, min, max]),
  repeats: (rows, { field }) =>
    rows.select(field).whereNotNull(field).groupBy(field).havingRaw('COUNT(*) > 1'),
});

/**
 * @param {{trx: Knex, dialect: Dialect}} session
 * @param {LossQuestion} question
 * @returns {Promise<number>}
 */
export async function countLoss({ trx, dialect }, question) {
  const { kind, collection } = question;
  const counted = COUNTED[kind](trx(collection), question, dialect).as('counted');
  try {
    const { count } = await trx.from(counted).count({ count: '*' }).first();
    return Number(count);
  } catch (error) {
    throw readFailed(collection, error);
  }
}
