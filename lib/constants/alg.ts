/** Cryptography of the kernel: AF_ALG, <linux/if_alg.h>. Options and control messages at SOL_ALG. */
import { known, knownStruct } from './define.js';

/** The key: bytes. */
export const ALG_SET_KEY = knownStruct('ALG_SET_KEY');
/** A control message: the initialisation vector. */
export const ALG_SET_IV = known('ALG_SET_IV');
/** A control message: ALG_OP_DECRYPT or ALG_OP_ENCRYPT. */
export const ALG_SET_OP = known('ALG_SET_OP');
/** A control message: how many bytes are authenticated only. */
export const ALG_SET_AEAD_ASSOCLEN = known('ALG_SET_AEAD_ASSOCLEN');
/** The length of the tag, in bytes. */
export const ALG_SET_AEAD_AUTHSIZE = known('ALG_SET_AEAD_AUTHSIZE');
/** Entropy for a test of a random generator. */
export const ALG_SET_DRBG_ENTROPY = known('ALG_SET_DRBG_ENTROPY');
/** ALG_SET_OP: decrypt. */
export const ALG_OP_DECRYPT = known('ALG_OP_DECRYPT');
/** ALG_SET_OP: encrypt. */
export const ALG_OP_ENCRYPT = known('ALG_OP_ENCRYPT');
