import { createServer, type Server } from 'node:net'
import { type HttpPorts, serveConnection } from './connection.ts'

/**
 * As much of HTTP/1.1 as JSON-RPC clients speak: bodies of a stated length, connections that stay open, requests sent
 * ahead. `node:http` costs several times as much for each small answer, most of it for a write of its own: here all
 * answers to what one read brought go out in one write.
 */
export function createHttpServer(ports: HttpPorts): Server {
  // Half-open: a client may say that it asks no more and still read its answers.
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => serveConnection(socket, ports))
}
