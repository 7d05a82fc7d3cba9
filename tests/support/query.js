/** Questions to a project's database, past Directus. */
import { createRequire } from 'node:module';
import { directusCommand } from '../harness/directus.js';

/**
 * @param {import('../harness/project.js').Project} project on PostgreSQL
 * @param {string} sql
 * @returns {Promise<any[]>} rows
 */
export async function query({ major, database }, sql) {
  const { Client } = createRequire(directusCommand(major))('pg');
  const { DB_HOST: host, DB_PORT: port, DB_DATABASE, DB_USER: user, DB_PASSWORD: password } = database.env;
  const client = new Client({ host, port: Number(port), database: DB_DATABASE, user, password });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
