/** A way to a database that can be shut and opened again, as a network or a restarting database does. */
import { connect, createServer } from 'node:net';

/**
 * @typedef {object} Gate
 * @property {number} port to connect to in place of the real one
 * @property {() => Promise<void>} shut ends all connections and refuses new ones
 * @property {() => Promise<void>} open
 */

/** @param {number} target port on this machine @returns {Promise<Gate>} an open one */
export async function createGate(target) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer(socket => {
    const onward = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ]) {
      sockets.add(from);
      from.on('close', () => sockets.delete(from) && to.destroy());
      // What ends a connection is what this is for.
      from.on('error', () => {});
      from.pipe(to);
    }
  });
  server.unref();
  let port = 0;
  const open = () =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        port = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
        server.off('error', reject);
        resolve(undefined);
      });
    });
  await open();
  return {
    port,
    open: async () => void (await open()),
    shut: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
