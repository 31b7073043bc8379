import { describe, expect, test } from '@jest/globals';
import { AF_INET } from 'bsd-sockets';
import fc from 'fast-check';
import { encodeInetRequest } from '../../lib/doctor/kernel/inet-diag.js';
import { ask, encodeAttribute, encodeRequest, findAttribute, type Part } from '../../lib/doctor/kernel/netlink.js';
import { openSockets } from '../support/peers.js';
import { thrownBy } from '../support/sockets.js';
import { answer, attribute, DONE, ERROR, ints, LITTLE, message, SOCKET } from './netlink-messages.js';

const bodyOf = ({ bytes, start, end }: Part): string => Buffer.from(bytes.subarray(start, end)).toString('latin1');
const text = (characters: string): Buffer => Buffer.from(characters);
const END = message(DONE, ints(0));
const A = message(SOCKET, text('first'));
const B = message(SOCKET, text('second'));

describe('an answer', () => {
  test('is read to its end', () => {
    expect(answer(Buffer.concat([A, B, END, A]), bodyOf)).toEqual({ items: ['first', 'second'], done: true });
  });

  test('goes on in the next buffer where no end has come', () => {
    expect(answer(Buffer.concat([A, B]), bodyOf)).toEqual({ items: ['first', 'second'], done: false });
  });

  test('may have messages that are not understood: they are passed over', () => {
    const strange = Buffer.concat([message(99, text('strange')), A]);
    expect(answer(strange, bodyOf).items).toEqual(['first']);
    expect(answer(Buffer.concat([A, B]), (body) => (bodyOf(body) === 'first' ? undefined : 2)).items).toEqual([2]);
  });

  test.each([
    ['NLMSG_ERROR', ERROR],
    ['NLMSG_DONE', DONE],
  ])('that ends with an errno in %s is that error', (_, type) => {
    expect(thrownBy(() => answer(message(type, ints(-22)), bodyOf))).toMatchObject({
      code: 'EINVAL',
      syscall: 'sock_diag',
    });
  });

  test('that is cut anywhere gives what is whole, and no error', () => {
    const whole = Buffer.concat([B, B]);
    for (let length = 0; length <= whole.length; length++) {
      const unpadded = 22; // the last message's padding need not be there
      const full = Math.trunc((length + B.length - unpadded) / B.length);
      expect(answer(whole.subarray(0, length), bodyOf).items).toHaveLength(full);
    }
  });

  test('of any bytes at all ends, with items inside the bytes or with a SocketError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, behindAHeader) => {
        const given = behindAHeader ? message(SOCKET, bytes) : bytes;
        try {
          for (const { start, end } of answer(given, (body) => body).items) {
            expect(start).toBeLessThanOrEqual(end);
            expect(end).toBeLessThanOrEqual(given.length);
          }
        } catch (error) {
          expect(error).toHaveProperty('syscall', 'sock_diag');
        }
      }),
    );
  });
});

describe('an attribute', () => {
  const find = (bytes: Uint8Array, type: number): string | undefined => {
    const [found] = answer(message(SOCKET, bytes), (body) => findAttribute(body, body.start, type)).items;
    return found && bodyOf(found);
  };

  test('is found among others, whatever their lengths', () => {
    const all = Buffer.concat([attribute(8, text('a')), attribute(11, text('bcdef')), attribute(0, text(''))]);
    expect([8, 11, 0, 3].map((type) => find(all, type))).toEqual(['a', 'bcdef', '', undefined]);
  });

  test('that claims more than is there is none, and neither is what follows one of no length', () => {
    expect(find(Buffer.from(LITTLE ? [9, 0, 8, 0, 1] : [0, 9, 0, 8, 1]), 8)).toBeUndefined();
    expect(find(Buffer.concat([Buffer.alloc(4), attribute(8, text('a'))]), 8)).toBeUndefined();
  });

  test('of any bytes at all is inside them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 0, max: 3 }), (bytes, type) => {
        const found = find(bytes, type);
        expect(found?.length ?? 0).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

test('a request is as long as it says, with an attribute and without', () => {
  for (const bytes of [encodeRequest(text('body')), encodeRequest(text('body'), encodeAttribute(1, text('four')))]) {
    expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, LITTLE)).toBe(bytes.length);
  }
});

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';

onLinux(`asking for what the kernel has no list of is an error, and leaves nothing open${only}`, () => {
  const before = openSockets();
  expect(thrownBy(() => ask(encodeInetRequest('tcp', 250), bodyOf)).code).toBe('EINVAL'); // no such family
  expect(thrownBy(() => ask(encodeInetRequest('tcp', AF_INET).subarray(0, 20), bodyOf)).code).not.toBe('');
  expect(openSockets()).toEqual(before);
});
