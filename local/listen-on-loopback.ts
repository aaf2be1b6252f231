import { Server } from 'node:net';

/**
 * Has servers listen on the loopback address only. To be loaded before the Functions Framework, which listens on every
 * interface and has no option for it: a local function asks for no credentials, so it must not be reached from outside.
 */
const listen = Reflect.get(Server.prototype, 'listen') as (this: Server, ...args: unknown[]) => Server;

function listenOnLoopback(this: Server, ...args: unknown[]): Server {
  const [port, ...rest] = args;
  const anywhere = (typeof port === 'number' || typeof port === 'string') && typeof rest[0] !== 'string';
  return listen.apply(this, anywhere ? [port, '127.0.0.1', ...rest] : args);
}

Server.prototype.listen = listenOnLoopback as typeof Server.prototype.listen;
