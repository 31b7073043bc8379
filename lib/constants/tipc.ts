/** TIPC: AF_TIPC, <linux/tipc.h>. */
import { known } from './define.js';

/** An address: a range of a service. */
export const TIPC_ADDR_NAMESEQ = known('TIPC_ADDR_NAMESEQ');
/** An address: all of a range of a service. */
export const TIPC_ADDR_MCAST = known('TIPC_ADDR_MCAST');
/** An address: an instance of a service. */
export const TIPC_ADDR_NAME = known('TIPC_ADDR_NAME');
/** An address: a socket. */
export const TIPC_ADDR_ID = known('TIPC_ADDR_ID');
/** Known in the zone. */
export const TIPC_ZONE_SCOPE = known('TIPC_ZONE_SCOPE');
/** Known in the cluster. */
export const TIPC_CLUSTER_SCOPE = known('TIPC_CLUSTER_SCOPE');
/** Known on this node. */
export const TIPC_NODE_SCOPE = known('TIPC_NODE_SCOPE');
/** The service that configures. */
export const TIPC_CFG_SRV = known('TIPC_CFG_SRV');
/** The service that tells the topology. */
export const TIPC_TOP_SRV = known('TIPC_TOP_SRV');
/** TIPC_IMPORTANCE: low. */
export const TIPC_LOW_IMPORTANCE = known('TIPC_LOW_IMPORTANCE');
/** TIPC_IMPORTANCE: medium. */
export const TIPC_MEDIUM_IMPORTANCE = known('TIPC_MEDIUM_IMPORTANCE');
/** TIPC_IMPORTANCE: high. */
export const TIPC_HIGH_IMPORTANCE = known('TIPC_HIGH_IMPORTANCE');
/** TIPC_IMPORTANCE: critical. */
export const TIPC_CRITICAL_IMPORTANCE = known('TIPC_CRITICAL_IMPORTANCE');
/** An option at SOL_TIPC: what is dropped last. */
export const TIPC_IMPORTANCE = known('TIPC_IMPORTANCE');
/** An option: this socket's messages may be dropped. */
export const TIPC_SRC_DROPPABLE = known('TIPC_SRC_DROPPABLE');
/** An option: messages that cannot be delivered may be dropped. */
export const TIPC_DEST_DROPPABLE = known('TIPC_DEST_DROPPABLE');
/** An option: how long connect(2) waits, in milliseconds. */
export const TIPC_CONN_TIMEOUT = known('TIPC_CONN_TIMEOUT');
/** A subscription: each port. */
export const TIPC_SUB_PORTS = known('TIPC_SUB_PORTS');
/** A subscription: the first and the last port. */
export const TIPC_SUB_SERVICE = known('TIPC_SUB_SERVICE');
/** A subscription: no more of it. */
export const TIPC_SUB_CANCEL = known('TIPC_SUB_CANCEL');
/** A subscription without an end. */
export const TIPC_WAIT_FOREVER = known('TIPC_WAIT_FOREVER');
/** An event: a service was published. */
export const TIPC_PUBLISHED = known('TIPC_PUBLISHED');
/** An event: a service was withdrawn. */
export const TIPC_WITHDRAWN = known('TIPC_WITHDRAWN');
/** An event: the subscription is over. */
export const TIPC_SUBSCR_TIMEOUT = known('TIPC_SUBSCR_TIMEOUT');
