/** Virtual machines and their host: vsock(7), <linux/vm_sockets.h>. */
import { known } from './define.js';

// Context ids and ports of an address.
/** Any context: every address of this machine. */
export const VMADDR_CID_ANY = known('VMADDR_CID_ANY');
/** The hypervisor. */
export const VMADDR_CID_HYPERVISOR = known('VMADDR_CID_HYPERVISOR');
/** This machine itself. */
export const VMADDR_CID_LOCAL = known('VMADDR_CID_LOCAL');
/** The host. */
export const VMADDR_CID_HOST = known('VMADDR_CID_HOST');
/** Any port: the kernel chooses. */
export const VMADDR_PORT_ANY = known('VMADDR_PORT_ANY');
/** A flag of an address: by way of the host. */
export const VMADDR_FLAG_TO_HOST = known('VMADDR_FLAG_TO_HOST');
/** A request of ioctl(2) on /dev/vsock: the context id of this machine. */
export const IOCTL_VM_SOCKETS_GET_LOCAL_CID = known('IOCTL_VM_SOCKETS_GET_LOCAL_CID');
/** No version of the protocol. */
export const VM_SOCKETS_INVALID_VERSION = known('VM_SOCKETS_INVALID_VERSION');

// Options, at level AF_VSOCK.
/** The buffer, in bytes: 64 bits. */
export const SO_VM_SOCKETS_BUFFER_SIZE = known('SO_VM_SOCKETS_BUFFER_SIZE');
/** The smallest buffer, in bytes: 64 bits. */
export const SO_VM_SOCKETS_BUFFER_MIN_SIZE = known('SO_VM_SOCKETS_BUFFER_MIN_SIZE');
/** The largest buffer, in bytes: 64 bits. */
export const SO_VM_SOCKETS_BUFFER_MAX_SIZE = known('SO_VM_SOCKETS_BUFFER_MAX_SIZE');
/** The host's id of the peer; only in VMware's VMs. Read only. */
export const SO_VM_SOCKETS_PEER_HOST_VM_ID = known('SO_VM_SOCKETS_PEER_HOST_VM_ID');
/** Is the socket trusted? Only in VMware's VMs. Read only. */
export const SO_VM_SOCKETS_TRUSTED = known('SO_VM_SOCKETS_TRUSTED');
/** How long connect(2) may wait: struct timeval. */
export const SO_VM_SOCKETS_CONNECT_TIMEOUT = known('SO_VM_SOCKETS_CONNECT_TIMEOUT');
/** SO_VM_SOCKETS_CONNECT_TIMEOUT with a struct timeval of C longs. */
export const SO_VM_SOCKETS_CONNECT_TIMEOUT_OLD = known('SO_VM_SOCKETS_CONNECT_TIMEOUT_OLD');
/** SO_VM_SOCKETS_CONNECT_TIMEOUT with 64-bit seconds everywhere. */
export const SO_VM_SOCKETS_CONNECT_TIMEOUT_NEW = known('SO_VM_SOCKETS_CONNECT_TIMEOUT_NEW');
/** Never wait; only for programs in the kernel. */
export const SO_VM_SOCKETS_NONBLOCK_TXRX = known('SO_VM_SOCKETS_NONBLOCK_TXRX');
