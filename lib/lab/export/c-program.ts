/** A session as a program in C: C99, Linux and macOS. Pure. */
import type { SessionCall } from '../session.js';
import type { Step } from '../steps.js';
import { inOrder } from './in-order.js';
import { labelOf, variablesOf, type Variable } from './variables.js';

const nameOf = (step: Step, on: string): string => `${step.actor}_${on}`;
const asC = ({ actor, name }: Variable): string => `${actor}_${name}`;

/** The program; it prints a line for each call. */
export function cProgram(calls: readonly SessionCall[], port: number): string {
  const variables = variablesOf(calls);
  const lines = inOrder(calls).flatMap(({ call: { called }, hasReturned }) =>
    hasReturned ? linesOf(called.step, variables) : [`/* ${labelOf(called.step)} never returned. */`],
  );
  const body = [
    ...variables.map((variable) => `int ${asC(variable)} = -1;`),
    ...(variables.length === 0 ? [] : ['']),
    ...START(port),
    '',
    ...lines,
    '',
    ...variables.map((variable) => `leave(&${asC(variable)});`),
    'return 0;',
  ];
  return `${HEAD}
int main(int argc, char **argv) {
${body.map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}
}
`;
}

const HEAD = `/*
 * What was done in \`bsd-sockets lab\`, by two processes there, one after the other.
 *
 *     cc lab.c -o lab && ./lab [PORT]
 */
#define _DEFAULT_SOURCE /* SO_REUSEPORT, also with -std=c99 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in address;
static char buffer[4096];

/* Prints what a call gave: ok, or what perror(3) would say. */
static int say(const char *call, int result) {
    printf("%s: %s\\n", call, result < 0 ? strerror(errno) : "ok");
    return result;
}

/* The same of a call that gives a number of bytes, and of recv what they are. */
static void say_bytes(const char *call, long result, const char *text) {
    if (result < 0) {
        say(call, -1);
        return;
    }
    printf("%s: %ld bytes", call, result);
    if (text != NULL && result > 0) {
        printf(": ");
        fwrite(text, 1, (size_t)result, stdout);
    }
    printf("\\n");
}

/* The end of a process closes what it has open. */
static void leave(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}
`;

const START = (port: number): string[] => [
  `address.sin_family = AF_INET;`,
  `address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);`,
  `address.sin_port = htons((unsigned short)(argc > 1 ? atoi(argv[1]) : ${String(port)}));`,
  `signal(SIGPIPE, SIG_IGN); /* then send says EPIPE */`,
  `(void)say;`,
  `(void)say_bytes;`,
  `(void)leave;`,
  `(void)buffer;`,
];

function linesOf(step: Step, variables: readonly Variable[]): string[] {
  const label = JSON.stringify(labelOf(step));
  if (step.call === 'restart')
    return [
      ...variables.filter(({ actor }) => actor === step.actor).map((variable) => `leave(&${asC(variable)});`),
      `say(${label}, 0);`,
    ];
  const fd = nameOf(step, step.on);
  switch (step.call) {
    case 'socket':
      return [`${fd} = say(${label}, socket(AF_INET, SOCK_STREAM, 0));`];
    case 'setsockopt': {
      const isLinger = step.option === 'SO_LINGER';
      const value = isLinger ? `(struct linger){ ${String(step.value)}, 0 }` : `(int){ ${String(step.value)} }`;
      const size = `sizeof(${isLinger ? 'struct linger' : 'int'})`;
      return [`say(${label}, setsockopt(${fd}, SOL_SOCKET, ${step.option}, &${value}, ${size}));`];
    }
    case 'bind':
    case 'connect':
      return [`say(${label}, ${step.call}(${fd}, (struct sockaddr *)&address, sizeof address));`];
    case 'listen':
      return [`say(${label}, listen(${fd}, ${String(step.backlog)}));`];
    case 'accept':
      return [`${nameOf(step, step.as)} = say(${label}, accept(${fd}, NULL, NULL));`];
    case 'send': {
      const size = String(Buffer.byteLength(step.text));
      return [`say_bytes(${label}, send(${fd}, ${quotedInC(step.text)}, ${size}, 0), NULL);`];
    }
    case 'recv':
      return [`say_bytes(${label}, recv(${fd}, buffer, ${String(step.size)}, 0), buffer);`];
    case 'shutdown':
      return [`say(${label}, shutdown(${fd}, ${step.how}));`];
    case 'close':
      return [`say(${label}, close(${fd}));`, `${fd} = -1;`];
  }
}

/** A string of C: what cannot be seen is told by its bytes, and ?? would be half a trigraph. */
function quotedInC(text: string): string {
  const octal = (character: string): string =>
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  const inner = text
    .replace(/["\\?]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replace(/[\p{C}\p{Z}]/gu, (character) => (character === ' ' ? ' ' : octal(character)));
  return `"${inner}"`;
}
