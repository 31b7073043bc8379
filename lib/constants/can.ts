/** Controller Area Network: <linux/can.h>, <linux/can/raw.h>. */
import { known } from './define.js';

// Protocols: the `protocol` of socket(2) with AF_CAN.
/** Raw frames. */
export const CAN_RAW = known('CAN_RAW');
/** The broadcast manager: cyclic frames. */
export const CAN_BCM = known('CAN_BCM');
/** VAG transport 1.6; never implemented. */
export const CAN_TP16 = known('CAN_TP16');
/** VAG transport 2.0; never implemented. */
export const CAN_TP20 = known('CAN_TP20');
/** Bosch MCNet; never implemented. */
export const CAN_MCNET = known('CAN_MCNET');
/** ISO 15765-2. */
export const CAN_ISOTP = known('CAN_ISOTP');
/** SAE J1939. */
export const CAN_J1939 = known('CAN_J1939');

// Options of CAN_RAW, at level SOL_CAN_RAW.
/** Which frames to receive: struct can_filter, any number of them. */
export const CAN_RAW_FILTER = known('CAN_RAW_FILTER');
/** Which error frames to receive: a mask. */
export const CAN_RAW_ERR_FILTER = known('CAN_RAW_ERR_FILTER');
/** Other sockets of this host hear what is sent; on by default. */
export const CAN_RAW_LOOPBACK = known('CAN_RAW_LOOPBACK');
/** Receive what this socket sends. */
export const CAN_RAW_RECV_OWN_MSGS = known('CAN_RAW_RECV_OWN_MSGS');
/** Frames of CAN FD too. */
export const CAN_RAW_FD_FRAMES = known('CAN_RAW_FD_FRAMES');
/** All the filters must match. */
export const CAN_RAW_JOIN_FILTERS = known('CAN_RAW_JOIN_FILTERS');
/** Frames of CAN XL too (Linux 6.2). */
export const CAN_RAW_XL_FRAMES = known('CAN_RAW_XL_FRAMES');
/** How many filters a socket may have. */
export const CAN_RAW_FILTER_MAX = known('CAN_RAW_FILTER_MAX');

// Parts of a frame's identifier.
/** The identifier has 29 bits. */
export const CAN_EFF_FLAG = known('CAN_EFF_FLAG');
/** A request for data. */
export const CAN_RTR_FLAG = known('CAN_RTR_FLAG');
/** An error frame. */
export const CAN_ERR_FLAG = known('CAN_ERR_FLAG');
/** In a filter's identifier: the frames that do not match. */
export const CAN_INV_FILTER = known('CAN_INV_FILTER');
/** The bits of an 11-bit identifier. */
export const CAN_SFF_MASK = known('CAN_SFF_MASK');
/** The bits of a 29-bit identifier. */
export const CAN_EFF_MASK = known('CAN_EFF_MASK');
/** The bits of an error frame that say what happened. */
export const CAN_ERR_MASK = known('CAN_ERR_MASK');
/** The size of struct can_frame, in bytes. */
export const CAN_MTU = known('CAN_MTU');
/** The size of struct canfd_frame, in bytes. */
export const CANFD_MTU = known('CANFD_MTU');
/** The longest data of a frame, in bytes. */
export const CAN_MAX_DLEN = known('CAN_MAX_DLEN');
/** The longest data of a CAN FD frame, in bytes. */
export const CANFD_MAX_DLEN = known('CANFD_MAX_DLEN');
