/** SAE J1939 over CAN: CAN_J1939, <linux/can/j1939.h>. */
import { known, knownStruct } from './define.js';

/** The highest address of one node. */
export const J1939_MAX_UNICAST_ADDR = known('J1939_MAX_UNICAST_ADDR');
/** The address of a node that has none. */
export const J1939_IDLE_ADDR = known('J1939_IDLE_ADDR');
/** No address: everybody. */
export const J1939_NO_ADDR = known('J1939_NO_ADDR');
/** No name. */
export const J1939_NO_NAME = known('J1939_NO_NAME');
/** The parameter group of requests. */
export const J1939_PGN_REQUEST = known('J1939_PGN_REQUEST');
/** The parameter group of claims of an address. */
export const J1939_PGN_ADDRESS_CLAIMED = known('J1939_PGN_ADDRESS_CLAIMED');
/** The parameter group of commanded addresses. */
export const J1939_PGN_ADDRESS_COMMANDED = known('J1939_PGN_ADDRESS_COMMANDED');
/** The highest parameter group with a destination. */
export const J1939_PGN_PDU1_MAX = known('J1939_PGN_PDU1_MAX');
/** The highest parameter group. */
export const J1939_PGN_MAX = known('J1939_PGN_MAX');
/** No parameter group. */
export const J1939_NO_PGN = known('J1939_NO_PGN');
/** Which messages to receive: struct j1939_filter[]. At SOL_CAN_BASE + CAN_J1939, as the next. */
export const SO_J1939_FILTER = knownStruct('SO_J1939_FILTER');
/** Receive the messages for others too. */
export const SO_J1939_PROMISC = known('SO_J1939_PROMISC');
/** The priority of what is sent: 0 to 7, 0 the highest. */
export const SO_J1939_SEND_PRIO = known('SO_J1939_SEND_PRIO');
/** Tell in the error queue what became of a message. */
export const SO_J1939_ERRQUEUE = known('SO_J1939_ERRQUEUE');
/** A control message: the address that it was sent to. */
export const SCM_J1939_DEST_ADDR = known('SCM_J1939_DEST_ADDR');
/** A control message: the name that it was sent to. */
export const SCM_J1939_DEST_NAME = known('SCM_J1939_DEST_NAME');
/** A control message: its priority. */
export const SCM_J1939_PRIO = known('SCM_J1939_PRIO');
/** A control message: what became of a message. */
export const SCM_J1939_ERRQUEUE = known('SCM_J1939_ERRQUEUE');
/** An attribute that fills up. */
export const J1939_NLA_PAD = known('J1939_NLA_PAD');
/** An attribute: how many bytes were acknowledged. */
export const J1939_NLA_BYTES_ACKED = known('J1939_NLA_BYTES_ACKED');
/** Nothing to tell. */
export const J1939_EE_INFO_NONE = known('J1939_EE_INFO_NONE');
/** Sending was aborted. */
export const J1939_EE_INFO_TX_ABORT = known('J1939_EE_INFO_TX_ABORT');
/** How many filters a socket may have. */
export const J1939_FILTER_MAX = known('J1939_FILTER_MAX');
